import { version } from "@pulumi/kubernetes-cert-manager/package.json";
import { main } from "@pulumi/pulumi/provider";
import { construct } from "./kubernetes-cert-manager/component";

void main({ version, construct }, process.argv.slice(2));
