import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Result } from "./model";

const figure = z.number().nonnegative();

const schema = z.strictObject({
  name: z.string(),
  date: z.iso.date(),
  machine: z.strictObject({
    processor: z.string(),
    cores: z.int().positive(),
    memory: z.int().positive(),
    system: z.string(),
    node: z.string(),
  }),
  load: figure,
  rounds: z.int().positive(),
  cases: z
    .array(
      z.strictObject({
        name: z.string(),
        size: figure.optional(),
        partOf: z.string().optional(),
        figures: z.record(z.string(), figure),
      }),
    )
    .nonempty(),
  ratios: z.array(z.strictObject({ name: z.string(), value: figure, limit: figure.optional() })),
});

/** The file of a benchmark's last result. */
export function resultFile(root: string, name: string): string {
  return join(root, "bench/results", `${name}.json`);
}

export function writeResult(root: string, result: Result): void {
  const file = resultFile(root, result.name);
  mkdirSync(join(root, "bench/results"), { recursive: true });
  writeFileSync(file, `${JSON.stringify(schema.parse(result), null, 2)}\n`);
}

/** The last result; `undefined` for what was never measured. @throws Error for a file that is none. */
export function readResult(root: string, name: string): Result | undefined {
  const file = resultFile(root, name);
  if (!existsSync(file)) return undefined;
  const { data, error } = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (data === undefined) throw new Error(`bench/results/${name}.json: ${z.prettifyError(error)}`);
  return data;
}
