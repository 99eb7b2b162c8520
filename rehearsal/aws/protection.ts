import type { Folders } from "../folders";
import { Account } from "../providers/aws/account";

/** What AWS itself calls the switch that lets nobody delete a cluster, a table or a log group. */
const SWITCHES = ["deletionProtection", "deletionProtectionEnabled"];

/**
 * Switches off the protection that AWS has beside Pulumi's, as an operator does before a stack goes:
 * `aws eks update-cluster-config --name <cluster> --no-deletion-protection`.
 */
export function liftDeletionProtection({ account }: Pick<Folders, "account">): Promise<void> {
  return new Account(account).transact((view) => {
    for (const item of view.everything()) {
      const on = SWITCHES.filter((name) => item.state[name] === true);
      if (on.length === 0) continue;
      view.put({ ...item, state: { ...item.state, ...Object.fromEntries(on.map((name) => [name, false])) } });
    }
  });
}
