import assert from "node:assert/strict";
import { drills, drillTemplate } from "../../../components/addons/data/velero/drill";
import { runFleet } from "../../support/fleet";
import type { Graph } from "../../support/graph";
import { type Edits, STORE, switchOn } from "../../support/settings";
import { object } from "../../support/stack";

const ON = switchOn("velero", "argo-workflows");
const CRON = "kubernetes:argoproj.io/v1alpha1:CronWorkflow";

async function graphOf(edits: Edits = {}): Promise<Graph> {
  return (await runFleet({ ...ON, tenants: {}, ...edits })).graph;
}

describe("the restore drill", () => {
  it("restores data alone, into a namespace of its own, and takes the newest good backup of the schedule", () => {
    const { templates } = drillTemplate("velero") as { templates: readonly { name: string; resource?: object }[] };
    const step = object(templates.find(({ name }) => name === "restore")?.resource);
    const { spec } = object(JSON.parse(String(step.manifest)));
    assert.deepEqual(spec, {
      scheduleName: "{{workflow.parameters.schedule}}",
      includedNamespaces: ["{{inputs.parameters.namespace}}"],
      includedResources: ["configmaps", "serviceaccounts", "persistentvolumeclaims", "persistentvolumes"],
      namespaceMapping: { "{{inputs.parameters.namespace}}": "drill-{{inputs.parameters.namespace}}" },
      restorePVs: true,
    });
    assert.equal(step.successCondition, "status.phase == Completed,status.progress.itemsRestored > 0");
  });

  it("is tried every week for each cluster whose backups are seen", () => {
    const settings = {
      platform: "gold",
      drill: { enabled: true, schedule: "0 4 * * 0", namespace: "argocd" },
    } as const;
    const [own, east] = drills(["control", "east"], settings);
    assert.equal(own?.name, "choreo-restore-drill-control");
    const { schedules, workflowSpec } = object(east?.spec);
    assert.deepEqual(schedules, ["0 4 * * 0"]);
    assert.deepEqual(object(object(workflowSpec).arguments).parameters, [
      { name: "schedule", value: "east-platform-gold" },
      { name: "namespace", value: "argocd" },
    ]);
  });

  it("is where workflows run, of its own backups where each cluster has a server, of all in a common bucket", async () => {
    const names = (graph: Graph) => graph.ofType(CRON).map(({ name, provider }) => `${provider} ${name}`);
    assert.deepEqual(names(await graphOf()), ["control control.restore-drill-control"]);
    assert.deepEqual(names(await graphOf({ "platform.objectStore": STORE })), [
      "control control.restore-drill-control",
      "control control.restore-drill-east",
      "control control.restore-drill-west",
    ]);
  });

  it("may remove the namespace that it makes, and no other", async () => {
    const role = (await graphOf()).get("control.restore-drill-cleaner");
    assert.deepEqual(role.inputs.rules, [
      { apiGroups: [""], resources: ["namespaces"], resourceNames: ["drill-cert-manager"], verbs: ["get", "delete"] },
    ]);
  });

  it("is left out where it is switched off, and where no workflows run", async () => {
    for (const edits of [
      { "platform.velero": { drill: { enabled: false } } },
      { "platform.argoWorkflows": { enabled: false } },
    ]) {
      assert.deepEqual((await graphOf(edits)).ofType(CRON), []);
    }
  });
});
