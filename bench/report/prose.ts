/** What the report says of a benchmark beside its figures. */
export interface Prose {
  readonly title: string;
  /** What is measured, and how. */
  readonly text: string;
  /** What the figures mean; only shown where there are any. */
  readonly notes?: string;
}

/** By the benchmarks' names. */
export const PROSE: Readonly<Record<string, Prose>> = {
  plan: {
    title: "Plan",
    text: `\`npm run plan -- prod\` as a whole process: reading and checking settings, running the program on mocks, asking the
policies, writing the report. Beside it a program that reads the same resources from a file and makes each of them by its
class of the SDKs, with the inputs that the plan has, and does nothing else; once without and once with the providers and
dependencies of the plan.`,
    notes: `The plan does more than the bare program, and runs the SDK in a leaner way than a program does by itself: no stack trace
is taken at every promise, and no resource is walked through for unknown values (\`plan/program/run.ts\`,
\`plan/program/lean.ts\`).`,
  },
  components: {
    title: "Tenants' components",
    text: `Plans of one cluster with the network and certificates, and tenants with 20 components each in two projects and two
environments. Seconds are those of the plan without starting the process; memory is the process's at its peak. Resources a
component are those that are made for tenants: shares of their namespaces, in both environments, are in it. Beside the plan of
1,000 components a program reads the same resources from a file and makes each of them by its class of the SDKs, without the
providers and dependencies of the plan; both are compared as whole processes.`,
    notes: `Small stacks cost more a resource: the platform itself and a program that Node has yet to compile are in it. In large
ones up to half of the time is garbage collection: the SDK keeps every resource and every promise of it until the program
ends, so that nothing of it can be freed before.`,
  },
  clusters: {
    title: "Clusters",
    text: `Plans of \`Pulumi.prod.yaml\` with more data clusters on EKS, in its regions in turn, joined by transit gateways. Every
pair of clusters has links, so that resources grow faster than clusters.`,
  },
  start: {
    title: "Start",
    text: `Loading \`index.ts\` by tsx in a process of its own, against loading \`@pulumi/pulumi\`, \`@pulumi/kubernetes\` and
\`@pulumi/aws\`. Parts are the time of a package's own files, without that of what they load in turn; looking at every file
takes time too, so that parts add up to more than the whole.`,
    notes: `Beyond the SDKs there are the project's own files (tsx hands each of them to Node with its source map, about a
millisecond a file, and none stands out), zod with its texts in every language, yaml and cron-parser. Much of what the SDKs
load is for serializing functions, the TypeScript compiler and npm's dependency tree among it; \`@pulumi/pulumi\` loads it in
any program.`,
  },
  engine: {
    title: "The real engine",
    text: `The dev stack on local clusters with stand-in charts, as a rehearsal brings it up, against a program that makes the same
resources with the same inputs, providers and dependencies and does nothing else; on the same clusters, in turn.`,
  },
  helm: {
    title: "Against the helm CLI",
    text: `A rehearsal's \`up\` of the dev stack with the real charts, against \`helm install\` of the same charts with the same values
on the same clusters, one after the other, in the order in which they need each other. What the program makes beside the
releases is there already when helm begins, which is to helm's advantage.`,
    notes: `The provider renders each chart by itself whenever it is asked about a release, also in a preview, to learn which kinds the
chart brings; no program can spare it that. With real charts that is most of a preview.`,
  },
  policy: {
    title: "The policy pack",
    text: `\`pulumi preview\` of the prod stack while it runs on local clusters with stand-in charts: nothing changes, and every rule
is asked about every resource; with the pack and without it, in turn.`,
    notes: `The engine asks the pack twice about each resource, one after the other, and once about all of them; the rules themselves
take about a second of it. Where a preview takes longer, as with real charts, it is a smaller share.`,
  },
  shards: {
    title: "Shards",
    text: `\`npm run tenants -- up\` of the same tenants in 4 and 16 shards, against \`pulumi up\` of them in the platform's own
stack, where they are without shards; on one cluster, with the file backend and its checkpoints. As many shards run at once as
there are processors.`,
    notes: `The engine writes the whole state at every step: two times for each resource, one after the other. That is nearly all of
the time of one large stack, and keeps one processor busy. A shard has a program, an engine and a provider of its own to
start: many small shards cost more than a few of a few hundred resources, and more processors help shards alone.`,
  },
  build: {
    title: "Engine build",
    text: `Building each binary of the engine from its pinned Go module with an empty build cache; modules are downloaded already.
Done once on a machine that cannot download the binaries.`,
  },
};
