import * as pulumi from "@pulumi/pulumi";
import { type Addon, type AddonTarget, CATALOG, selectAddons } from "../../components/addons";
import { type FleetPlan, planFleet } from "../../components/fleet";
import type { Settings } from "../../components/settings";
import type { ClusterTrust, SignedCertificate } from "../../components/trust";
import { awsCloud } from "./cloud";
import { type Edits, type Json, settingsAfter } from "./settings";

/** What a test says of the cluster that an add-on sees. */
export interface TargetArgs {
  /** Roots that the cluster trusts. */
  readonly bundle?: string;
  /** Whether the cluster is one that is made in AWS. Default: false. */
  readonly aws?: boolean;
}

interface Scene {
  readonly settings: Settings;
  readonly fleet: FleetPlan;
}

const scenes = new Map<string, Scene>();

/** The good settings after `edits`, planned; made once for the same edits, as every add-on looks at them. */
function sceneOf(edits: Edits): Scene {
  const key = JSON.stringify(edits, (_, value) => (value === undefined ? "(removed)" : value));
  const known = scenes.get(key);
  if (known !== undefined) return known;
  const settings = settingsAfter(edits);
  const scene = { settings, fleet: planFleet(settings, "test") };
  scenes.set(key, scene);
  return scene;
}

/** What an add-on sees of a cluster of the good settings after `edits`; nothing of it is registered. */
export function targetOn(name: string, edits: Edits = {}, { bundle = "(bundle)", aws = false }: TargetArgs = {}) {
  const { settings, fleet: planned } = sceneOf(edits);
  const fleet = aws ? inAws(planned, name) : planned;
  const cluster = fleet.clusters.find((one) => one.name === name);
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  configureAccount(fleet);
  const connection = {
    name,
    apiServer: pulumi.output({ host: `${name}.api.test`, port: 6443 }),
    ...(aws ? { cloud: awsCloud(name) } : {}),
  } as unknown as AddonTarget["connection"];
  return { cluster, fleet, connection, trust: trustOf(name, bundle), selected: selectAddons(settings.platform) };
}

/** What an add-on reads of the configuration, whose name is another one after a program ran. */
function configureAccount({ objectStore }: FleetPlan): void {
  if (objectStore === undefined) return;
  const account = { accessKeyId: "(access key)", secretAccessKey: "(secret key)" };
  pulumi.runtime.setConfig(`${new pulumi.Config().name}:${objectStore.credentials}`, JSON.stringify(account));
}

/** The plan with one of its clusters made in AWS. */
function inAws(fleet: FleetPlan, name: string): FleetPlan {
  const provider = { kind: "eks", region: "eu-west-1" } as unknown as FleetPlan["clusters"][number]["provider"];
  const own = { objectStore: "cloud", zone: true } as const;
  const clusters = fleet.clusters.map((cluster) =>
    cluster.name === name ? { ...cluster, provider, ...own } : cluster,
  );
  return { ...fleet, clusters };
}

/** A trust whose every part says what it is. */
function trustOf(cluster: string, bundle: string): ClusterTrust {
  const part = (text: string) => pulumi.output(text);
  const password = (use: string) => ({ value: part(`(password ${use})`), bcrypt: part(`(hash of ${use})`) });
  const signed = (use: string) =>
    ({
      certificate: part(`(certificate of ${cluster}/${use})`),
      chain: part(`(chain of ${cluster}/${use})`),
      key: part(`(key of ${cluster}/${use})`),
      expires: part("2040-01-01T00:00:00Z"),
    }) as SignedCertificate;
  return {
    bundle: part(bundle),
    authority: signed,
    identity: (use) => ({ authority: signed(`${use} authority`), certificate: signed(use) }),
    password: (use) => password(`${cluster}/${use}`),
    sharedPassword: password,
  };
}

/** The values of an add-on on a cluster, with the settings that the good ones give it after `edits`. */
export function valuesOn(name: string, addon: Addon, edits: Edits = {}, args: TargetArgs = {}): Promise<Json> {
  const config = sceneOf(edits).settings.platform.addons[addon.key];
  const values = pulumi.output(addon.values(targetOn(name, edits, args), config));
  return new Promise((resolve) => values.apply((plain) => resolve(plain as Json)));
}

/** What the pods of an add-on may do on a cluster in AWS; ARNs and ids as texts. */
export function identitiesOn(name: string, addon: Addon, edits: Edits = {}): Promise<readonly Json[]> {
  const config = sceneOf(edits).settings.platform.addons[addon.key];
  const identities = pulumi.output(addon.identities?.(targetOn(name, edits, { aws: true }), config) ?? []);
  return new Promise((resolve) => identities.apply((plain) => resolve(plain as unknown as readonly Json[])));
}

/** The add-on of a name. */
export function addonOf(name: string): Addon {
  const found = CATALOG.find((addon) => addon.name === name);
  if (found === undefined) throw new Error(`no add-on ${name}`);
  return found;
}
