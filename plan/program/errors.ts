/**
 * Runs `action` as Pulumi's runtime does: a rejection that nobody handles is an error of the program. What
 * else listens to such rejections, such as a test runner, would take it for one of its own.
 */
export async function collectErrors(action: (failed: Promise<void>) => Promise<void>): Promise<Error[]> {
  const errors = new Set<unknown>();
  const others = process.listeners("unhandledRejection");
  let fail = () => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const collect = (reason: unknown) => {
    errors.add(reason);
    fail();
  };
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", collect);
  try {
    await action(failed).catch(collect);
    // Node reports rejections after the microtasks of the turn in which they happened.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeListener("unhandledRejection", collect);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return [...errors].map((error) => (error instanceof Error ? error : new Error(String(error))));
}
