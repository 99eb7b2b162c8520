import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantsSettings } from "../settings";
import { TenantWorkflows } from "./builds";
import { tenantGit } from "./git-rules";
import { type DataPlane, Organization, organizationNamespace } from "./organization";

/** A workflow plane on which builds are handed over. */
export interface WorkflowSite {
  /** The cluster's name. */
  readonly name: string;
  readonly provider: kubernetes.Provider;
  /** Hosts of Git that the platform logs in with; absent where another stack's are not known. */
  readonly gitHosts?: readonly string[];
  /** What tenants' workflows come after. */
  readonly after: pulumi.Input<pulumi.Resource[]>;
}

/** Arguments of {@link makeOrganizations}. */
export interface OrganizationsArgs {
  /** The tenants that this stack makes. */
  readonly tenants: TenantsSettings;
  /** The control plane, and what its objects come after. */
  readonly control: { readonly provider: kubernetes.Provider; readonly ready: pulumi.Input<pulumi.Resource[]> };
  readonly planes: readonly DataPlane[];
  readonly workflows: readonly WorkflowSite[];
}

/** Makes each tenant an organization of OpenChoreo, and what its workflows run in; whoever made the planes. */
export function makeOrganizations(args: OrganizationsArgs): ReadonlyMap<string, Organization> {
  const { tenants, control, planes, workflows } = args;
  for (const { name, provider, gitHosts, after } of workflows) {
    for (const [tenant, settings] of Object.entries(tenants)) {
      const own = { tenant, git: tenantGit(settings), gitHosts, after };
      new TenantWorkflows(`${name}.workflows-${tenant}`, own, { providers: [provider] });
    }
  }
  const made = Object.entries(tenants).map(([tenant, { environments }]) => {
    const own = { tenant, environments, planes, after: control.ready };
    const opts = { providers: [control.provider] };
    return [tenant, new Organization(organizationNamespace(tenant), own, opts)] as const;
  });
  return new Map(made);
}
