import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { registerBare } from "./program";
import type { SpecResource } from "./spec";

// A whole process: reads resources from a file and registers them on mocks, as a program without any thought would.

async function main([file = "", order]: readonly string[]): Promise<void> {
  const spec: SpecResource[] = JSON.parse(readFileSync(file, "utf8"));
  let registered = 0;
  const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    registered += 1;
    return { id: id || `${name}-id`, state: inputs };
  };
  await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "bare", "bench", false);
  await pulumi.runtime.runInPulumiStack(async () => registerBare(spec, { order: order === "order" }));
  await pulumi.runtime.disconnect();
  process.stdout.write(JSON.stringify({ registered }));
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
