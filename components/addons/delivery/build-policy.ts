import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonScope } from "../contract";
import { BUILD_IMAGES } from "./images";
import { BUILD_NAMESPACE } from "./names";

const NAME = "choreo-builds.openchoreo.dev";

/**
 * Rootless BuildKit needs an unconfined seccomp and AppArmor profile, which only the level `privileged` admits
 * (BuildKit's documentation, docs/rootless.md). Of all that the level admits, this policy leaves just that.
 */
const RULES: readonly (readonly [expression: string, message: string])[] = [
  [
    "!(has(object.spec.hostNetwork) && object.spec.hostNetwork) && !(has(object.spec.hostPID) && object.spec.hostPID) && !(has(object.spec.hostIPC) && object.spec.hostIPC)",
    "builds share no namespace of the node",
  ],
  ["!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))", "builds mount nothing of the node"],
  [
    "variables.containers.all(c, has(c.securityContext) && has(c.securityContext.runAsUser) ? c.securityContext.runAsUser > 0 : has(object.spec.securityContext) && has(object.spec.securityContext.runAsNonRoot) && object.spec.securityContext.runAsNonRoot)",
    "builds do not run as root",
  ],
  [
    "variables.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)",
    "no container of a build is privileged",
  ],
  [
    "variables.containers.all(c, !has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add))",
    "no container of a build adds capabilities",
  ],
  [
    `variables.containers.all(c, c.image == ${JSON.stringify(BUILD_IMAGES.buildkit)} || !has(c.securityContext) || !has(c.securityContext.seccompProfile) || c.securityContext.seccompProfile.type != "Unconfined")`,
    "only rootless BuildKit runs without a seccomp profile",
  ],
];

/** The policy of the namespace of builds, enforced by the API server itself. */
export function buildPolicy({ name, opts }: AddonScope<unknown>): pulumi.Resource[] {
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    `${name}-policy`,
    {
      metadata: { name: NAME },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["pods"] },
          ],
        },
        variables: [
          {
            name: "containers",
            expression: "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])",
          },
        ],
        validations: RULES.map(([expression, message]) => ({ expression, message })),
      },
    },
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
