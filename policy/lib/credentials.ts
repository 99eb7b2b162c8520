import { text } from "./values";

/**
 * How credentials are told from other values: by what they look like, and by what they are called. Rules report them, and
 * the plan shows none of them.
 */
const CREDENTIALS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["an access key of AWS", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a token of GitHub", /\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22})/],
  ["a token of GitLab", /\bglpat-[0-9A-Za-z_-]{20}/],
  ["a token of Slack", /\bxox[abprs]-[0-9A-Za-z-]{10,}/],
  ["a JSON web token", /\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/],
  ["an address with a password in it", /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s:@$]{3,}@/i],
];

/** What a text holds that looks like a credential, in words. */
export function credentialIn(value: unknown): string | undefined {
  const shown = text(value);
  return shown === undefined ? undefined : CREDENTIALS.find(([, pattern]) => pattern.test(shown))?.[0];
}

/** Names of settings that hold credentials. */
export const NAMED =
  /(^|[_.-])(passw(or)?d|passphrase|secret|token|api[_-]?key|secret[_-]?(access[_-]?)?key|private[_-]?key|credentials?)$/i;
/** The same as keys of charts' values, which are in camel case. */
export const VALUE_KEY =
  /^(?!.*(?:existing|Name$|Ref$))(?:.*[Pp]assw(?:or)?d|.*[Pp]assphrase|(?:.*[a-z])?[Tt]oken|.*[Ss]ecretKey|.*[Aa]piKey|.*[Pp]rivateKey|.*[Cc]lientSecret|.*[Ss]ecretAccessKey)$/;

/** Whether a value only says where the credential is: a variable, a file, nothing. */
export function isReference(value: unknown): boolean {
  const shown = text(value);
  return shown === undefined || /^$|^\$|^\/|^(true|false)$|\$\{|\{\{/.test(shown);
}

/** Name of the option that gives a credential in one argument, as `--name=value`. */
export function argumentNamed(argument: unknown): string | undefined {
  const [, name = "", value] = /^--?([\w.-]+)=(.+)$/s.exec(text(argument) ?? "") ?? [];
  return value !== undefined && NAMED.test(name) && !isReference(value) ? name : undefined;
}
