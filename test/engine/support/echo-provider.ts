import { serve } from "../../../rehearsal/providers/serve";

/** A provider that takes everything as it is: what policies are asked about is then what the program says. */
void serve({
  version: "1.0.0",
  checkConfig: (news) => ({ inputs: news }),
  diffConfig: () => [],
  configure: () => {},
  check: async (_urn, _olds, news) => ({ inputs: news }),
  diff: async () => ({ changed: [], replaces: [], deleteBeforeReplace: false }),
  create: async (_urn, inputs) => ({ id: "", outs: inputs }),
  read: async ({ id, state, inputs }) => ({ id, props: state, inputs }),
  update: async (_known, news) => news,
  delete: async () => {},
  invoke: async () => ({}),
});
