import type { TenantSettings } from "../settings";
import { SAFE } from "./types";

/** What the rules of a tenant's hand-overs hold builds to. */
export interface RuleArgs {
  readonly tenant: string;
  readonly git: TenantGit;
  /** Default: any host may be one that the platform logs in with. */
  readonly gitHosts?: readonly string[];
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
/**
 * The logins of Git's hosts are the platform's, which every tenant's builds have: with them nothing is read but the
 * tenant's own sources, and nothing is written but below its own folder. Git sees one host in several spellings, so a URL
 * is plain, and its host is compared without its port.
 */
export function gitRules({
  tenant,
  git,
  gitHosts,
}: RuleArgs): readonly (readonly [expression: string, message: string])[] {
  const { sources, deploy } = git;
  const own = JSON.stringify(sources.flatMap(spellings));
  const repositories = JSON.stringify(deploy === undefined ? [] : spellings(deploy.repository));
  const folder = JSON.stringify(deploy === undefined || deploy.path === "." ? "" : `${deploy.path}/`);
  const repository = given("repository");
  const once = (name: string) => `size(${named(name)}) == 1`;
  return [
    [`variables.tenant == ${JSON.stringify(tenant)}`, "a build is of the tenant whose workflow it is"],
    [
      `${once("repository")} && ${repository}.matches(${JSON.stringify(SAFE.url)}) && (${elsewhere(repository, gitHosts)}${repository} in ${own})`,
      "a build of a host that the platform logs in with is of a source or the repository that the tenant's file names",
    ],
    [
      `${once("deploy-repository")} && (${given("deploy-repository")} == "" || ${given("deploy-repository")} in ${repositories})`,
      "an image is written into the repository that the tenant's file names",
    ],
    [
      `${once("deploy-path")} && ${given("deploy-path")}.startsWith(${folder})`,
      "an image is written below the tenant's own folder of its repository",
    ],
  ];
}

/** That a URL is of a host which the platform has no login for, or else; nothing where the hosts are not known. */
function elsewhere(url: string, gitHosts: readonly string[] | undefined): string {
  if (gitHosts === undefined) return "";
  const hosts = [...new Set(gitHosts.map((host) => host.replace(/:[0-9]+$/, "")))];
  return `!(url(${url}).getHostname().lowerAscii() in ${JSON.stringify(hosts)}) || `;
}
