import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { rehearsalEnvironment } from "../../../rehearsal/environment";
import { type Ended, Run } from "./cli";
import { CHECKOUT, type Project } from "./project";
import { theEngine } from "./root";

/** Tenants with one project each, of `components` components that call the first one of them. */
export function manyTenants(count: number, components = 5): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`team-${String(index).padStart(2, "0")}`, tenant(components)]),
  );
}

function tenant(components: number) {
  const names = Array.from({ length: components }, (_, index) => `part-${index}`);
  return {
    owners: ["developers"],
    environments: { development: {}, production: { promotesFrom: "development" } },
    projects: {
      app: {
        components: Object.fromEntries(
          names.map((name, index) => [
            name,
            { image: "example/part", port: 8080, uses: index === 0 ? [] : ["part-0"], deploy: "plain" },
          ]),
        ),
      },
    },
  };
}

/** A thousand resources in one stack take their time. */
const LIMIT_MS = 580_000;

/** What `npm run tenants` is, on the clusters and states of a stack that is being rehearsed. */
export class Driver {
  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async of(project: Project, stack: string): Promise<Driver> {
    const folders = project.folders(stack);
    const engine = await theEngine();
    const path = [folders.bin, dirname(engine.file("pulumi")), process.env.PATH].join(":");
    // The states of these stacks are what is measured and what has to survive: checkpoints are written as users have them.
    const { PULUMI_EXPERIMENTAL: _, PULUMI_SKIP_CHECKPOINTS: __, ...env } = rehearsalEnvironment(folders, { path });
    return new Driver(folders.project, env);
  }

  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  start(...args: readonly string[]): Run {
    return new Run(["--import", "tsx", join(CHECKOUT, "tenancy/main.ts"), ...args], this.folder, {
      env: this.env,
      limitMs: LIMIT_MS,
    });
  }

  /** Text of a stack's file. */
  file(stack: string): string {
    return readFileSync(join(this.folder, `Pulumi.${stack}.yaml`), "utf8");
  }

  get project(): string {
    return this.folder;
  }
}

/** The file of a stack of tenants on another stack's platform. */
export function tenantStackFile(platformStack: string, tenants: object): string {
  return stringify({
    config: {
      "pulumi:disable-default-providers": ["kubernetes", "aws"],
      "openchoreo:platformStack": platformStack,
      "openchoreo:tenants": tenants,
    },
  });
}
