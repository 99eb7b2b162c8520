/** Runs one step and says what it was and how long it took, as these tests take minutes. */
export async function step<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  const begun = Date.now();
  let end = "failed after";
  try {
    const result = await work();
    end = "";
    return result;
  } finally {
    console.log(`      ${what}: ${end}${end === "" ? "" : " "}${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
}

/** Asks until the answer is true; fails with `what` when it is not in time. */
export async function until(what: string, seconds: number, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
