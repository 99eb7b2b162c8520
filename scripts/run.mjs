// Starts the project's commands on a fresh checkout: installs what the lock file pins, then runs them with tsx.
// Plain JavaScript, as it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";

const OLDEST_NODE = [20, 19];

/** Whether node_modules holds what the lock file says; packages for other machines are left out by npm. */
function isInstalled() {
  const installed = "node_modules/.package-lock.json";
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    return path === "" || (have[path] === undefined ? entry.optional === true : have[path].version === entry.version);
  });
}

/** Installs with `npm ci` unless that was done for this lock file. Install scripts are not needed. */
function install() {
  if (isInstalled()) return;
  console.error("Installing the packages of package-lock.json; this is done once …");
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status === 0) return;
  console.error("npm ci failed; check that this machine reaches an npm registry, then run the command again.");
  process.exit(npm.status ?? 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(`Node ${OLDEST_NODE.join(".")} or later is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs Node with what the command is, hands signals on to it, and ends as it ends. */
function run(args) {
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** A plan is made in any job of a pull request: its heap grows in smaller steps, for a tenth less memory. */
const FLAGS = { "plan/main.ts": ["--heap-growing-percent=50"] };

checkNode();
install();
const [entry, ...args] = process.argv.slice(2);
const flags = FLAGS[entry] ?? [];
run(entry === "mocha" ? ["node_modules/mocha/bin/mocha.js", ...args] : [...flags, "--import", "tsx", entry, ...args]);
