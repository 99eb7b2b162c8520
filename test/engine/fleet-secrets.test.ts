import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rehearsalEnvironment } from "../../rehearsal/environment";
import { run } from "../../rehearsal/process";
import { expectedClusters, STACK, useFleet } from "./support/fleet";
import { list, texts } from "./support/kubectl";
import { theEngine } from "./support/root";
import { step } from "./support/steps";

/** A text that must not be found, and what it is part of. */
interface Needle {
  readonly of: string;
  readonly text: string;
}

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
          .flatMap(([key, value]) => spellings(`${name}/${secret.metadata.name} ${key}`, value)),
      );
    });
    return (await Promise.all(found)).flat();
  }

  /** What the kubeconfigs of the local clusters log in with. */
  function credentials(): Needle[] {
    return expectedClusters().flatMap(({ name }) => {
      const key = readFileSync(join(fleet.folders.clusters, "clusters", name, "pki", "admin.key"), "utf8");
      return spellings(`kubeconfig of ${name}`, key);
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

function find(text: string, needles: readonly Needle[]): string[] {
  return [...new Set(needles.filter((needle) => text.includes(needle.text)).map(({ of }) => of))];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Ways in which a text may stand in a file: as it is, as JSON has it, in base64 at any position; and a key's number. */
function spellings(of: string, value: string): Needle[] {
  const texts = [value, JSON.stringify(value).slice(1, -1), ...base64Spellings(value), ...keySpellings(value)];
  return texts.map((text) => ({ of, text }));
}

/** The secret number of a private key; lines of its PEM will not do, as they hold the public key too. */
function keySpellings(pem: string): string[] {
  if (!pem.includes("PRIVATE KEY")) return [];
  const number = Buffer.from(createPrivateKey(pem).export({ format: "jwk" }).d ?? "", "base64url");
  assert.ok(number.length >= 32);
  return [number.toString("hex"), number.toString("base64url"), ...base64Spellings(number)];
}

/** Base64 of a text looks different by its position modulo three; what depends on its neighbours is cut off. */
function base64Spellings(text: string | Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, "x"), Buffer.from(text)])
      .toString("base64")
      .replace(/=+$/, "");
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
}

/** Words that stand in every private key. */
const ARMOUR: readonly Needle[] = ["PRIVATE KEY", ...base64Spellings("-----BEGIN PRIVATE KEY-----")]
  .concat(base64Spellings("-----BEGIN EC PRIVATE KEY-----"), base64Spellings("-----BEGIN RSA PRIVATE KEY-----"))
  .concat("client-key-data")
  .map((text) => ({ of: "a private key's armour", text }));
