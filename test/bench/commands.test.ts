import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Helm, packagedIn, timeOf } from "../../bench/engine/helm";
import { summed } from "../../bench/run/shards";
import { temporaryFolder } from "../support/stack";

/** Lists two releases, the later one first, and writes down how it was called. */
const FAKE_HELM = `#!/bin/sh
echo "$*" >> SAID
[ "$1" = list ] && echo '[
  {"name":"istio-base","namespace":"istio-system","chart":"base-1.30.3","updated":"2026-01-31 10:20:31 +0000 UTC"},
  {"name":"cilium","namespace":"kube-system","chart":"cilium-1.19.6","updated":"2026-01-31 10:20:30 +0000 UTC"}]'
[ "$1" = get ] && echo "of: $3"
exit 0
`;

describe("what other commands print", () => {
  const folder = temporaryFolder();

  it("is read: times of helm", () => {
    assert.equal(timeOf("2026-01-31 10:20:30.123456789 +0000 UTC"), Date.UTC(2026, 0, 31, 10, 20, 30, 123));
    assert.equal(timeOf("2026-01-31 10:20:30 +0200 CEST"), Date.UTC(2026, 0, 31, 8, 20, 30));
    assert.throws(() => timeOf("yesterday"), /nobody understands: yesterday/);
  });

  it("is read: charts of helm, whose files may have a v before the version", () => {
    const [plain, marked] = ["cilium-1.19.6.tgz", "cert-manager-v1.21.1.tgz"].map((name) => folder.write(name, ""));
    assert.equal(packagedIn(folder.path, "cilium-1.19.6"), plain);
    assert.equal(packagedIn(folder.path, "cert-manager-1.21.1"), marked);
    assert.throws(() => packagedIn(folder.path, "istiod-1.0.0"), /has no istiod-1\.0\.0\.tgz/);
  });

  it("is what releases are installed by again, in the order in which they began", async () => {
    const said = join(folder.path, "said.txt");
    const script = folder.write("helm", FAKE_HELM.replaceAll("SAID", said));
    chmodSync(script, 0o755);
    const charts = ["cilium-1.19.6.tgz", "base-1.30.3.tgz"].map((name) => folder.write(name, ""));
    const helm = new Helm(script, folder.path, folder.path);
    const releases = await helm.releases("/k/east.yaml");
    assert.deepEqual(
      releases.map(({ name, namespace, chart, kubeconfig }) => ({ name, namespace, chart, kubeconfig })),
      [
        { name: "cilium", namespace: "kube-system", chart: charts[0], kubeconfig: "/k/east.yaml" },
        { name: "istio-base", namespace: "istio-system", chart: charts[1], kubeconfig: "/k/east.yaml" },
      ],
    );
    assert.equal(readFileSync(releases[0]?.values ?? "", "utf8"), "of: cilium\n");
    const [first] = releases;
    assert.ok(first);
    await helm.uninstall(first);
    const { seconds } = await helm.install(first);
    assert.ok(seconds > 0);
    const calls = readFileSync(said, "utf8").trim().split("\n").slice(-2);
    assert.deepEqual(calls, [
      "uninstall cilium --namespace kube-system --wait --timeout 5m --kubeconfig /k/east.yaml",
      `install cilium ${charts[0]} --namespace kube-system --values ${first.values} --wait --timeout 5m --kubeconfig /k/east.yaml`,
    ]);
  });

  it("is shown where a command fails", async () => {
    const script = folder.write("broken", "#!/bin/sh\necho no such cluster >&2\nexit 3\n");
    chmodSync(script, 0o755);
    await assert.rejects(new Helm(script, folder.path, folder.path).releases("/k"), /ended with 3:\nno such cluster/);
  });

  it("is read: the sum of the driver of shards", () => {
    const table = "stack      tenants  created\nall             40     1012        0        0     0     61.4\n";
    assert.deepEqual(summed(table), { created: 1012, seconds: 61.4 });
    assert.throws(() => summed("failed"), /no sum/);
  });
});
