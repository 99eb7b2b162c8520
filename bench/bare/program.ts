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
    const { type, name, form } = resource;
    const opts = order ? optionsOf(resource, made) : {};
    if (form === "component") made.push(new pulumi.ComponentResource(type, name, {}, opts));
    else made.push(new (classOf(type))(name, argumentsOf(resource), opts));
  }
}

function argumentsOf({ type, inputs }: SpecResource): Json {
  const own = type.startsWith("pulumi:providers:") ? decoded(inputs) : inputs;
  return withSecrets(own, (value) => pulumi.secret(value)) as Json;
}

/** What is no text travels to a provider as JSON, and its class writes that again. */
function decoded(inputs: Json): Json {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, name === "kubeconfig" ? value : parsed(value)]),
  );
}

/** A text that is JSON of anything but a text, as what it says. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^([[{].*[\]}]|true|false)$/s.test(value)) return value;
  return JSON.parse(value);
}

function optionsOf({ type, after, provider, form, importId }: SpecResource, made: readonly pulumi.Resource[]) {
  const own = provider === undefined ? undefined : made[provider];
  const dependsOn = after.flatMap((place) => made[place] ?? []);
  if (!(own instanceof pulumi.ProviderResource)) return { dependsOn };
  // A component of another package takes the provider for its children.
  if (form === "remote" && !type.startsWith("kubernetes:")) return { dependsOn, providers: [own] };
  return { dependsOn, provider: own, ...(importId !== undefined && { import: importId }) };
}
