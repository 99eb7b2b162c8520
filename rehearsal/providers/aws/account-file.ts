/** Variable with the path of the stand-in's account. */
export const ACCOUNT = "OPENCHOREO_REHEARSAL_AWS";

/** @throws Error outside a rehearsal, which is the only place for this provider. */
export function accountFile(environment: NodeJS.ProcessEnv = process.env): string {
  const file = environment[ACCOUNT];
  if (file === undefined || file === "") {
    throw new Error(`${ACCOUNT} names no file: this provider is a stand-in, and serves only in a rehearsal`);
  }
  return file;
}
