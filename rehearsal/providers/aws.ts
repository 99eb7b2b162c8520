import { version } from "@pulumi/aws/package.json";
import { Account } from "./aws/account";
import { accountFile } from "./aws/account-file";
import { FAULTS, parseFaults } from "./aws/faults";
import { AwsProvider } from "./aws/provider";
import { serve } from "./serve";

void serve(new AwsProvider(version, new Account(accountFile()), parseFaults(process.env[FAULTS])));
