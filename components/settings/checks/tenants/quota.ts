import { type MembersArgs, membersOf } from "../../database-members";
import { isProduction } from "../../environments";
import type { Profile } from "../../platform";
import { type Problem, pathOf } from "../../problems";
import type { ComponentSettings, DatabaseSettings, TenantSettings } from "../../tenants";
import { quantityValue } from "../../words";

/** What one namespace of a project asks for at most. */
interface Demand {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly storage: number;
}

const SHOWN = { cpu: round, memory: round, pods: String, storage: round } as const;

/** All of a project's components run in one namespace, and its databases in another; the quota is that of each. */
export function quotaProblems(tenant: string, settings: TenantSettings, profile?: Profile): Problem[] {
  return (["cpu", "memory", "pods", "storage"] as const).flatMap((key): Problem[] => {
    const limit = quantityValue(String(settings.quota[key])) ?? 0;
    const [first, ...others] = demandsOf(settings, key, profile).filter(({ asked }) => asked > limit);
    if (first === undefined) return [];
    // One quota that is too small is one problem, however many ask for more.
    const shown = [
      `${first.who} ask for (${SHOWN[key](first.asked)})`,
      ...others.map(({ who, asked }) => `${who} (${SHOWN[key](asked)})`),
    ].join(", and than ");
    const message = `${settings.quota[key]} is less than ${shown}; raise it or ask for less`;
    return [{ path: pathOf("tenants", tenant, "quota", key), message }];
  });
}

/** What each namespace asks for, in words and as a number. */
function demandsOf({ projects, environments }: TenantSettings, key: keyof Demand, profile: Profile = "development") {
  const production = Object.keys(environments).some((name) => isProduction(environments, name));
  const place = { production, profile };
  return Object.entries(projects).flatMap(([project, { components, databases }]) => [
    { who: `the components of project "${project}"`, asked: sum(Object.values(components).map(ofComponent), key) },
    {
      who: `the databases of project "${project}"`,
      asked: sum(
        Object.values(databases).map((one) => ofDatabase(one, place)),
        key,
      ),
    },
  ]);
}

function sum(demands: readonly Demand[], key: keyof Demand): number {
  return demands.reduce((total, demand) => total + demand[key], 0);
}

function ofComponent({ resources, replicas, autoscaling }: ComponentSettings): Demand {
  const pods = autoscaling?.max ?? replicas;
  const [cpu, memory] = [quantityValue(resources.cpu) ?? 0, quantityValue(resources.memory) ?? 0];
  return { cpu: cpu * pods, memory: memory * pods, pods, storage: 0 };
}

/** In the environment that has most members of it. */
function ofDatabase(database: DatabaseSettings, place: MembersArgs): Demand {
  const { size, resources } = database;
  const pods = membersOf(database, place);
  const of = (text: string) => (quantityValue(text) ?? 0) * pods;
  return { cpu: of(resources.cpu), memory: of(resources.memory), pods, storage: of(size) };
}

function round(value: number): string {
  if (value >= 2 ** 30) return `${(value / 2 ** 30).toFixed(1)}Gi`;
  return value >= 2 ** 20 ? `${Math.ceil(value / 2 ** 20)}Mi` : String(Number(value.toFixed(3)));
}
