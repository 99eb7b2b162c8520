import assert from "node:assert/strict";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { withKubeconfigs } from "../../recovery/edit";
import { freshKubeconfigs } from "../../recovery/kubeconfigs";
import { resourcesOf, textInput } from "../../recovery/state";
import { kubeconfigOf, temporaryFolder } from "../support/stack";
import { PROVIDER, resource, state } from "./support/situations";

describe("recovery: kubeconfigs", () => {
  const folder = temporaryFolder();
  const secrets: Readonly<Record<string, string>> = { westKubeconfig: kubeconfigOf("west") };
  const pulumi = {
    config: async (key: string) => secrets[key] ?? assert.fail(`no secret ${key}`),
  };

  /** Names of the users by cluster, of what is found for providers. */
  async function found(clusters: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
    const entries = Object.entries(clusters).map(([name, provider]) => [name, { provider }]);
    const config = { "openchoreo:platform": { clusters: Object.fromEntries(entries) } };
    folder.write("Pulumi.live.yaml", stringify({ config }));
    const all = await freshKubeconfigs({ root: folder.path, stack: "live", project: "openchoreo", pulumi });
    return Object.fromEntries([...all].map(([name, text]) => [name, parse(text).users[0].name]));
  }

  it("are read from files and secrets, as the program does", async () => {
    folder.write("east.yaml", kubeconfigOf("east"));
    const existing = (kubeconfig: object) => ({ kind: "existing", kubeconfig });
    const clusters = {
      east: existing({ path: "east.yaml" }),
      west: existing({ secret: "westKubeconfig" }),
      made: { kind: "eks", region: "eu-west-1" },
      other: existing({ stack: "a/b/c" }),
      lost: existing({ path: "nowhere.yaml" }),
      unset: existing({ secret: "nothing" }),
    };
    assert.deepEqual(await found(clusters), { east: "east", west: "west" });
  });

  it("are none where there is no file, or one that is wrong", async () => {
    const args = { root: join(folder.path, "nowhere"), stack: "live", project: "openchoreo", pulumi };
    assert.deepEqual([...(await freshKubeconfigs(args))], []);
    folder.write("Pulumi.live.yaml", "config: [");
    assert.deepEqual([...(await freshKubeconfigs({ ...args, root: folder.path }))], []);
  });

  it("take the place of those in the state, of the same cluster alone", () => {
    const other = resource("pulumi:providers:kubernetes", "other", { inputs: { kubeconfig: "old" } });
    const given = state([other, resource("pulumi:providers:aws", "only")]);
    const changed = resourcesOf(
      withKubeconfigs(
        given,
        new Map([
          ["only", "new"],
          ["nobody", "x"],
        ]),
      ),
    );
    const texts = changed.map((one) => [one.urn === PROVIDER, textInput(one, "kubeconfig")]);
    assert.deepEqual(texts, [
      [true, "new"],
      [false, "old"],
      [false, ""],
    ]);
  });
});
