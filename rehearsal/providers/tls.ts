// The barrel of @pulumi/pulumi would add half a second to every start.
import { main } from "@pulumi/pulumi/provider";
import { version } from "@pulumi/tls/package.json";
import { TlsProvider } from "./tls/provider";

void main(new TlsProvider(version), process.argv.slice(2));
