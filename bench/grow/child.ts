import { planOf } from "../../plan/make";
import { runStackOffline } from "../../plan/program/stack";
import { GROWN } from "./settings";

// A process of its own that plans the stack `grown` of a folder: what it costs beyond starting the process.

/** What it prints. */
export interface Grown {
  readonly resources: number;
  /** Of the resources those that are made for tenants. */
  readonly ofTenants: number;
  readonly seconds: number;
  /** Of the seconds those in which the program ran; the others are facts and policies. */
  readonly program: number;
}

async function main([root = "."]: readonly string[]): Promise<void> {
  const begun = performance.now();
  const ran = await runStackOffline({ root, stack: GROWN });
  const program = (performance.now() - begun) / 1000;
  const { resources } = planOf(ran);
  const seconds = (performance.now() - begun) / 1000;
  const ofTenants = resources.filter(({ tenant }) => tenant !== undefined).length;
  const grown: Grown = { resources: resources.length, ofTenants, seconds, program };
  process.stdout.write(JSON.stringify(grown));
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
