import { PolicyPack } from "@pulumi/policy";
import { policies } from "./lib/pack";

new PolicyPack("openchoreo", { enforcementLevel: "mandatory", policies: policies() });
