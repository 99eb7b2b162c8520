// Starts the project's commands on a fresh checkout: installs what the lock file pins, then runs them with tsx.
// Plain JavaScript, as it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const OLDEST_NODE = [20, 19];
const STAMP = "node_modules/.openchoreo-lock";

/** Installs with `npm ci` unless node_modules is what the lock file says. Install scripts are not needed. */
function install() {
  const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  console.error("Installing the packages of package-lock.json; this is done once …");
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    console.error("npm ci failed; check that this machine reaches an npm registry, then run the command again.");
    process.exit(npm.status ?? 1);
  }
  writeFileSync(STAMP, lock);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(`Node ${OLDEST_NODE.join(".")} or later is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

checkNode();
install();
const [entry, ...args] = process.argv.slice(2);
const node = entry === "mocha" ? ["node_modules/mocha/bin/mocha.js", ...args] : ["--import", "tsx", entry, ...args];
const { status, signal } = spawnSync(process.execPath, node, { stdio: "inherit" });
process.exit(signal === null ? (status ?? 1) : 130);
