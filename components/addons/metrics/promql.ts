/**
 * Words that are no metrics although no parenthesis need follow them.
 * Source: Prometheus' documentation, "Operators" and "Query language".
 */
const WORDS = new Set(
  (
    "and or unless bool offset inf nan sum min max avg group stddev stdvar count count_values bottomk topk quantile " +
    "limitk limit_ratio start end"
  ).split(" "),
);

/** Words that a list of labels follows. */
const LISTS = new Set("by without on ignoring group_left group_right".split(" "));

/** The parts of PromQL that matter here: texts, names, variables and numbers as a whole, anything else by character. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|\$\{?\w+\}?|[a-zA-Z_:][\w:]*|\d[\w.]*|\s+|[\s\S]/g;

/**
 * A query with one more matcher in each of its selectors, such as `cluster=~"$cluster"`. A selector that has a matcher
 * for the same label keeps its own.
 */
export function withMatcher(query: string, label: string, matcher: string): string {
  const tokens: readonly string[] = query.match(TOKEN) ?? [];
  let result = "";
  for (let at = 0; at < tokens.length; ) {
    const { text, next } = piece(tokens, at, { label, matcher });
    result += text;
    at = next;
  }
  return result;
}

/** What stands at a place of a query after the change, and where the next piece begins. */
function piece(tokens: readonly string[], at: number, added: Added): { text: string; next: number } {
  const token = tokens[at] ?? "";
  const follower = tokens.slice(at + 1).find((one) => one.trim() !== "");
  const upTo = (closing: string) => {
    const end = tokens.indexOf(closing, at);
    return end < 0 ? tokens.length : end + 1;
  };
  const copied = (next: number) => ({ text: tokens.slice(at, next).join(""), next });
  if (token === "{") return { text: selector(tokens.slice(at + 1, upTo("}") - 1), added), next: upTo("}") };
  if (token === "[") return copied(upTo("]"));
  if (LISTS.has(token.toLowerCase()) && follower === "(") return copied(upTo(")"));
  if (isMetric(token) && follower !== "(" && follower !== "{") {
    return { text: `${token}{${added.matcher}}`, next: at + 1 };
  }
  return copied(at + 1);
}

interface Added {
  readonly label: string;
  readonly matcher: string;
}

function isMetric(token: string): boolean {
  const word = token.toLowerCase();
  return /^[a-zA-Z_:][\w:]*$/.test(token) && !WORDS.has(word) && !LISTS.has(word);
}

function selector(matchers: readonly string[], { label, matcher }: Added): string {
  const inside = matchers.join("");
  if (matchers.includes(label)) return `{${inside}}`;
  return inside.trim() === "" ? `{${matcher}}` : `{${matcher},${inside}}`;
}
