import { kubeconfigOf } from "./stack";

/** Another stack with the control plane of the fleet that is tried. */
export const HUB = "acme/openchoreo/hub";

/** What that stack puts out, as far as the control plane is about it. */
export function hubOutputs({ domain = "hub.test", bundle = "(roots of hub)" } = {}) {
  const platform = {
    contract: 1,
    stack: "hub",
    profile: "development",
    domain,
    controlPlane: "control",
    clusters: { control: { planes: ["control"], wave: 0, apiServer: "control.api.test:6443" } },
    trust: { bundle, authorities: {} },
  };
  return { platform, kubeconfigs: { control: kubeconfigOf("hub-control") } };
}
