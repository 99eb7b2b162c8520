import { containersOf, namespaceOf, POD_MAKERS, podOf } from "../lib/kubernetes";
import { type Report, type Resource, resourceRule, textList } from "../lib/rule";
import { at, differs, type Fields, isFields, isMissing, isOn, items, text, UNKNOWN } from "../lib/values";

/** What a pod and its containers say of one field of their security contexts; a container's own word counts. */
function eachContainer(resource: Resource, check: (spec: Fields, label: string, pod: Fields) => void): void {
  const pod = podOf(resource);
  if (pod !== undefined) for (const { label, spec } of containersOf(pod)) check(spec, label, pod);
}

function effective(spec: Fields, pod: Fields, field: string): unknown {
  return at(spec, "securityContext", field) ?? at(pod, "securityContext", field);
}

const namespaces = textList("Namespaces in which it may be, as the platform's own agents are.", []);

function isExcepted(resource: Resource, excepted: readonly string[]): boolean {
  const namespace = namespaceOf(resource);
  return namespace === undefined ? excepted.length > 0 : excepted.includes(namespace);
}

export const workloadsNoPrivileged = resourceRule({
  name: "workloads-no-privileged",
  description: "No container is privileged.",
  severity: "critical",
  reason: "a privileged container is root on its node, and through it on every pod there",
  fix: "Remove securityContext.privileged, and add the one capability that is needed.",
  options: { namespaces },
  appliesTo: POD_MAKERS,
  check: (resource, report, options) => {
    if (isExcepted(resource, options.namespaces)) return;
    eachContainer(resource, (spec, label) => {
      if (isOn(at(spec, "securityContext", "privileged"))) report(`${label} is privileged`);
    });
  },
});

export const workloadsNoHostNamespaces = resourceRule({
  name: "workloads-no-host-namespaces",
  description: "No pod shares the network, processes or memory of its node.",
  severity: "high",
  reason: "such a pod passes every network policy by, and sees what others on the node do",
  fix: "Remove hostNetwork, hostPID and hostIPC.",
  options: { namespaces },
  appliesTo: POD_MAKERS,
  check: (resource, report, options) => {
    if (isExcepted(resource, options.namespaces)) return;
    const pod = podOf(resource);
    for (const field of ["hostNetwork", "hostPID", "hostIPC"])
      if (pod !== undefined && isOn(pod[field])) report(`the pod has ${field}`);
  },
});

export const workloadsNoHostPath = resourceRule({
  name: "workloads-no-host-path",
  description: "No pod mounts a folder of its node.",
  severity: "high",
  reason: "files of the node hold the credentials of every pod on it",
  fix: "Use an emptyDir, a PersistentVolumeClaim, or a projected volume.",
  options: { namespaces },
  appliesTo: POD_MAKERS,
  check: (resource, report, options) => {
    if (isExcepted(resource, options.namespaces)) return;
    for (const volume of items(podOf(resource)?.volumes))
      if (isFields(volume) && isFields(volume.hostPath)) report(`volume ${text(volume.name) ?? "?"} is a hostPath`);
  },
});

export const workloadsNoHostPort = resourceRule({
  name: "workloads-no-host-port",
  description: "No container takes a port of its node.",
  severity: "medium",
  reason: "a port of the node is open past Services, gateways and their TLS, and only one pod of a node can have it",
  fix: "Remove hostPort, and put a Service in front.",
  appliesTo: POD_MAKERS,
  check: (resource, report) =>
    eachContainer(resource, (spec, label) => {
      for (const port of items(spec.ports))
        if (isFields(port) && typeof port.hostPort === "number" && port.hostPort > 0) report(`${label} has a hostPort`);
    }),
});

const MAY_BE_ADDED = ["NET_BIND_SERVICE"];

export const workloadsDropCapabilities = resourceRule({
  name: "workloads-drop-capabilities",
  description: "Every container drops all capabilities, and adds back none but those that are allowed.",
  severity: "high",
  reason: "the capabilities that a container has by default let it forge packets and change files of others",
  fix: 'Set securityContext.capabilities to { drop: ["ALL"] }.',
  options: { allowed: textList("Capabilities that may be added back.", MAY_BE_ADDED) },
  appliesTo: POD_MAKERS,
  check: (resource, report, { allowed }) =>
    eachContainer(resource, (spec, label) => {
      const dropped = at(spec, "securityContext", "capabilities", "drop");
      const hidden = dropped === UNKNOWN || (Array.isArray(dropped) && dropped.includes(UNKNOWN));
      if (!hidden && !items(dropped).includes("ALL")) report(`${label} does not drop ALL capabilities`);
      const added = items(at(spec, "securityContext", "capabilities", "add")).filter((one) => typeof one === "string");
      const extra = added.filter((one) => !allowed.includes(one));
      if (extra.length > 0) report(`${label} adds ${extra.join(", ")}`);
    }),
});

