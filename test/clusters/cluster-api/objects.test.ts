import assert from "node:assert/strict";
import { type ClusterApiObject, clusterApiObjects } from "../../../components/clusters/cluster-api/objects";
import { planFleet } from "../../../components/fleet";
import { definition, describeWithCharts, hasDefinition } from "../../support/charts";
import { definitionProblems } from "../../support/crd";
import { type Edits, edit, type Json, ON_CLUSTER_API, settingsAfter } from "../../support/settings";
import { object } from "../../support/stack";

const EAST = "platform.clusters.east.provider";

function planOf(edits: Edits = {}, stack = "test") {
  const { clusters } = planFleet(settingsAfter({ ...ON_CLUSTER_API, ...edits }), stack);
  return clusters.find(({ name }) => name === "east")?.clusterApi ?? assert.fail("east is not made by Cluster API");
}

function objectsAfter(edits: Edits = {}): ReadonlyMap<string, ClusterApiObject> {
  const { parts, cluster } = clusterApiObjects(planOf(edits));
  return new Map([...parts, cluster].map((one) => [one.why, one]));
}

const AWS: Edits = {
  [EAST]: {
    kind: "cluster-api",
    infrastructure: "aws",
    region: "eu-west-1",
    kubernetes: "1.34.3",
    publicAccess: { cidrs: ["203.0.113.0/24"] },
    controlPlane: { machineType: "m7i.large" },
    nodePools: { general: { machineType: "m7i.xlarge", min: 2, max: 6 } },
  },
  "platform.clusters.east.network.mesh": false,
  "platform.clusterApi": { infrastructure: ["aws"], awsCredentials: "awsAccount" },
};

/** Paths at which two objects differ. */
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const both = [before, after];
  if (both.some((one) => typeof one !== "object" || one === null)) return [path];
  const [a, b] = both as readonly Json[];
  const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...keys].flatMap((key) => differences(a?.[key], b?.[key], path === "" ? key : `${path}.${key}`));
}

/** What differs between the objects before and after an edit, by what they are for. */
function changes(before: Edits, after: Edits): Record<string, string[]> {
  const [old, new_] = [objectsAfter(before), objectsAfter(after)];
  const whys = [...new Set([...old.keys(), ...new_.keys()])];
  const all = whys.map((why) => [why, differences(old.get(why), new_.get(why))] as const);
  return Object.fromEntries(all.filter(([, paths]) => paths.length > 0));
}

describe("objects of a cluster that Cluster API makes", () => {
  it("are one Cluster with its control plane, a pool of nodes, their machines, and checks of their health", () => {
    const kinds = [...objectsAfter().values()].map(({ kind, why }) => `${kind} ${why}`);
    assert.deepEqual(kinds, [
      "DockerCluster infrastructure",
      "DockerMachineTemplate control-plane-machines",
      "KubeadmControlPlane control-plane",
      "DockerMachineTemplate general-machines",
      "KubeadmConfigTemplate general-bootstrap",
      "MachineDeployment general-nodes",
      "MachineHealthCheck control-plane-health",
      "MachineHealthCheck general-health",
      "Cluster cluster",
    ]);
  });

  it("refer to each other by the names that they have", () => {
    const all = objectsAfter(AWS);
    const names = new Set([...all.values()].map(({ kind, name }) => `${kind}/${name}`));
    const references = JSON.stringify([...all.values()].map(({ spec }) => spec)).matchAll(
      /\{"apiGroup":"[^"]+","kind":"([^"]+)","name":"([^"]+)"\}/g,
    );
    const found = [...references].map(([, kind, name]) => `${kind}/${name}`);
    assert.equal(found.length, 5);
    for (const one of found) assert.ok(names.has(one), one);
  });

  it("leave kube-proxy out, and let no pod onto a node before Cilium", () => {
    const all = objectsAfter(AWS);
    const { kubeadmConfigSpec } = object(all.get("control-plane")?.spec);
    assert.deepEqual(object(object(kubeadmConfigSpec).initConfiguration).skipPhases, ["addon/kube-proxy"]);
    assert.match(JSON.stringify(all.get("general-bootstrap")?.spec), /node\.cilium\.io\/agent-not-ready/);
    assert.doesNotMatch(JSON.stringify(all.get("control-plane")?.spec), /agent-not-ready/);
  });

  it("give an autoscaler its bounds, or the number of nodes where there are none", () => {
    const scaled = objectsAfter(AWS).get("general-nodes");
    assert.deepEqual(scaled?.annotations, {
      "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "2",
      "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size": "6",
    });
    assert.equal("replicas" in (scaled?.spec ?? {}), false);
    const fixed = objectsAfter().get("general-nodes");
    assert.deepEqual([fixed?.annotations, object(fixed?.spec).replicas], [undefined, 1]);
  });

  it("have encrypted disks, and metadata that pods cannot read, on EC2", () => {
    const { template } = object(objectsAfter(AWS).get("general-machines")?.spec);
    const { rootVolume, instanceMetadataOptions } = object(object(template).spec);
    assert.deepEqual(rootVolume, { size: 50, type: "gp3", encrypted: true });
    assert.deepEqual(
      [object(instanceMetadataOptions).httpTokens, object(instanceMetadataOptions).httpPutResponseHopLimit],
      ["required", 1],
    );
  });

  it("have disks that are encrypted with the customer's key, where one is named", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/1";
    const all = objectsAfter({ ...AWS, [`${EAST}.volumeKey`]: key });
    for (const machines of ["general-machines", "control-plane-machines"]) {
      const { template } = object(all.get(machines)?.spec);
      assert.equal(object(object(object(template).spec).rootVolume).encryptionKey, key, machines);
    }
  });

  it("have API servers encrypt Secrets before etcd has them", () => {
    const { kubeadmConfigSpec } = object(objectsAfter(AWS).get("control-plane")?.spec);
    const { clusterConfiguration, files } = object(kubeadmConfigSpec);
    const { extraArgs, extraVolumes } = object(object(clusterConfiguration).apiServer);
    const [file] = files as readonly Json[];
    assert.deepEqual(extraArgs, [{ name: "encryption-provider-config", value: file?.path }]);
    const [volume] = extraVolumes as readonly Json[];
    assert.ok(String(file?.path).startsWith(`${volume?.mountPath}/`));
    assert.deepEqual(file?.contentFrom, { secret: { name: "test-east-encryption", key: "configuration.yaml" } });
    assert.equal(file?.permissions, "0600");
  });

  it("open the API server to those who are named, and to nobody else", () => {
    const { controlPlaneLoadBalancer } = object(objectsAfter(AWS).get("infrastructure")?.spec);
    const { scheme, ingressRules } = object(controlPlaneLoadBalancer);
    assert.equal(scheme, "internet-facing");
    const [rule, ...others] = ingressRules as readonly Json[];
    assert.deepEqual([rule?.cidrBlocks, rule?.fromPort, rule?.toPort, others], [["203.0.113.0/24"], 6443, 6443, []]);
    const vpc = { id: "vpc-0123456789abcdef0", subnets: ["subnet-0123456789abcdef0"] };
    const inside = objectsAfter({ ...AWS, [`${EAST}.vpc`]: vpc, [`${EAST}.publicAccess`]: undefined });
    const balancer = object(object(inside.get("infrastructure")?.spec).controlPlaneLoadBalancer);
    assert.deepEqual([balancer.scheme, balancer.ingressRules], ["internal", undefined]);
  });
});

