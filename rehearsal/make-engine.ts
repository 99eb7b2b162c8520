import { ensureEngine } from "./engine";
import { makeFolders } from "./environment";
import { foldersOf } from "./folders";
import { askAgain, ensurePlugins } from "./plugins";
import { RehearsalError } from "./process";
import { consoleProgress } from "./progress";

/** `npm run engine`: makes what a rehearsal would make first, and says where each part is. */
async function main(root: string): Promise<void> {
  const progress = consoleProgress();
  const engine = await ensureEngine({ root, progress });
  const folders = foldersOf(root, "engine");
  makeFolders(folders);
  askAgain(engine);
  const { standIns } = await ensurePlugins(engine, folders, progress);
  for (const [binary, { file, origin }] of engine.binaries) process.stdout.write(`${binary}: ${file} (${origin})\n`);
  for (const { plugin } of standIns) process.stdout.write(`${plugin}: stand-in\n`);
}

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof RehearsalError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
