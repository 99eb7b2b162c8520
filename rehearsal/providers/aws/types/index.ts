import type { Model } from "../model";
import { compute } from "./compute";
import { eksAccess } from "./eks-access";
import { clusterModel } from "./eks-cluster";
import { nodeGroupModel } from "./eks-nodes";
import { endpoints } from "./endpoints";
import { iam } from "./iam";
import { kms } from "./kms";
import { messaging } from "./messaging";
import { network } from "./network";
import { peerings } from "./peering";
import { registry } from "./registry";
import { route53 } from "./route53";
import { routing } from "./routing";
import { s3 } from "./s3";
import { s3More } from "./s3-more";
import { secrets } from "./secrets";
import { securityGroups } from "./security-groups";
import { storage } from "./storage";
import { transit } from "./transit";
import { watching } from "./watching";

/** Every type that the stand-in knows, by its token. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  [
    ...[
      network,
      routing,
      securityGroups,
      endpoints,
      peerings,
      transit,
      compute,
      [clusterModel, nodeGroupModel],
      eksAccess,
    ],
    ...[iam, kms, s3, s3More, messaging, watching, route53, registry, storage, secrets],
  ]
    .flat()
    .map((model) => [model.token, model]),
);
