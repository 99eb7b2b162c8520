import { table } from "../docs-settings";
import { type LockedPackage, lockedPackages } from "./lock";

/** Licences under which a package may be used here without a word about it: all permissive. */
export const ALLOWED: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
];

/** Packages with another licence, each with what it says and why that is fine. */
export const EXCEPTIONS: Readonly<Record<string, { readonly licence: string; readonly why: string }>> = {
  "@logdna/tail-file": {
    licence: "SEE LICENSE IN LICENSE",
    why: "that file is the text of the MIT licence",
  },
  "spdx-exceptions": {
    licence: "CC-BY-3.0",
    why: "a list of names and no code, whose author is named here: the SPDX workgroup",
  },
};

/** What is wrong with the licences of packages; each line names one and says what to do. */
export function licenceProblems(packages: readonly LockedPackage[]): string[] {
  const refused = packages.flatMap(({ name, version, licence }) => {
    if (licence !== undefined && (allows(licence) || EXCEPTIONS[name]?.licence === licence)) return [];
    return [
      `${name} ${version}: ${licence ?? "no licence"} is not allowed; do without it, or say why it is fine (EXCEPTIONS)`,
    ];
  });
  const stale = Object.entries(EXCEPTIONS).filter(
    ([name, { licence }]) => !packages.some((one) => one.name === name && one.licence === licence),
  );
  return [
    ...refused,
    ...stale.map(([name]) => `${name}: is an exception and is not installed with that licence; remove it`),
  ];
}

/** Whether an SPDX expression is met by the licences that are allowed: one side of OR, both of AND. */
export function allows(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const either = (): boolean => {
    let met = both();
    // The right side is read whatever the left one says.
    while (tokens[0] === "OR") met = tokens.shift() !== undefined && both() ? true : met;
    return met;
  };
  const both = (): boolean => {
    let met = one();
    while (tokens[0] === "AND") met = tokens.shift() !== undefined && one() && met;
    return met;
  };
  const one = (): boolean => {
    const token = tokens.shift() ?? "";
    if (token !== "(") return ALLOWED.includes(token);
    const met = either();
    return tokens.shift() === ")" && met;
  };
  return either() && tokens.length === 0;
}

/** The generated part of docs/licences.md: the same on every machine, as it is read from the lock file. */
export function licencesPage(packages = lockedPackages()): string {
  const licences = [...new Set(packages.map(({ licence }) => licence ?? "none"))].sort();
  const counts = licences.map((licence) => {
    const own = packages.filter((one) => (one.licence ?? "none") === licence);
    return [licence, String(own.length), String(own.filter(({ dev }) => !dev).length)];
  });
  const exceptions = Object.entries(EXCEPTIONS).map(([name, { licence, why }]) => [`\`${name}\``, licence, why]);
  return `# Licences

The program itself is under the Apache License 2.0. This is what package-lock.json installs with it, on any machine:
${packages.length} packages. Their licences are those that each says of itself.

${table(["licence", "packages", "of which the program runs with"], counts)}

Allowed without a word: ${ALLOWED.join(", ")}. Beside them:

${table(["package", "licence", "why it is fine"], exceptions)}

## Packages

${table(["package", "version", "licence", "for"], rowsOf(packages))}`;
}

function rowsOf(packages: readonly LockedPackage[]): string[][] {
  const rows = packages.map(({ name, version, licence = "none", dev, optional }) => {
    const use = dev ? "development" : "running";
    return [`\`${name}\``, version, licence, optional ? `${use}, some machines` : use];
  });
  const lines = new Map(rows.map((row) => [row.join(" "), row]));
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
