import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { MARK } from "./environment";
import type { Folders } from "./folders";
import { alive, readPid } from "./process";

/** Watches over a rehearsal from outside its process. */
export interface Guard {
  /** The rehearsal ended by itself and cleaned up as it was asked to; the guard does nothing. */
  readonly release: () => void;
  /** Ends everything that runs for the rehearsal now, as if this process were gone; resolves when nothing is left. */
  readonly takeDown: () => Promise<void>;
}

/**
 * Starts a small process that outlives this one. When this process ends without having released it (killed, crashed,
 * machine out of memory), the guard ends what the rehearsal started and removes its state, so that nothing runs on and
 * no lock stays. With `keep` the clusters and the state stay, for the next rehearsal to go on from.
 */
export function startGuard(folders: Folders, { keep = false }: { readonly keep?: boolean } = {}): Guard {
  const child = spawn("/bin/sh", ["-c", SCRIPT, "rehearsal-guard", folders.base, keep ? "keep" : "remove"], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: process.env.PATH },
  });
  writeFileSync(folders.guard, String(child.pid ?? ""));
  const ended = once(child, "exit");
  ended.catch(() => undefined);
  child.unref();
  // An unref'd pipe does not keep this process alive; its end still tells the guard that we are gone.
  const pipe = child.stdin as typeof child.stdin & { unref?: () => void };
  pipe.on("error", () => undefined);
  pipe.unref?.();
  return {
    release: () => {
      rmSync(folders.guard, { force: true });
      pipe.write("release\n");
      pipe.end();
    },
    takeDown: async () => {
      child.ref();
      pipe.end();
      await ended;
    },
  };
}

const FORMER_GUARD_MS = 20_000;

/** Waits for the guard of a rehearsal that was killed: it may still be ending what that one started. */
export async function awaitFormerGuard({ guard }: Folders): Promise<void> {
  const deadline = Date.now() + FORMER_GUARD_MS;
  for (let pid = readPid(guard); pid !== undefined && alive(pid) && Date.now() < deadline; pid = readPid(guard)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * $1 is the rehearsal's folder. Whatever it started carries the folder in its environment, which Linux shows, also a
 * cluster that is only being started; elsewhere the clusters' pid files have to do, and the engine ends by itself when
 * its program is gone. Who is not gone after two seconds is killed. $2 says whether the clusters are kept: then only what
 * is no process of theirs is ended.
 */
const SCRIPT = `
read -r verdict && [ "$verdict" = release ] && exit 0
mine() {
  if [ -r /proc/self/environ ]; then
    for file in $(grep -lzxF "${MARK}=$1" /proc/[0-9]*/environ 2>/dev/null); do
      file=\${file#/proc/}
      echo "\${file%/environ}"
    done
  else
    for file in "$1"/clusters/clusters/*/pids/*.pid; do
      pid=$(cat "$file" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo "$pid"
    done
  fi
}
clusters=" "
for file in "$1"/clusters/clusters/*/pids/*.pid; do
  clusters="$clusters$(cat "$file" 2>/dev/null) "
done
victims() {
  for pid in $(mine "$1"); do
    case "$2$clusters" in keep*" $pid "*) ;; *) echo "$pid" ;; esac
  done
}
for second in 1 2 3 4 5 6 7 8; do
  pids=$(victims "$1" "$2")
  [ -n "$pids" ] || break
  [ "$second" -le 2 ] && signal=TERM || signal=KILL
  kill -$signal $pids 2>/dev/null
  sleep 1
done
[ "$2" = keep ] && rm -f "$1/lock.json" "$1/guard.pid" && exit 0
rm -rf "$1/clusters" "$1/kubeconfigs" "$1/state" "$1/project" "$1/aws" "$1/lock.json" "$1/guard.pid"
`;
