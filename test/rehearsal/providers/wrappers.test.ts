import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standInProviders, writeProviderWrapper } from "../../../rehearsal/providers";
import { ACCOUNT } from "../../../rehearsal/providers/aws/account-file";

describe("stand-in providers", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "providers-")), "it's here");
  after(() => rmSync(join(folder, ".."), { recursive: true }));

  for (const provider of standInProviders) {
    it(`${provider.package} is a plugin that serves`, async () => {
      assert.ok(existsSync(provider.entry));
      assert.match(provider.replaces, /^[a-z].*\.$/);
      const path = writeProviderWrapper(provider, folder);
      accessSync(path, constants.X_OK);
      assert.equal(path, join(folder, provider.plugin));
      // As the engine starts it: elsewhere, with its address as the only argument; the answer is a port.
      const env = { ...process.env, [ACCOUNT]: join(folder, "account.jsonl") };
      const plugin = spawn(path, ["127.0.0.1:1"], { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "inherit"] });
      const [answer] = await once(plugin.stdout, "data");
      plugin.kill();
      assert.match(String(answer), /^\d+\n$/);
    }).timeout(30_000);
  }
});
