import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime/mocks";
import { awsState } from "./aws";
import type { Json } from "./json";
import { kubeconfigOf } from "./kubeconfig";

/** Outputs of other stacks, by their full names. */
export type Stacks = Readonly<Record<string, Json>>;

/** What `@pulumi/tls` and `@pulumi/random` compute, by type; the text names the resource, so that a test sees where a value went. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8", "publicKeyPem"],
  "tls:index/certRequest:CertRequest": ["certRequestPem"],
  "tls:index/selfSignedCert:SelfSignedCert": ["certPem", "validityEndTime"],
  "tls:index/locallySignedCert:LocallySignedCert": ["certPem", "validityEndTime"],
  "random:index/randomBytes:RandomBytes": ["base64", "hex"],
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
};

/**
 * What a provider answers. In a preview nothing is computed and nothing has an id yet, as with the real providers.
 */
export function mockResource(args: MockResourceArgs, stacks: Stacks, preview: boolean): MockResourceResult {
  if (args.type === "pulumi:pulumi:StackReference") return stackReference(args, stacks);
  if (args.type === "kubernetes:core/v1:Secret" && args.id) return secretRead(args, preview);
  const keys = preview ? [] : (COMPUTED[args.type] ?? []);
  const computed = keys.map((name) => [name, computedValue(name, args.name)] as const);
  const id = preview && !args.type.startsWith("pulumi:providers:") ? undefined : `${args.name}-id`;
  const state = !preview && args.type.startsWith("aws:") ? awsState(args) : args.inputs;
  return { id, state: { ...state, ...Object.fromEntries(computed) } };
}

/** Private keys and passwords are secrets of the real providers too. */
function computedValue(property: string, resource: string): pulumi.Input<string> {
  const value = `(${property} of ${resource})`;
  return /^private|^(result|base64|hex)$|Hash$/.test(property) ? pulumi.secret(value) : value;
}

/** A Secret that is read and that a controller writes: Cluster API's kubeconfig of a cluster, or the token of an account. */
function secretRead({ id, name, inputs }: MockResourceArgs, preview: boolean): MockResourceResult {
  if (preview) return { id, state: inputs };
  const encoded = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const cluster = /^[^/]+\/(.+)-kubeconfig$/.exec(id ?? "")?.[1];
  const data =
    cluster === undefined
      ? { token: encoded(`(token of ${name})`), "ca.crt": encoded(`(authority of ${name})`) }
      : { value: encoded(kubeconfigOf(cluster)) };
  return { id, state: { ...inputs, data } };
}

function stackReference({ name, inputs }: MockResourceArgs, stacks: Stacks): MockResourceResult {
  const outputs = stacks[name] ?? {};
  const secret = Object.keys(outputs).filter((key) => ["kubeconfigs", "tenancySecrets"].includes(key));
  return { id: name, state: { ...inputs, outputs, secretOutputNames: secret } };
}
