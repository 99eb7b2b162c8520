import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { planFleet } from "../../components/fleet";
import {
  type BackupStore,
  type Cell,
  type Edges,
  type PlannedTenant,
  planCells,
  planEdges,
  planTenants,
  type TenantSite,
  type TenantSites,
} from "../../components/tenants";
import { type Run, runProgram } from "../support/program";
import { DATABASE, type Edits, settingsAfter } from "../support/settings";

/** What stands for clusters in a test of tenants' own resources. */
export interface SitesArgs {
  /** Add-ons that are missing. Default: none. */
  readonly without?: readonly string[];
  /** Whether clusters have buckets in a cloud, and identities. Default: accounts of a server that they share. */
  readonly cloud?: boolean;
  /** Whether backups are copied to a second place. */
  readonly copies?: boolean;
}

/** What is planned, and where. */
export interface Scene {
  readonly planned: readonly PlannedTenant[];
  readonly edges: Edges;
  readonly cells: readonly Cell[];
  readonly sites: TenantSites;
}

/** Runs `make` with the good settings after `edits`, on clusters that have everything. */
export function runTenants(make: (scene: Scene) => void, edits: Edits = {}, args: SitesArgs = {}): Promise<Run> {
  return runProgram(async () => {
    make(sceneAfter(edits, args));
    return {};
  });
}

function sceneAfter(edits: Edits, args: SitesArgs): Scene {
  const settings = settingsAfter({ ...DATABASE, ...edits });
  const fleet = planFleet(settings, "test");
  const clusters = fleet.clusters.map((cluster) => {
    const { name, planes, mesh, objectStore } = cluster;
    return [name, siteOf({ name, planes, mesh, objectStore: args.cloud ? "cloud" : objectStore }, args)] as const;
  });
  const control = siteOf({ name: "control-plane", planes: ["control"] }, args);
  const sites = {
    profile: fleet.profile,
    domain: fleet.domain,
    openchoreo: true,
    control,
    clusters: new Map(clusters),
  };
  const planned = planTenants({
    tenants: settings.tenants,
    clusters: clusters.map(([, site]) => site),
    profile: fleet.profile,
    openchoreo: true,
  });
  const edges = planEdges(planned);
  return { planned, edges, cells: planCells(planned, edges), sites };
}

type Known = Pick<TenantSite, "name" | "planes" | "mesh" | "objectStore">;

function siteOf(known: Known, { without = [], cloud = false, copies = false }: SitesArgs): TenantSite {
  const provider = new kubernetes.Provider(known.name, { kubeconfig: "{}" });
  return {
    ...known,
    drained: false,
    plane: known.name,
    provider,
    has: (addon) => !without.includes(addon),
    after: () => [],
    eastWest: [],
    apiServer: { host: `${known.name}.api.test`, port: 6443 },
    registry: { prefix: "registry.test/team", insecure: false },
    backups: cloud ? cloudStore(known.name) : serverStore(known.name),
    backupCopy: copies,
    ...(cloud
      ? {
          identify: (name, { namespace, serviceAccount, statements }, opts) =>
            new Role(name, { namespace, serviceAccount, statements: JSON.stringify(statements) }, opts),
        }
      : {}),
  };
}

/** What stands for a role in the cloud. */
class Role extends pulumi.ComponentResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Role", name, inputs, opts);
  }
}

function serverStore(cluster: string): BackupStore {
  return {
    bucket: "backups",
    region: "us-east-1",
    prefix: cluster,
    endpoint: "https://s3.test",
    credentials: { accessKeyId: "platform", secretAccessKey: pulumi.secret("account") },
  };
}

function cloudStore(cluster: string): BackupStore {
  return {
    bucket: pulumi.output(`${cluster}-backups`),
    region: "eu-west-1",
    prefix: "",
    grant: (folder, access) => [{ actions: [`s3:${access}`], resources: [`${cluster}-backups/${folder}/*`] }],
  };
}
