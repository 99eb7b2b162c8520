import { Refusal } from "../components/settings";
import { configProblems } from "../policy/check-config";
import { configName, PackConfigError, readConfig } from "../policy/config";
import type { PackConfig } from "../policy/evaluate";
import { planCertificates } from "./facts/certificates";
import { planEndpoints } from "./facts/endpoints";
import { planClusters, planLinks } from "./facts/fleet";
import { planResources } from "./facts/resources";
import { tenantsOf } from "./facts/tenants";
import { PLAN_VERSION, type Plan } from "./model";
import { policyVerdict } from "./policy";
import { type RanStack, runStackOffline, type StackCall } from "./program/stack";

/**
 * Plans a stack: runs its program on mocks and reads from what it registers what a reviewer wants to know.
 * @throws SettingsError, Refusal for what the user has to mend.
 */
export async function makePlan(call: StackCall): Promise<Plan> {
  const begun = performance.now();
  const policies = policiesOf(call);
  const ran = await runStackOffline(call);
  return { ...planOf(ran, policies), seconds: Math.round(performance.now() - begun) / 1000 };
}

/** @throws Refusal where the stack's configuration of the pack has what the pack does not know. */
function policiesOf({ root, stack }: StackCall): PackConfig {
  try {
    const config = readConfig(root, stack);
    const problems = configProblems(config);
    if (problems.length > 0)
      throw new PackConfigError(problems.map((one) => `${configName(stack)}: ${one}`).join("\n"));
    return config;
  } catch (error) {
    throw error instanceof PackConfigError ? new Refusal(error.message) : error;
  }
}

/**
 * What a run of the program says; the same for the same settings.
 * @param policies The stack's configuration of the policy pack. Default: none.
 */
export function planOf({ run, fleet, settings }: RanStack, policies: PackConfig = {}): Omit<Plan, "seconds"> {
  const resources = planResources(run.graph, {
    clusters: new Set(fleet.clusters.map(({ name }) => name)),
    tenants: new Set(Object.keys(settings.tenants)),
  });
  const { control } = fleet;
  return {
    version: PLAN_VERSION,
    stack: fleet.stack,
    profile: fleet.profile,
    domain: fleet.domain,
    control: control.kind === "own" ? { cluster: control.cluster } : { stack: control.stack },
    clusters: planClusters(fleet, settings),
    waves: fleet.waves,
    links: planLinks(fleet, resources),
    tenants: tenantsOf(fleet, settings),
    policy: policyVerdict(run.graph, resources, policies),
    endpoints: planEndpoints(fleet, resources),
    certificates: planCertificates(resources),
    notes: NOTES,
    resources,
  };
}

/** What no plan without credentials can know. */
const NOTES: readonly string[] = [
  "What clouds and controllers compute (ids, ARNs, addresses) is a placeholder; pulumi preview knows what is there.",
  "Secrets are placeholders, and whether they are set is checked by up.",
];
