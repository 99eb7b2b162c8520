/** Tells the user what is going on. Lines go to standard error, so that standard output stays free for results. */
export interface Progress {
  readonly say: (line: string) => void;
  /** Says what begins, every 20 s how long it has taken, and when it is done. */
  readonly during: <T>(what: string, work: () => Promise<T>) => Promise<T>;
}

const REPEAT_MS = 20_000;

export function consoleProgress(write: (text: string) => void = (text) => process.stderr.write(text)): Progress {
  const started = Date.now();
  const say = (line: string) => write(`${clock(Date.now() - started)}  ${line}\n`);
  return {
    say,
    during: async (what, work) => {
      const begun = Date.now();
      say(`${what} …`);
      const timer = setInterval(() => say(`${what} … ${seconds(Date.now() - begun)} so far`), REPEAT_MS);
      try {
        const result = await work();
        say(`${what}: done in ${seconds(Date.now() - begun)}`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function clock(ms: number): string {
  const total = Math.floor(ms / 1000);
  return `${String(Math.floor(total / 60)).padStart(2, " ")}:${String(total % 60).padStart(2, "0")}`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
