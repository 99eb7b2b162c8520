import * as pulumi from "@pulumi/pulumi";
import type { Addon, AddonTarget } from "../../components/addons";
import { planFleet } from "../../components/fleet";
import type { Signer } from "../../components/trust";
import { type Edits, type Json, settingsAfter } from "./settings";

/** What an add-on sees of a cluster of the good settings after `edits`; nothing of it is registered. */
export function targetOn(name: string, edits: Edits = {}, bundle = "(bundle)"): AddonTarget {
  const fleet = planFleet(settingsAfter(edits), "test");
  const cluster = fleet.clusters.find((one) => one.name === name);
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  const connection = { name, apiServer: pulumi.output({ host: `${name}.api.test`, port: 6443 }) };
  const trust = { bundle: pulumi.output(bundle), authority: (): Signer => ({}) as Signer };
  return { cluster, fleet, connection, trust } as unknown as AddonTarget;
}

/** The values of an add-on on a cluster, with the settings that the good ones give it after `edits`. */
export function valuesOn(name: string, addon: Addon, edits: Edits = {}, bundle?: string): Promise<Json> {
  const config = settingsAfter(edits).platform.addons[addon.key];
  const values = pulumi.output(addon.values(targetOn(name, edits, bundle), config));
  return new Promise((resolve) => values.apply((plain) => resolve(plain as Json)));
}
