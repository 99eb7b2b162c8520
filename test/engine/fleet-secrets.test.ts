import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rehearsalEnvironment } from "../../rehearsal/environment";
import { run } from "../../rehearsal/process";
import { base64Spellings, find, type Needle } from "../support/needles";
import { expectedClusters, STACK, useFleet } from "./support/fleet";
import { list, texts } from "./support/kubectl";
import { theEngine } from "./support/root";
import { everySpelling, filesBelow } from "./support/secrets";
import { step } from "./support/steps";

describe("secrets of a fleet that was brought up and changed", () => {
  const fleet = useFleet();
  let needles: Needle[] = [];

  before(async () => {
    needles = [...ARMOUR, ...(await secretsOfClusters()), ...credentials()];
    assert.ok(needles.length > 100, `${needles.length} texts to look for`);
  });

  /** Every value of every Secret that the program made. Certificates and lists of peers are public. */
  async function secretsOfClusters(): Promise<Needle[]> {
    const found = expectedClusters().map(async ({ name }) => {
      const secrets = await list(fleet.kubeconfig(name), "secret");
      const own = secrets.filter((secret) => secret.type !== "helm.sh/release.v1");
      return own.flatMap((secret) =>
        Object.entries(texts(secret))
          .filter(([key, value]) => !key.endsWith(".crt") && !value.startsWith("endpoints:"))
          .flatMap(([key, value]) => everySpelling(`${name}/${secret.metadata.name} ${key}`, value)),
      );
    });
    return (await Promise.all(found)).flat();
  }

  /** What the kubeconfigs of the local clusters log in with. */
  function credentials(): Needle[] {
    return expectedClusters().flatMap(({ name }) => {
      const key = readFileSync(join(fleet.folders.clusters, "clusters", name, "pki", "admin.key"), "utf8");
      return everySpelling(`kubeconfig of ${name}`, key);
    });
  }

  it("are in no file of the rehearsal outside the local clusters", () => {
    const { base, clusters, kubeconfigs } = fleet.folders;
    const files = filesBelow(base).filter((file) => !file.startsWith(clusters) && !file.startsWith(kubeconfigs));
    const shown = (file: string) => relative(base, file);
    const kinds = ["state/.pulumi/stacks/", "state/.pulumi/history/", "log/up.log", "home/pulumi/logs/", "report.json"];
    for (const kind of kinds) {
      assert.ok(
        files.some((file) => shown(file).startsWith(kind)),
        `no ${kind} to look at`,
      );
    }
    const leaks = files.flatMap((file) =>
      find(readFileSync(file, "utf8"), needles).map((of) => `${shown(file)}: ${of}`),
    );
    assert.deepEqual(leaks, []);
  });

  it("are not printed", () => {
    assert.match(fleet.printed, /Rehearsal of dev: everything held/);
    assert.deepEqual(find(fleet.printed, needles), []);
  });

  it("are all in the state, encrypted: the same search finds them in an export with the passphrase", async () => {
    const engine = await theEngine();
    const exported = await step("export with --show-secrets", () =>
      run(engine.file("pulumi"), ["stack", "export", "--show-secrets", "--stack", STACK], {
        cwd: fleet.folders.project,
        env: rehearsalEnvironment(fleet.folders, { path: process.env.PATH ?? "" }),
      }),
    );
    assert.equal(exported.code, 0);
    const found = new Set(find(exported.output, needles));
    const wanted = new Set(
      needles.map(({ of }) => of).filter((of) => of.includes("tls.key") || of.includes("kubeconfig")),
    );
    assert.deepEqual(
      [...wanted].filter((of) => !found.has(of)),
      [],
    );
  });
});

/** Words that stand in every private key. */
const ARMOUR: readonly Needle[] = ["PRIVATE KEY", ...base64Spellings("-----BEGIN PRIVATE KEY-----")]
  .concat(base64Spellings("-----BEGIN EC PRIVATE KEY-----"), base64Spellings("-----BEGIN RSA PRIVATE KEY-----"))
  .concat("client-key-data")
  .map((text) => ({ of: "a private key's armour", text }));