describe("changes of a cluster that Cluster API makes", () => {
  it("of its version are changes of versions, and of nothing else", () => {
    assert.deepEqual(changes(AWS, { ...AWS, [`${EAST}.kubernetes`]: "1.35.1" }), {
      "control-plane": ["spec.version"],
      "general-nodes": ["spec.template.spec.version"],
    });
  });

  it("of the control plane's version alone leave nodes that have a version of their own", () => {
    const pinned = { ...AWS, [`${EAST}.nodePools.general.kubernetes`]: "1.34.3" };
    assert.deepEqual(changes(pinned, { ...pinned, [`${EAST}.kubernetes`]: "1.35.1" }), {
      "control-plane": ["spec.version"],
    });
  });

  it("of machines are another template, which the nodes are moved to", () => {
    const after = changes(AWS, { ...AWS, [`${EAST}.nodePools.general.machineType`]: "m7i.2xlarge" });
    assert.deepEqual(after, {
      "general-machines": ["name", "spec.template.spec.instanceType"],
      "general-nodes": ["spec.template.spec.infrastructureRef.name"],
    });
  });

  it("of labels are another bootstrap template", () => {
    assert.deepEqual(Object.keys(changes(AWS, { ...AWS, [`${EAST}.nodePools.general.labels`]: { a: "b" } })), [
      "general-bootstrap",
      "general-nodes",
    ]);
  });

  it("of bounds are changes of annotations", () => {
    assert.deepEqual(changes(AWS, { ...AWS, [`${EAST}.nodePools.general.max`]: 9 }), {
      "general-nodes": ["annotations.cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"],
    });
  });

  it("of one pool touch no other", () => {
    const two = { ...AWS, [`${EAST}.nodePools.batch`]: { machineType: "c7i.large" } };
    const added = ["batch-machines", "batch-bootstrap", "batch-nodes", "batch-health"];
    assert.deepEqual(Object.keys(changes(AWS, two)).sort(), added.sort());
    assert.deepEqual(Object.keys(changes(two, AWS)).sort(), added.sort());
  });
});

describe("names of a cluster that Cluster API makes", () => {
  it("are its stack's and its own, short enough for what is added to them", () => {
    assert.equal(planOf().physicalName, "test-east");
    const long = planOf({}, "a-stack-with-a-name-of-more-than-thirty-characters");
    assert.match(long.physicalName, /^a-stack-with-a-name-of-[0-9a-f]{8}$/);
    assert.match(planOf({}, "Dev.eu_1").physicalName, /^dev-eu-1-east-[0-9a-f]{8}$/);
  });
});

function definitionName({ apiVersion, kind }: ClusterApiObject): string {
  return `${kind.toLowerCase()}s.${apiVersion.split("/")[0]}`;
}

function problemsOf(one: ClusterApiObject): string[] {
  const found = definition(definitionName(one)) ?? assert.fail(definitionName(one));
  const { apiVersion, kind, name, spec, annotations } = one;
  return definitionProblems(found, edit({ apiVersion, kind, metadata: { name, annotations }, spec }, {}));
}

describeWithCharts("kinds of Cluster API", () => {
  for (const [title, edits] of [
    ["docker", {}],
    ["aws", AWS],
  ] as const) {
    const objects = [...objectsAfter(edits).values()];
    const isInfrastructure = ({ apiVersion }: ClusterApiObject) => apiVersion.startsWith("infrastructure.");
    const own = objects.filter((one) => !isInfrastructure(one));
    const others = objects.filter(isInfrastructure);

    it(`take the objects of a cluster on ${title}, with no unknown field`, () => {
      for (const one of own) assert.deepEqual(problemsOf(one), [], one.name);
    });

    it(`of ${title} take theirs`, function () {
      // An infrastructure provider's definitions are its own release's: they are checked where they are at hand.
      if (!others.every((one) => hasDefinition(definitionName(one)))) return this.skip();
      for (const one of others) assert.deepEqual(problemsOf(one), [], one.name);
    });
  }
});
