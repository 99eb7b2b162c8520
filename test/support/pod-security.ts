import type { Json } from "./settings";

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** What Pod Security "restricted" has against a pod. Source: Kubernetes, Pod Security Standards. */
export function restrictedProblems(pod: Json): string[] {
  const whole = (pod.securityContext ?? {}) as Json;
  const containers = [...((pod.initContainers ?? []) as Json[]), ...((pod.containers ?? []) as Json[])];
  const volumes = (pod.volumes ?? []) as Json[];
  return [
    ...["hostNetwork", "hostPID", "hostIPC"].filter((key) => pod[key] === true),
    ...volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== "name" && !VOLUMES.includes(key))),
    ...containers.flatMap((container) => containerProblems(container, whole).map((one) => `${container.name}: ${one}`)),
  ];
}

function containerProblems(container: Json, pod: Json): string[] {
  const own = (container.securityContext ?? {}) as Json;
  const { add = [], drop = [] } = (own.capabilities ?? {}) as { add?: readonly string[]; drop?: readonly string[] };
  const profile = ((own.seccompProfile ?? pod.seccompProfile ?? {}) as Json).type;
  const problems: readonly (readonly [problem: string, is: boolean])[] = [
    ["privileged", own.privileged === true],
    ["may gain privileges", own.allowPrivilegeEscalation !== false],
    ["keeps capabilities", !drop.includes("ALL")],
    ["adds capabilities", add.some((one) => one !== "NET_BIND_SERVICE")],
    ["may be root", (own.runAsNonRoot ?? pod.runAsNonRoot) !== true],
    ["is root", (own.runAsUser ?? pod.runAsUser) === 0],
    ["has no seccomp profile", profile !== "RuntimeDefault" && profile !== "Localhost"],
    ["has host ports", ((container.ports ?? []) as Json[]).some(({ hostPort }) => hostPort !== undefined)],
  ];
  return problems.filter(([, is]) => is).map(([problem]) => problem);
}
