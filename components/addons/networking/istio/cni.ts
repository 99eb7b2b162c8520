import { defineAddon } from "../../addon";
import { PINS } from "../../charts";
import type { AddonTarget } from "../../contract";
import { ENROLMENT, NEVER_IN_MESH } from "./enrolment";
import { ISTIO, ISTIO_SYSTEM } from "./names";
import type { IstioConfig } from "./settings";

/** Helm values of the node agent. Source: the chart's values.yaml. */
export function istioCniValues(_target: AddonTarget, _config: IstioConfig) {
  return {
    profile: "ambient",
    global: { logAsJson: true },
    ambient: { enablementSelectors: ENROLMENT },
    excludeNamespaces: NEVER_IN_MESH,
    // The field that took the annotation's place, in every Kubernetes that is supported.
    useAppArmorAnnotation: false,
  };
}

/** Leads pods of the mesh to ztunnel, chained after Cilium's own CNI plug-in. */
export const istioCni = defineAddon({
  name: "istio-cni",
  key: ISTIO,
  title: "Istio: node agent that takes pods into the mesh",
  chart: PINS["istio-cni"],
  namespace: ISTIO_SYSTEM,
  on: () => true,
  needs: ["cilium"],
  kinds: [],
  values: istioCniValues,
  monitoring: () => ({
    scrapes: [{ name: "istio-cni", of: "pods", labels: { "k8s-app": "istio-cni-node" }, port: "metrics" }],
  }),
});
