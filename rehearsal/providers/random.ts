// The barrel of @pulumi/pulumi would add half a second to every start.
import { main } from "@pulumi/pulumi/provider";
import { version } from "@pulumi/random/package.json";
import { RandomProvider } from "./random/provider";

void main(new RandomProvider(version), process.argv.slice(2));
