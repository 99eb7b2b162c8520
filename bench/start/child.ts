import { profileLoading } from "./profile";

// A process of its own that loads one thing, as `what` says, and prints how long that took and what each part cost.

/** What can be loaded, in the order in which it is. */
const LOADED: Readonly<Record<string, () => void>> = {
  sdks: () => {
    for (const sdk of ["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/aws"]) require(sdk);
  },
  program: () => require("../../index"),
  plan: () => require("../../plan/make"),
};

function main([what = "", profile]: readonly string[]): void {
  const load = LOADED[what];
  if (load === undefined) throw new Error(`"${what}" is none of ${Object.keys(LOADED).join(", ")}`);
  const profiled = profile === "profile" ? profileLoading(load) : timed(load);
  process.stdout.write(JSON.stringify(profiled));
}

function timed(load: () => void) {
  const begun = performance.now();
  load();
  return { seconds: (performance.now() - begun) / 1000, files: Object.keys(require.cache).length, parts: [] };
}

main(process.argv.slice(2));
process.exit(0);
