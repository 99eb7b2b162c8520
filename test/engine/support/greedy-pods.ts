import type { V1Container, V1Pod, V1SecurityContext } from "@kubernetes/client-node";
import { type WorkflowTemplate, workflowPod } from "./operator-pods";

/** Pods of the steps of builds, changed in one place. */
export class Steps {
  constructor(
    readonly template: WorkflowTemplate,
    private readonly executor: V1SecurityContext,
  ) {}

  /** The pod of a step with its main container, or the whole pod, changed. */
  changed(name: string, main: Partial<V1Container>, spec: Partial<V1Pod["spec"]> = {}): V1Pod {
    const pod = workflowPod(this.template, name, this.executor);
    const containers = (pod.spec?.containers ?? []).map((one) => (one.name === "main" ? { ...one, ...main } : one));
    return { ...pod, spec: { ...pod.spec, ...spec, containers } };
  }

  /** Security context of a step's main container. */
  main(name: string): V1SecurityContext {
    const { containers = [] } = workflowPod(this.template, name, this.executor).spec ?? {};
    return containers.find((one) => one.name === "main")?.securityContext ?? {};
  }

  secured(name: string, more: V1SecurityContext, spec?: Partial<V1Pod["spec"]>): V1Pod {
    return this.changed(name, { securityContext: { ...this.main(name), ...more } }, spec);
  }

  without(name: string, field: keyof V1SecurityContext, spec?: Partial<V1Pod["spec"]>): V1Pod {
    const { [field]: _, ...rest } = this.main(name);
    return this.changed(name, { securityContext: rest }, spec);
  }
}

const Unconfined = { type: "Unconfined" };
/** Pods of builds that ask for more than they need: what for, and why they are refused. */
export const GREEDY: readonly (readonly [what: string, make: (steps: Steps) => V1Pod, why: RegExp])[] = [
  ["the node's network", (s) => s.changed("dockerfile", {}, { hostNetwork: true }), /share no namespace of the node/],
  ["the node's processes", (s) => s.changed("scan", {}, { hostPID: true }), /share no namespace of the node/],
  [
    "a folder of the node",
    (s) => s.changed("dockerfile", {}, { volumes: [{ name: "workspace", hostPath: { path: "/" } }] }),
    /mount nothing of the node/,
  ],
  [
    "a share of another machine",
    (s) => s.changed("scan", {}, { volumes: [{ name: "workspace", nfs: { server: "a", path: "/" } }] }),
    /mount nothing of the node/,
  ],
  [
    "a port of the node",
    (s) => s.changed("scan", { ports: [{ containerPort: 80, hostPort: 80 }] }),
    /listen on no port of the node/,
  ],
  [
    "a parameter of the kernel",
    (s) =>
      s.changed(
        "scan",
        {},
        { securityContext: { ...s.template.securityContext, sysctls: [{ name: "net.core.somaxconn", value: "1" }] } },
      ),
    /no parameter of the kernel/,
  ],
  ["privileges", (s) => s.secured("dockerfile", { privileged: true }), /privileged/],
  ["capabilities", (s) => s.secured("dockerfile", { capabilities: { add: ["NET_ADMIN"] } }), /adds capabilities/],
  ["all of /proc", (s) => s.secured("scan", { procMount: "Unmasked" }, { hostUsers: false }), /sees all of \/proc/],
  ["root", (s) => s.secured("dockerfile", { runAsUser: 0, runAsNonRoot: false }), /do not run as root/],
  [
    "an image's own user, which may be root, under a pod that says otherwise",
    (s) =>
      s.secured(
        "scan",
        { runAsUser: undefined, runAsNonRoot: false },
        { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } },
      ),
    /do not run as root/,
  ],
  [
    "whatever user an image has",
    (s) =>
      s.changed(
        "scan",
        { securityContext: { ...s.main("scan"), runAsUser: undefined, runAsNonRoot: undefined } },
        { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
      ),
    /do not run as root/,
  ],
  ["no seccomp profile", (s) => s.secured("scan", { seccompProfile: Unconfined }), /without a seccomp profile/],
  [
    "no seccomp profile, said for the whole pod",
    (s) =>
      s.without("scan", "seccompProfile", {
        securityContext: { ...s.template.securityContext, seccompProfile: Unconfined },
      }),
    /without a seccomp profile/,
  ],
  [
    "no word of a seccomp profile",
    (s) => s.without("scan", "seccompProfile", { securityContext: { runAsNonRoot: true, runAsUser: 1000 } }),
    /without a seccomp profile/,
  ],
  ["no AppArmor profile", (s) => s.secured("scan", { appArmorProfile: Unconfined }), /without an AppArmor profile/],
  [
    "no AppArmor profile, said for the whole pod",
    (s) => s.changed("scan", {}, { securityContext: { ...s.template.securityContext, appArmorProfile: Unconfined } }),
    /without an AppArmor profile/,
  ],
  [
    "no AppArmor profile, in the way of old",
    (s) => {
      const annotations = { "container.apparmor.security.beta.kubernetes.io/main": "unconfined" };
      const pod = s.changed("scan", {});
      return { ...pod, metadata: { ...pod.metadata, annotations } };
    },
    /without an AppArmor profile/,
  ],
  ["more privileges later", (s) => s.without("scan", "allowPrivilegeEscalation"), /raises its privileges/],
  ["the default capabilities", (s) => s.without("scan", "capabilities"), /keeps capabilities/],
  ["another SELinux type", (s) => s.secured("scan", { seLinuxOptions: { type: "spc_t" } }), /SELinux/],
  [
    "BuildKit's freedom in another image",
    (s) => s.changed("dockerfile", { image: "images.test/evil:1" }),
    /only rootless BuildKit/,
  ],
  [
    "BuildKit's freedom in an init container",
    (s) => {
      const pod = s.changed("dockerfile", {});
      const init = { name: "evil", image: "images.test/evil:1", securityContext: s.main("dockerfile") };
      return { ...pod, spec: { containers: [], ...pod.spec, initContainers: [init] } };
    },
    /only rootless BuildKit/,
  ],
];
