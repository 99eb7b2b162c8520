import { ACCESS } from "./access";
import { AWS_CLUSTERS, AWS_IDENTITY, AWS_NETWORK, AWS_STORAGE } from "./aws";
import type { Case } from "./case";
import { FLEETS, REMEDIES } from "./fleet";
import { GATEWAYS } from "./gateway";
import { HELM } from "./helm";
import { MESH } from "./mesh";
import { NAMESPACES } from "./namespaces";
import { NETWORK } from "./network";
import { DATA, SECRETS } from "./secrets-and-data";
import { WORKLOADS } from "./workloads";

export { afterBad, type Bad, blamedBy, broken, type Case, type Made, UNKNOWN_WIRE } from "./case";
export { REMEDIES } from "./fleet";

/** Every rule's good resources, and each way of being bad. */
export const CASES: readonly Case[] = [
  ...ACCESS,
  ...AWS_CLUSTERS,
  ...AWS_IDENTITY,
  ...AWS_NETWORK,
  ...AWS_STORAGE,
  ...DATA,
  ...FLEETS,
  ...GATEWAYS,
  ...HELM,
  ...MESH,
  ...NAMESPACES,
  ...NETWORK,
  ...REMEDIES,
  ...SECRETS,
  ...WORKLOADS,
];
