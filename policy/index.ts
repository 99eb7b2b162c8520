import { PolicyPack } from "@pulumi/policy";
import { policies } from "./lib/pack";
import { readOnce } from "./lib/read-once";

readOnce();
new PolicyPack("openchoreo", { enforcementLevel: "mandatory", policies: policies() });
