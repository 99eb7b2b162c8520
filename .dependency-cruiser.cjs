// The folder order of the program (CONTRIBUTING.md): a folder of components/ imports only from folders above it.
const ORDER = ["settings", "fleet", "stacks", "clusters", "trust", "addons", "mesh", "planes", "tenants", "bootstrap"];

const later = ORDER.slice(0, -1).map((folder, index) => ({
  name: `order-${folder}`,
  severity: "error",
  comment: `components/${folder} comes before ${ORDER.slice(index + 1).join(", ")}`,
  from: { path: `^components/${folder}/` },
  to: { path: `^components/(${ORDER.slice(index + 1).join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...later,
    {
      name: "components-know-only-components",
      severity: "error",
      comment: "The rehearsal, the plan, policies and tests call the program; it knows nothing of them.",
      from: { path: "^components/" },
      to: { path: "^(cli|recovery|tenancy|rehearsal|plan|policy|test|scripts|bench)/" },
    },
    {
      name: "calls-are-read-without-the-program",
      severity: "error",
      comment: "Every command reads its call by it, also one that is wrong: nothing else is loaded for that.",
      from: { path: "^cli/" },
      to: { path: "^(index.ts|components|recovery|tenancy|rehearsal|plan|policy|test|scripts|bench)(/|$)" },
    },
    {
      name: "recovery-knows-no-rehearsal",
      severity: "error",
      comment: "A rehearsal recovers as a user does; what recovers a real stack knows nothing of rehearsals.",
      from: { path: "^recovery/" },
      to: { path: "^(rehearsal|plan|policy|test|scripts|bench)/" },
    },
    {
      name: "tenancy-knows-no-rehearsal",
      severity: "error",
      comment: "The driver of shards is what users run; a rehearsal calls it.",
      from: { path: "^tenancy/" },
      to: { path: "^rehearsal/" },
    },
    {
      name: "policies-know-only-data-of-the-program",
      severity: "error",
      comment: "A pack is loaded at every preview: of the program it takes the charts' pins, and no code.",
      from: { path: "^policy/" },
      to: { path: "^(index.ts|components/(?!addons/charts.json$)|rehearsal/|plan/|scripts/)" },
    },
    {
      name: "plan-reads-stack-files-as-the-rehearsal-does",
      severity: "error",
      comment:
        "The plan shares how a call and a stack file are read, and what AWS replaces; nothing else of the rehearsal.",
      from: { path: "^plan/" },
      to: { path: "^rehearsal/(?!(args|stack-file|providers/aws/types/index).ts$)" },
    },
    {
      name: "rehearsal-knows-no-plan",
      severity: "error",
      comment: "Both call the program, each on its own.",
      from: { path: "^rehearsal/" },
      to: { path: "^plan/" },
    },
    {
      name: "product-knows-no-benchmarks",
      severity: "error",
      comment: "Benchmarks measure the product from outside.",
      from: { pathNot: "^(bench|test)/" },
      to: { path: "^bench/" },
    },
    {
      name: "product-knows-no-tests",
      severity: "error",
      comment: "Tests import the product, never the other way round.",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    { name: "no-circle", severity: "error", comment: "No file needs itself.", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