export const workloadsNoPrivilegeEscalation = resourceRule({
  name: "workloads-no-privilege-escalation",
  description: "No container may gain more privileges than it starts with.",
  severity: "high",
  reason: "a file with the setuid bit makes a process root again",
  fix: "Set securityContext.allowPrivilegeEscalation to false.",
  appliesTo: POD_MAKERS,
  check: (resource, report) =>
    eachContainer(resource, (spec, label) => {
      if (differs(at(spec, "securityContext", "allowPrivilegeEscalation"), false))
        report(`${label} may escalate its privileges`);
    }),
});

export const workloadsRunAsNonRoot = resourceRule({
  name: "workloads-run-as-non-root",
  description: "No container runs as root.",
  severity: "high",
  reason: "root in a container is root on the node as soon as one flaw of the kernel is found",
  fix: "Set securityContext.runAsNonRoot to true, and runAsUser to a number other than 0.",
  appliesTo: POD_MAKERS,
  check: (resource, report) =>
    eachContainer(resource, (spec, label, pod) => {
      if (effective(spec, pod, "runAsUser") === 0) report(`${label} runs as user 0`);
      else if (differs(effective(spec, pod, "runAsNonRoot"), true)) report(`${label} may run as root`);
    }),
});

export const workloadsSeccomp = resourceRule({
  name: "workloads-seccomp",
  description: "Every container is confined by a seccomp profile.",
  severity: "medium",
  reason: "without a profile a container may make every system call of the kernel",
  fix: 'Set securityContext.seccompProfile to { type: "RuntimeDefault" }.',
  appliesTo: POD_MAKERS,
  check: (resource, report) =>
    eachContainer(resource, (spec, label, pod) => {
      const profile = effective(spec, pod, "seccompProfile");
      const type = profile === UNKNOWN ? UNKNOWN : at(profile, "type");
      if (type !== UNKNOWN && type !== "RuntimeDefault" && type !== "Localhost")
        report(`${label} has no seccomp profile`);
    }),
});

export const workloadsImagePinned = resourceRule({
  name: "workloads-image-pinned",
  description: "Every image has a version or a digest, and none is `latest`.",
  severity: "medium",
  reason: "an image that moves makes two pods of one Deployment differ, and a roll back does nothing",
  fix: "Name the image with the version's tag, better with its digest.",
  appliesTo: POD_MAKERS,
  check: (resource, report) =>
    eachContainer(resource, (spec, label) => {
      const image = spec.image;
      if (image === UNKNOWN) return;
      if (!isPinned(text(image) ?? "")) report(`${label} has an image without a version`);
    }),
});

/** Whether an image has a digest, or a tag that is no moving one. */
export function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return tag !== undefined && !/^(latest|main|master|edge|nightly|stable|dev)$/.test(tag);
}

export const workloadsResources = resourceRule({
  name: "workloads-resources",
  description: "Every container requests CPU and memory, and has a limit of memory.",
  severity: "medium",
  reason: "without requests the scheduler overfills nodes, and without a limit one leak ends its neighbours",
  fix: "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
  appliesTo: POD_MAKERS,
  check: (resource, report) => eachContainer(resource, (spec, label) => check(spec, label, report)),
});

function check(spec: Fields, label: string, report: Report): void {
  const wanted = ["requests.cpu", "requests.memory", "limits.memory"];
  const lacking = wanted.filter((path) => isMissing(at(spec, "resources", ...path.split("."))));
  // What is a limit and no request is a request too.
  const rest = lacking.filter((path) => !path.startsWith("requests.") || isMissing(limitOf(spec, path)));
  if (rest.length > 0) report(`${label} has no ${rest.map((path) => `resources.${path}`).join(", ")}`);
}

function limitOf(spec: Fields, request: string): unknown {
  return at(spec, "resources", "limits", request.slice("requests.".length));
}

export const workloadsNoApiToken = resourceRule({
  name: "workloads-no-api-token",
  description: "A pod that has no account of its own gets no token of the API server.",
  severity: "low",
  reason: "a token that nobody needs is one more to steal",
  fix: "Set automountServiceAccountToken to false, or name the account that the pod works with.",
  appliesTo: POD_MAKERS,
  check: (resource, report) => {
    const pod = podOf(resource);
    if (pod === undefined || !isMissing(pod.serviceAccountName) || !isMissing(pod.serviceAccount)) return;
    if (differs(pod.automountServiceAccountToken, false)) report("the pod gets the token of the default account");
  },
});
