import { spawn } from "node:child_process";
import type { Folders } from "./folders";

/** Watches over a rehearsal from outside its process. */
export interface Guard {
  /** The rehearsal ended by itself and cleaned up as it was asked to; the guard does nothing. */
  readonly release: () => void;
}

/**
 * Starts a small process that outlives this one. When this process ends without having released it (killed, crashed,
 * machine out of memory), the guard ends what the rehearsal started and removes its state, so that nothing runs on and
 * no lock stays.
 */
export function startGuard(folders: Folders): Guard {
  const child = spawn("/bin/sh", ["-c", SCRIPT, "rehearsal-guard", folders.base], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: process.env.PATH },
  });
  child.unref();
  // An unref'd pipe does not keep this process alive; its end still tells the guard that we are gone.
  const pipe = child.stdin as typeof child.stdin & { unref?: () => void };
  pipe.on("error", () => undefined);
  pipe.unref?.();
  return {
    release: () => {
      pipe.write("release\n");
      pipe.end();
    },
  };
}

/**
 * $1 is the rehearsal's folder. Processes of clusters have pid files; the engine and its plugins carry the folder in
 * their environment, which Linux shows (elsewhere the engine ends by itself when its program is gone).
 */
const SCRIPT = `
read -r verdict && [ "$verdict" = release ] && exit 0
pids=$(cat "$1"/clusters/clusters/*/pids/*.pid 2>/dev/null)
for process in /proc/[0-9]*; do
  tr '\\0' '\\n' < "$process/environ" 2>/dev/null | grep -qxF "OPENCHOREO_REHEARSAL=$1" && pids="$pids \${process#/proc/}"
done
for pid in $pids; do [ "$pid" = $$ ] || kill "$pid" 2>/dev/null; done
sleep 3
for pid in $pids; do [ "$pid" = $$ ] || kill -9 "$pid" 2>/dev/null; done
rm -rf "$1/clusters" "$1/kubeconfigs" "$1/state" "$1/lock.json"
`;
