import type { TenantSettings } from "../settings";
import { SAFE } from "./types";

/** What the rules of a hand-over hold builds to. */
export interface RuleArgs {
  readonly registry: string;
  readonly tenants: Readonly<Record<string, TenantGit>>;
  readonly gitHosts: readonly string[];
}

/** What a tenant has in Git, by its settings. */
export interface TenantGit {
  /** URLs of the sources of its components, and of its own repository. */
  readonly sources: readonly string[];
  /** Where its images are written: a repository, and the folder of the tenant in it. */
  readonly deploy?: { readonly repository: string; readonly path: string };
}

/** What of Git is a tenant's own. */
export function tenantGit({ projects, repository }: Pick<TenantSettings, "projects" | "repository">): TenantGit {
  const components = Object.values(projects).flatMap((project) => Object.values(project.components));
  const sources = components.flatMap(({ source }) => (source === undefined ? [] : [source.git]));
  if (repository === undefined) return { sources };
  const { git, path } = repository;
  return { sources: [...sources, git], deploy: { repository: git, path } };
}

/** Both ways to spell a repository: hosts take its URL with and without the suffix. */
function spellings(url: string): string[] {
  const plain = url.replace(/\/+$/, "").replace(/\.git$/, "");
  return [plain, `${plain}.git`];
}

/** The parameters of a workflow by a name, in an admission policy. */
export const named = (name: string) => `object.spec.arguments.parameters.filter(p, p.name == "${name}")`;
const given = (name: string) => `${named(name)}[0].value`;
const ofTenant = (values: Readonly<Record<string, unknown>>) => `${JSON.stringify(values)}[variables.tenant]`;

/**
 * The logins of Git's hosts are the platform's, which every tenant's builds have: with them nothing is read but the
 * tenant's own sources, and nothing is written but below its own folder. Git sees one host in several spellings, so a URL
 * is plain, and its host is compared without its port.
 */
export function gitRules({ tenants, gitHosts }: RuleArgs): readonly (readonly [expression: string, message: string])[] {
  const by = <Value>(pick: (git: TenantGit) => Value) =>
    Object.fromEntries(Object.entries(tenants).map(([tenant, git]) => [tenant, pick(git)]));
  const sources = by((git) => git.sources.flatMap(spellings));
  const repositories = by(({ deploy }) => (deploy === undefined ? [] : spellings(deploy.repository)));
  const folders = by(({ deploy }) => (deploy === undefined || deploy.path === "." ? "" : `${deploy.path}/`));
  const hosts = [...new Set(gitHosts.map((host) => host.replace(/:[0-9]+$/, "")))];
  const repository = given("repository");
  const url = JSON.stringify(SAFE.url);
  const once = (name: string) => `size(${named(name)}) == 1`;
  return [
    [`variables.tenant in ${JSON.stringify(by(() => true))}`, "a build is of a tenant of this stack"],
    [
      `${once("repository")} && ${repository}.matches(${url}) && (!(url(${repository}).getHostname().lowerAscii() in ${JSON.stringify(hosts)}) || ${repository} in ${ofTenant(sources)})`,
      "a build of a host that the platform logs in with is of a source or the repository that the tenant's file names",
    ],
    [
      `${once("deploy-repository")} && (${given("deploy-repository")} == "" || ${given("deploy-repository")} in ${ofTenant(repositories)})`,
      "an image is written into the repository that the tenant's file names",
    ],
    [
      `${once("deploy-path")} && ${given("deploy-path")}.startsWith(${ofTenant(folders)})`,
      "an image is written below the tenant's own folder of its repository",
    ],
  ];
}
