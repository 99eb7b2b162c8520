import { stackIn } from "../stack";
import { trouble } from "./command";

trouble(process.argv.slice(2), {
  say: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  sourcesOf: (stack) => stackIn(process.cwd(), stack),
})
  // Requests that are still waited for hold the process back.
  .then((code) => process.exit(code));
