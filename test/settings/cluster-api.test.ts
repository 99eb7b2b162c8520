import { accepts, type Json, ON_CLUSTER_API, PRODUCTION, refuses, STORE } from "../support/settings";

const EAST = "platform.clusters.east";
const PROVIDER = `${EAST}.provider`;
const AWS: Json = {
  kind: "cluster-api",
  infrastructure: "aws",
  region: "eu-west-1",
  kubernetes: "1.34.3",
  publicAccess: { cidrs: ["203.0.113.0/24"] },
  controlPlane: { machineType: "m7i.large" },
  nodePools: { general: { machineType: "m7i.large" } },
};
const ON_AWS = {
  ...ON_CLUSTER_API,
  [PROVIDER]: AWS,
  [`${EAST}.network.mesh`]: false,
  "platform.clusterApi": { infrastructure: ["aws"], awsCredentials: "awsAccount" },
};

/** What production asks for beside, where no DNS zone serves the mesh. */
const METAL = { "platform.mesh.dns": "none" };

describe("settings: clusters that Cluster API makes", () => {
  accepts([
    ["containers, for a trial", ON_CLUSTER_API],
    ["machines on EC2, outside the mesh", ON_AWS],
    [
      "the same in production, with a key for their volumes",
      { ...PRODUCTION, ...ON_AWS, ...METAL, [`${PROVIDER}.volumeKey`]: "arn:aws:kms:eu-west-1:111122223333:key/1" },
    ],
    [
      "machines on EC2, in a network that the mesh reaches",
      {
        ...ON_AWS,
        [`${EAST}.network.mesh`]: true,
        [`${PROVIDER}.vpc`]: { id: "vpc-0123456789abcdef0", subnets: ["subnet-0123456789abcdef0"] },
        [`${PROVIDER}.publicAccess`]: undefined,
      },
    ],
  ]);

  refuses([
    [
      "the control cluster as one of them",
      { "platform.clusters.control.provider": { ...AWS }, "platform.clusters.control.network.mesh": false },
      "platform.clusters.control.provider.kind: the control cluster runs Cluster API and cannot be made by it; make it on EKS, or give one that exists",
    ],
    [
      "a cluster of the control cluster's wave",
      { ...ON_CLUSTER_API, [`${EAST}.wave`]: 0 },
      `${EAST}.wave: a cluster that Cluster API makes comes after the control cluster, which is wave 0; give it wave 1`,
    ],
    [
      "Cilium that is there already",
      { ...ON_CLUSTER_API, [`${EAST}.cilium`]: "present", [`${EAST}.network.mesh`]: false },
      `${EAST}.cilium: a cluster that this program makes has the Cilium that it installs; remove this key`,
    ],
    [
      "containers in production",
      {
        ...ON_CLUSTER_API,
        "platform.profile": "production",
        "platform.certManager.issuer": { kind: "self-signed" },
        "platform.mesh.dns": "none",
        "platform.objectStore": STORE,
      },
      `${EAST}.provider.infrastructure: docker is for trials: its machines are containers on one host; use aws in production`,
    ],
    [
      "a network of its own in the mesh",
      { ...ON_AWS, [`${EAST}.network.mesh`]: true },
      `${EAST}.network.mesh: no other cluster's network reaches the one that Cluster API makes; give provider.vpc, with routes to the others, or set mesh: false`,
    ],
    [
      "what EC2 needs and is not said",
      {
        ...ON_AWS,
        [`${PROVIDER}.region`]: undefined,
        [`${PROVIDER}.publicAccess`]: undefined,
        [`${PROVIDER}.controlPlane`]: undefined,
      },
      `${PROVIDER}.region: required on aws: a region such as "eu-west-1"`,
      `${PROVIDER}.controlPlane.machineType: required on aws: an instance type such as "m7i.large"`,
      `${PROVIDER}.publicAccess: required on aws: in a network that Cluster API makes, nothing reaches a private API server; name who may connect, or give vpc`,
    ],
    [
      "what containers have not",
      { ...ON_CLUSTER_API, [`${PROVIDER}.region`]: "eu-west-1", [`${PROVIDER}.controlPlane.disk`]: "20Gi" },
      `${PROVIDER}.region: is for aws; remove this key, as machines of docker are containers`,
      `${PROVIDER}.controlPlane.disk: is for aws; remove this key, as machines of docker are containers`,
    ],
    [
      "a version without its patch",
      { ...ON_CLUSTER_API, [`${PROVIDER}.kubernetes`]: "1.34" },
      `${PROVIDER}.kubernetes: not a full Kubernetes version such as "1.35.2"`,
    ],
    [
      "a version that Cluster API does not make, or that is none",
      {
        ...ON_CLUSTER_API,
        [`${PROVIDER}.kubernetes`]: "1.99.0",
        [`${PROVIDER}.nodePools.general.kubernetes`]: "1.30.1",
      },
      `${PROVIDER}.kubernetes: Cluster API makes no clusters of Kubernetes "1.99.0", but of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36 (a newer one goes into components/settings/kubernetes-versions.ts)`,
      `${PROVIDER}.nodePools.general.kubernetes: Cluster API makes no clusters of Kubernetes "1.30.1", but of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36 (a newer one goes into components/settings/kubernetes-versions.ts)`,
    ],
    [
      "a region that is none",
      { ...ON_AWS, [`${PROVIDER}.region`]: "us-wset-9" },
      `${PROVIDER}.region: no AWS region; it is such as "us-east-1" (a region newer than this program goes into components/settings/aws-regions.ts)`,
    ],
    [
      "an API server for private addresses",
      { ...ON_AWS, [`${PROVIDER}.publicAccess.cidrs`]: ["203.0.113.0/24", "192.168.0.0/24"] },
      `${PROVIDER}.publicAccess.cidrs[1]: a private range, which nothing connects from over the internet; name public addresses, such as those of a NAT`,
    ],
    [
      "an API server for everyone in production, on volumes without a key",
      { ...PRODUCTION, ...ON_AWS, ...METAL, [`${PROVIDER}.publicAccess.cidrs`]: ["0.0.0.0/0"] },
      `${PROVIDER}.publicAccess.cidrs[0]: 0.0.0.0/0 is as good as everyone, which production refuses; name the ranges that may connect`,
      `${PROVIDER}.volumeKey: required in production: the ARN of the key (KMS) that the machines' volumes are encrypted with`,
    ],
    [
      "a key of another region",
      { ...ON_AWS, [`${PROVIDER}.volumeKey`]: "arn:aws:kms:us-east-1:111122223333:key/1" },
      `${PROVIDER}.volumeKey: a key of another region than the machines' (eu-west-1), which cannot encrypt their volumes`,
    ],
    [
      "a key that is none",
      { ...ON_AWS, [`${PROVIDER}.volumeKey`]: "alias/volumes" },
      `${PROVIDER}.volumeKey: not the ARN of a key such as "arn:aws:kms:eu-west-1:111122223333:key/…"`,
    ],
    [
      "an even number of control planes",
      { ...ON_CLUSTER_API, [`${PROVIDER}.controlPlane.replicas`]: 2 },
      `${PROVIDER}.controlPlane.replicas: 1, 3 or 5: etcd needs a majority, and an even number adds no safety`,
    ],
    [
      "nodes newer than their control plane",
      { ...ON_CLUSTER_API, [`${PROVIDER}.nodePools.general.kubernetes`]: "1.35.0" },
      `${PROVIDER}.nodePools.general.kubernetes: 1.35.0 is newer than the control plane (1.34.3); upgrade the control plane first`,
    ],
    [
      "a pool whose least is more than its most",
      { ...ON_CLUSTER_API, [`${PROVIDER}.nodePools.general`]: { min: 4, max: 2 } },
      `${PROVIDER}.nodePools.general.min: 4 is more than max (2)`,
    ],
    [
      "no pool at all",
      { ...ON_CLUSTER_API, [`${PROVIDER}.nodePools`]: {} },
      `${PROVIDER}.nodePools: name at least one node pool: the platform's own pods need nodes`,
    ],
    [
      "infrastructure whose provider is not installed",
      { ...ON_CLUSTER_API, "platform.clusterApi.infrastructure": [] },
      'platform.clusterApi.infrastructure: lacks "docker", which east is made on; add it',
    ],
    [
      "Cluster API switched off, while it makes a cluster",
      { ...ON_CLUSTER_API, "platform.clusterApi": { enabled: false } },
      "platform.clusterApi.enabled: false, but Cluster API makes east; leave it on while there are such clusters",
    ],
    [
      "a provider for AWS that cannot sign in",
      { ...ON_AWS, "platform.clusterApi": { infrastructure: ["aws"] } },
      "platform.clusterApi.awsCredentials: required: pods of control have no identity in AWS, as it is not on EKS; name a secret with a key",
    ],
  ]);
});
