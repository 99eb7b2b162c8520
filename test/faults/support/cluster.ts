import { enginePath } from "../../../rehearsal/engine";
import { run } from "../../../rehearsal/process";
import type { LiveStack } from "../../engine/support/live-stack";
import { theEngine } from "../../engine/support/root";

/** Stops the processes of a stack's cluster, or starts them again with all that the cluster holds. */
export async function kwokctl(stack: LiveStack, what: "stop" | "start"): Promise<void> {
  const engine = await theEngine();
  const { clusters, home, base } = stack.project.folders(stack.name);
  const args = [what, "cluster", "--name", stack.cluster.name, ...(what === "start" ? ["--wait", "2m"] : [])];
  const { code, output } = await run(engine.file("kwokctl"), args, {
    env: { PATH: enginePath(engine), HOME: home, KWOK_WORKDIR: clusters, OPENCHOREO_REHEARSAL: base },
  });
  if (code !== 0) throw new Error(`kwokctl ${args.join(" ")}: ${output}`);
}
