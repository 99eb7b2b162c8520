import { cel } from "./cel";

/** A trait: what it is for, and its specification. */
export interface TraitSpec {
  readonly description: string;
  readonly spec: object;
}

/** An object that a trait makes beside those of the component. */
export function made(kind: string, more: object) {
  const name = cel("oc_generate_name(metadata.componentName, trait.instanceName)");
  return { kind, metadata: { name, namespace: cel("metadata.namespace"), labels: cel("metadata.labels") }, ...more };
}
