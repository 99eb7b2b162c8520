import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryWatch, memoryLine, memoryOf, processMemory } from "../../rehearsal/memory";
import { temporaryFolder } from "../support/stack";

const MIB = 1024;
const status = (own: number, file: number) =>
  `Name:\tx\nRssAnon:\t${own} kB\nRssFile:\t  ${file} kB\nRssShmem:\t0 kB\n`;

describe("memory of a rehearsal", () => {
  it("counts what each process has of its own, and pages of one executable once", () => {
    const [server] = processMemory("/bin/kube-apiserver\0--etcd=x\0", status(300 * MIB, 50 * MIB));
    const [other] = processMemory("/bin/kube-apiserver\0--etcd=y\0", status(200 * MIB, 80 * MIB));
    const [plugin] = processMemory("/home/plugins/pulumi-resource-kubernetes\0", status(100 * MIB, 10 * MIB));
    const [standIn] = processMemory("/usr/bin/node\0rehearsal/providers/aws.ts\0", status(70 * MIB, 20 * MIB));
    const [program] = processMemory("/usr/bin/node\0rehearsal/main.ts\0prod\0", status(400 * MIB, 30 * MIB));
    const all = [server, other, plugin, standIn, program].map((one) => one ?? assert.fail());
    assert.deepEqual(memoryOf(all), {
      peak: 1190,
      parts: { clusters: 580, providers: 200, engine: 410 },
    });
  });

  it("counts nothing of a process that has ended", () => assert.deepEqual(processMemory("", ""), []));

  it("is told in one line", () => {
    assert.equal(
      memoryLine({ peak: 6, parts: { engine: 1, providers: 2, clusters: 3 } }),
      "Memory at its peak: 6 MiB (engine 1, providers 2, clusters 3)",
    );
  });

  describe("as Linux shows it", () => {
    const folder = temporaryFolder();
    const add = (pid: number, environ: string, own: number) => {
      const at = join(folder.path, String(pid));
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, "stat"), `${pid} (a name) S ${Array.from({ length: 30 }, (_, index) => index).join(" ")}`);
      writeFileSync(join(at, "environ"), environ);
      writeFileSync(join(at, "cmdline"), "/bin/etcd\0");
      writeFileSync(join(at, "status"), status(own * MIB, 0));
    };

    it("is that of the stack's processes alone, at the moment when it was most", () => {
      add(101, "A=b\0OPENCHOREO_REHEARSAL=/x/.rehearsal/prod\0", 100);
      add(102, "OPENCHOREO_REHEARSAL=/x/.rehearsal/dev\0", 1000);
      add(103, "", 1000);
      const watch = new MemoryWatch({ base: "/x/.rehearsal/prod" }, folder.path);
      assert.equal(watch.peak()?.peak, 100);
      add(101, "A=b\0OPENCHOREO_REHEARSAL=/x/.rehearsal/prod\0", 40);
      assert.equal(watch.peak()?.parts.clusters, 100);
      watch.end();
    });

    it("is not known where there is no such folder", () => {
      const watch = new MemoryWatch({ base: "/x" }, join(folder.path, "none"));
      assert.equal(watch.peak(), undefined);
      watch.end();
    });
  });
});
