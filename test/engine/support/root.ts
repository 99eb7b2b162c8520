import { type Engine, ensureEngine } from "../../../rehearsal/engine";
import { consoleProgress } from "../../../rehearsal/progress";
import { CHECKOUT, removeProjects } from "./project";

let made: Promise<Engine> | undefined;

/** The engine; made when it is not there yet. */
export function theEngine(): Promise<Engine> {
  made ??= ensureEngine({ root: CHECKOUT, progress: consoleProgress() });
  return made;
}

export const mochaHooks = {
  // The first time takes a quarter of an hour; `npm run engine` does it too.
  async beforeAll(this: Mocha.Context) {
    this.timeout(3_600_000);
    await theEngine();
  },
  afterAll() {
    removeProjects();
  },
};

// Whatever ends the tests, no cluster is left running.
process.on("exit", removeProjects);
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
