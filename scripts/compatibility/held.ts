import { replacingPaths } from "../../plan/against/force-new";
import { UNKNOWN } from "../../plan/program/graph";
import { isObject, type Json } from "../../plan/program/json";
import { LATE, SECRET } from "./kept";

/** How much is lost with a resource: what is kept on purpose, what can be made again at a cost, or nothing. */
export type Worth = "kept" | "costly" | "nothing";

/** Types whose loss costs more than to make them again, though nobody protects them. */
const COSTLY: readonly RegExp[] = [
  // Everything in it goes with it.
  /^kubernetes:core\/v1:(Namespace|PersistentVolume|PersistentVolumeClaim)$/,
  /^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/,
  /^kubernetes:apps\/v1:StatefulSet$/,
  // To make one anew is to uninstall it first.
  /^kubernetes:helm\.sh\/v3:Release$/,
  /^kubernetes:cluster\.x-k8s\.io\//,
  // Addresses that others admit, and what clusters stand in.
  /^aws:ec2\/(vpc:Vpc|subnet:Subnet|eip:Eip)$/,
  /^aws:(eks\/cluster:Cluster|route53\/zone:Zone|kms\/key:Key|efs\/fileSystem:FileSystem|s3\/bucket:Bucket)$/,
  // What was signed, encrypted or set with it holds no longer.
  /^tls:index\/(privateKey:PrivateKey|selfSignedCert:SelfSignedCert)$/,
  /^random:/,
  /^pulumi:providers:/,
];

/** How much is lost with a resource. */
export function worthOf({ type, protect, retain }: { type: string; protect: boolean; retain: boolean }): Worth {
  if (protect || retain) return "kept";
  return COSTLY.some((pattern) => pattern.test(type)) ? "costly" : "nothing";
}

/** Inputs whose change makes a resource anew, and the inputs at the top that they are within. */
export interface Fixed {
  readonly fixed: Json;
  readonly tops: Readonly<Record<string, string>>;
}

/** Of inputs as they can be read: a secret is an object of one key, a late value {@link UNKNOWN}. */
export function fixedInputs(type: string, inputs: Json): Fixed {
  const paths = replacingPaths(type);
  const named = "only" in paths ? paths.only : Object.keys(inputs).filter((key) => !paths.allBut.includes(key));
  const found = [...new Set(named)].sort().flatMap((path) => {
    const value = valueAt(inputs, path.split("."));
    return value === undefined ? [] : [[path, shown(value)] as const];
  });
  return {
    fixed: Object.fromEntries(found),
    tops: Object.fromEntries(found.map(([path]) => [path, path.split(".")[0] ?? path])),
  };
}

/** What stands at a path; of the items of a list, each. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (value === UNKNOWN || key === undefined) return value;
  if (Array.isArray(value)) {
    const found = value.map((item) => valueAt(item, path)).filter((item) => item !== undefined);
    return found.length === 0 ? undefined : found;
  }
  return isObject(value) ? valueAt(value[key], rest) : undefined;
}

function shown(value: unknown): unknown {
  if (holds(value, isSecret)) return SECRET;
  return holds(value, (one) => one === UNKNOWN) ? LATE : value;
}

function isSecret(value: unknown): boolean {
  return isObject(value) && Object.keys(value).join() === "secret";
}

function holds(value: unknown, what: (one: unknown) => boolean): boolean {
  if (what(value)) return true;
  if (Array.isArray(value)) return value.some((one) => holds(one, what));
  return isObject(value) && Object.values(value).some((one) => holds(one, what));
}
