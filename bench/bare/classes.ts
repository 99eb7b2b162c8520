import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as certManager from "@pulumi/kubernetes-cert-manager";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import type { Json } from "../../plan/program/json";

/** A class of an SDK, as a program calls it. */
export type ResourceClass = new (name: string, args: Json, opts: pulumi.CustomResourceOptions) => pulumi.Resource;

const PACKAGES: Readonly<Record<string, object>> = {
  aws,
  kubernetes,
  "kubernetes-cert-manager": certManager,
  random,
  tls,
};

/**
 * The class that a program makes a resource of this type with; for a kind of Kubernetes that the SDK does not know that
 * is the class of custom resources.
 * @throws Error for a type of no SDK.
 */
export function classOf(type: string): ResourceClass {
  const [pack = "", module = "", name = ""] = type.split(":");
  if (pack === "pulumi" && module === "providers") return found(type, PACKAGES[name], "Provider");
  const sdk = PACKAGES[pack];
  if (pack !== "kubernetes") return found(type, sdk, ...(module.startsWith("index") ? [] : [folder(module)]), name);
  const [group = "", version = ""] = module.split("/");
  return at(sdk, [group.split(".")[0] ?? "", version, name]) ?? found(type, sdk, "apiextensions", "CustomResource");
}

/** Tokens of bridged providers name the file: `ec2/vpc`. */
function folder(module: string): string {
  return module.split("/")[0] ?? "";
}

function found(type: string, sdk: object | undefined, ...path: readonly string[]): ResourceClass {
  const result = at(sdk, path);
  if (result === undefined) throw new Error(`no SDK has a class of ${type}`);
  return result;
}

function at(holder: unknown, path: readonly string[]): ResourceClass | undefined {
  const value = path.reduce<unknown>((inner, key) => {
    return typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined;
  }, holder);
  return isClass(value) ? value : undefined;
}

function isClass(value: unknown): value is ResourceClass {
  return typeof value === "function";
}
