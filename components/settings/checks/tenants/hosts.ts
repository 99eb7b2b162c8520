import { hostIn, mainEnvironment } from "../../environments";
import { type Problem, pathOf } from "../../problems";
import { eachComponent, own, type TenantWorld } from "./world";

/** First labels below the platform's domain that the platform itself serves. */
const KEPT_HOSTS = /^(console|api|argocd|logs|cluster-gateway|observer-.+|.*\.?(gateway|apps|mesh))$/;

/** A host name leads to one component; `hosts` are of environments that there are. */
export function hostProblems({ tenants, platform }: TenantWorld): Problem[] {
  const holders = new Map<string, string>();
  return Object.entries(tenants).flatMap(([tenant, settings]) =>
    eachComponent(tenant, settings, ({ expose }, path) => {
      if (expose === undefined) return [];
      const { environments } = settings;
      const unknown = Object.keys(expose.hosts).filter((name) => own(environments, name) === undefined);
      // The one that is written down comes first, so that it is the one that is complained about.
      const main = mainEnvironment(environments);
      const order = [main ?? "", ...Object.keys(environments).filter((name) => name !== main)];
      const taken = new Set<string>();
      const problems = order.flatMap((environment) => {
        const key = own(expose.hosts, environment) === undefined ? ["host"] : ["hosts", environment];
        const host = hostIn(expose, environment, environments);
        const holder = holders.get(host) ?? keptFor(host, platform?.domain);
        if (holder === undefined) holders.set(host, pathOf(...path));
        const at = pathOf(...path, "expose", ...key);
        if (holder === undefined || taken.has(at)) return [];
        taken.add(at);
        return [{ path: at, message: `"${host}" is taken by ${holder}` }];
      });
      return [
        ...unknown.map((name) => noEnvironment(pathOf(...path, "expose", "hosts", name), environments)),
        ...problems,
      ];
    }),
  );
}

function noEnvironment(path: string, environments: object): Problem {
  return { path, message: `no environment of this name; there are ${Object.keys(environments).join(", ")}` };
}

/** Who keeps a host name for itself, if anybody. */
export function keptFor(host: string, domain: string | undefined): string | undefined {
  if (domain === undefined) return undefined;
  if (host === domain) return "the platform";
  const below = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : "";
  return KEPT_HOSTS.test(below) ? "the platform" : undefined;
}
