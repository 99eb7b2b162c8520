import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonScope } from "../contract";
import { BUILD_IMAGES } from "./images";
import { BUILD_NAMESPACE } from "./names";

const NAME = "choreo-builds.openchoreo.dev";

/** Whether a field of an object is there and holds what `test` says of it. */
function holds(object: string, path: readonly string[], test: (value: string) => string): string {
  const fields = path.map((_, index) => `has(${[object, ...path.slice(0, index + 1)].join(".")})`);
  return `(${[...fields, test([object, ...path].join("."))].join(" && ")})`;
}

const isTrue = (object: string, ...path: readonly string[]) => holds(object, path, (value) => value);
const isFalse = (object: string, ...path: readonly string[]) => holds(object, path, (value) => `!${value}`);
const given = (object: string, ...path: readonly string[]) => holds(object, path, () => "true");

/** A field of a container's security context, or else of its pod's, as a condition; neither is `absent`. */
function effective(path: readonly string[], test: (value: string) => string, absent: boolean): string {
  const own = ["securityContext", ...path];
  const ofPod = `(${given("object.spec", ...own)} ? ${holds("object.spec", own, test)} : ${absent})`;
  return `(${given("c", ...own)} ? ${holds("c", own, test)} : ${ofPod})`;
}

const everyContainer = (condition: string) => `variables.containers.all(c, ${condition})`;
const BUILDKIT = `c.image == ${JSON.stringify(BUILD_IMAGES.buildkit)}`;
const buildkitOr = (condition: string) => everyContainer(`${BUILDKIT} || ${condition}`);

const VOLUMES = [
  "configMap",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "csi",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/**
 * Rootless BuildKit needs an unconfined seccomp and AppArmor profile, and to raise its privileges to map users, which only
 * the level `privileged` admits (BuildKit's documentation, docs/rootless.md). Of all that the level admits, this policy
 * leaves just that, and just that image; every other container is held to the level `restricted`.
 * Source of what that is: Kubernetes, Pod Security Standards.
 */
const RULES: readonly (readonly [expression: string, message: string])[] = [
  [
    ["hostNetwork", "hostPID", "hostIPC"].map((field) => `!${isTrue("object.spec", field)}`).join(" && "),
    "builds share no namespace of the node",
  ],
  [
    `!has(object.spec.volumes) || object.spec.volumes.all(v, ${VOLUMES.map((kind) => `has(v.${kind})`).join(" || ")})`,
    "builds mount nothing of the node",
  ],
  [
    everyContainer("!has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0)"),
    "builds listen on no port of the node",
  ],
  [
    `!${given("object.spec", "securityContext", "sysctls")} || size(object.spec.securityContext.sysctls) == 0`,
    "builds set no parameter of the kernel",
  ],
  [
    everyContainer(
      `${effective(["runAsUser"], (user) => `${user} > 0`, false)} || (!${given("c", "securityContext", "runAsUser")} && !${given("object.spec", "securityContext", "runAsUser")} && ${effective(["runAsNonRoot"], (value) => value, false)})`,
    ),
    "builds do not run as root",
  ],
  [everyContainer(`!${isTrue("c", "securityContext", "privileged")}`), "no container of a build is privileged"],
  [
    everyContainer(
      `!${given("c", "securityContext", "capabilities", "add")} || size(c.securityContext.capabilities.add) == 0`,
    ),
    "no container of a build adds capabilities",
  ],
  [
    everyContainer(`!${holds("c", ["securityContext", "procMount"], (value) => `${value} != "Default"`)}`),
    "no container of a build sees all of /proc",
  ],
  [
    buildkitOr(`${isFalse("c", "securityContext", "allowPrivilegeEscalation")}`),
    "only rootless BuildKit raises its privileges",
  ],
  [
    buildkitOr(`${holds("c", ["securityContext", "capabilities", "drop"], (drop) => `"ALL" in ${drop}`)}`),
    "only rootless BuildKit keeps capabilities",
  ],
  [
    buildkitOr(effective(["seccompProfile", "type"], (type) => `${type} in ["RuntimeDefault", "Localhost"]`, false)),
    "only rootless BuildKit runs without a seccomp profile",
  ],
  [
    buildkitOr(effective(["appArmorProfile", "type"], (type) => `${type} != "Unconfined"`, true)),
    "only rootless BuildKit runs without an AppArmor profile",
  ],
  [
    `!${given("object.spec", "securityContext", "seLinuxOptions")} && ${everyContainer(`!${given("c", "securityContext", "seLinuxOptions")}`)}`,
    "builds keep the node's SELinux options",
  ],
  [
    "!has(object.spec.ephemeralContainers) || size(object.spec.ephemeralContainers) == 0",
    "nobody enters a build by a container for debugging",
  ],
];

function policySpec() {
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"] };
  return {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ ...rule, resources: ["pods", "pods/ephemeralcontainers"] }] },
    // A pod that was admitted gets labels and loses finalizers, also after a change of these rules.
    matchConditions: [
      { name: "spec-changes", expression: 'request.operation == "CREATE" || object.spec != oldObject.spec' },
    ],
    variables: [
      {
        name: "containers",
        expression: "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])",
      },
    ],
    validations: RULES.map(([expression, message]) => ({ expression, message })),
  };
}

/** The policy of the namespace of builds, enforced by the API server itself. */
export function buildPolicy({ name, opts }: AddonScope<unknown>): pulumi.Resource[] {
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    `${name}-policy`,
    { metadata: { name: NAME }, spec: policySpec() },
    opts,
  );
  const binding = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    `${name}-policy-binding`,
    {
      metadata: { name: NAME },
      spec: {
        policyName: NAME,
        validationActions: ["Deny"],
        matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": BUILD_NAMESPACE } } },
      },
    },
    { ...opts, dependsOn: [policy] },
  );
  return [policy, binding];
}
