import * as pulumi from "@pulumi/pulumi";
import type { Json } from "../../plan/program/json";
import { classOf } from "./classes";
import { type SpecResource, withSecrets } from "./spec";

/** How a bare program registers its resources. */
export interface BareOptions {
  /** Whether each has its provider and waits for what it needs, or stands for itself. */
  readonly order: boolean;
}

/** Registers resources by the classes of the SDKs, one after the other, and does nothing else. */
export function registerBare(spec: readonly SpecResource[], { order }: BareOptions): void {
  const made: pulumi.Resource[] = [];
  for (const resource of spec) {
    const { type, name, form, inputs } = resource;
    const opts = order ? optionsOf(resource, made) : {};
    if (form === "component") made.push(new pulumi.ComponentResource(type, name, {}, opts));
    else made.push(new (classOf(type))(name, argumentsOf(inputs), opts));
  }
}

function argumentsOf(inputs: Json): Json {
  return withSecrets(inputs, (value) => pulumi.secret(value)) as Json;
}

function optionsOf({ after, provider, form, importId }: SpecResource, made: readonly pulumi.Resource[]) {
  const own = provider === undefined ? undefined : made[provider];
  const dependsOn = after.flatMap((place) => made[place] ?? []);
  if (!(own instanceof pulumi.ProviderResource)) return { dependsOn };
  // What makes its children itself takes providers for them.
  return form === "remote" ? { dependsOn, providers: [own] } : { dependsOn, provider: own, import: importId };
}
