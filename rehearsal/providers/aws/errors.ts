/** A refusal, with the code and in the words of AWS's own. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {
    super(`api error ${code}: ${reason}`);
  }
}

export function refuse(code: string, reason: string): never {
  throw new AwsError(code, reason);
}
