/** A failure that the user can do something about: printed without a stack trace. */
export class RecoveryError extends Error {}
