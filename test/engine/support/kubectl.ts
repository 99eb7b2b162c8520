import { run } from "../../../rehearsal/process";
import { theEngine } from "./root";

/** A Kubernetes object, as far as the tests look at it. */
export interface KubeObject {
  readonly kind: string;
  readonly type?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Runs the engine's kubectl; what it prints to either stream is returned. */
export async function kubectl(
  kubeconfig: string,
  ...args: readonly string[]
): Promise<{ ok: boolean; output: string }> {
  const engine = await theEngine();
  const { code, output } = await run(engine.file("kubectl"), ["--kubeconfig", kubeconfig, ...args], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  return { ok: code === 0, output };
}

/** One object; `undefined` where there is none. */
export async function get(kubeconfig: string, kind: string, name: string, namespace?: string) {
  const where = namespace === undefined ? [] : ["--namespace", namespace];
  const { ok, output } = await kubectl(kubeconfig, "get", kind, name, ...where, "-o", "json");
  if (ok) return JSON.parse(output) as KubeObject;
  if (/NotFound/.test(output)) return undefined;
  throw new Error(`kubectl get ${kind} ${name}: ${output}`);
}

/** Every object of a kind, in all namespaces. */
export async function list(kubeconfig: string, kind: string): Promise<KubeObject[]> {
  const { ok, output } = await kubectl(kubeconfig, "get", kind, "--all-namespaces", "-o", "json");
  if (!ok) throw new Error(`kubectl get ${kind}: ${output}`);
  return (JSON.parse(output) as { items: KubeObject[] }).items;
}

/** The values of a Secret in plain text, or those of a ConfigMap. */
export function texts({ kind, data = {} }: KubeObject): Record<string, string> {
  const plain = (value: string) => (kind === "Secret" ? Buffer.from(value, "base64").toString("utf8") : value);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, plain(value)]));
}
