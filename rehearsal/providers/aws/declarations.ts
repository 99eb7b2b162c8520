import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Member, membersOf, type Shape, withoutComments } from "./type-text";

/**
 * What @pulumi/aws's own type declarations say of a resource or a function, so that the stand-in knows exactly the
 * fields of the version that is installed.
 */
export interface Declaration {
  readonly inputs: ReadonlyMap<string, Member>;
  /** A required output always has a value. */
  readonly outputs: ReadonlyMap<string, Member>;
}

const root = dirname(require.resolve("@pulumi/aws/package.json"));
const declarations = new Map<string, Declaration>();
const namespaces = new Map<string, string>();
let inputTypes: string | undefined;

/** Of a type token such as `aws:ec2/vpc:Vpc`. */
export function declarationOf(token: string): Declaration {
  const known = declarations.get(token);
  if (known !== undefined) return known;
  const { file, name } = placeOf(token);
  const text = withoutComments(readFileSync(join(root, `${file}.d.ts`), "utf8"));
  const declaration = {
    inputs: membersOf(bodyOf(text, `interface ${name}Args `)),
    outputs: membersOf(bodyOf(text, `class ${name} `)),
  };
  declarations.set(token, declaration);
  return declaration;
}

/** Of the arguments of a function such as `aws:eks/getCluster:getCluster`; some functions take none. */
export function argumentsOf(token: string): ReadonlyMap<string, Member> {
  const { file, name } = placeOf(token);
  const text = withoutComments(readFileSync(join(root, `${file}.d.ts`), "utf8"));
  const type = `interface ${name.charAt(0).toUpperCase()}${name.slice(1)}OutputArgs `;
  return text.includes(type) ? membersOf(bodyOf(text, type)) : new Map();
}

/** The fields of a nested type, such as `eks.ClusterVpcConfig`. */
export function fieldsOf(type: string): ReadonlyMap<string, Member> {
  const dot = type.lastIndexOf(".");
  const text = dot < 0 ? topLevelTypes() : namespaceOf(type.slice(0, dot));
  return membersOf(bodyOf(text, `interface ${type.slice(dot + 1)} `));
}

/** What the provider itself is configured with. */
export function configurationFields(): ReadonlyMap<string, Member> {
  return membersOf(
    bodyOf(withoutComments(readFileSync(join(root, "provider.d.ts"), "utf8")), "interface ProviderArgs "),
  );
}

/** `aws:ec2/vpc:Vpc` is `Vpc` in `ec2/vpc`, and `aws:index/getRegion:getRegion` is in `getRegion`. */
function placeOf(token: string): { file: string; name: string } {
  const [, module = "", name = ""] = token.split(":");
  return { file: module.replace(/^index\//, ""), name };
}

function allTypes(): string {
  inputTypes ??= readFileSync(join(root, "types", "input.d.ts"), "utf8");
  return inputTypes;
}

function topLevelTypes(): string {
  const text = allTypes();
  return withoutComments(text.slice(0, text.indexOf("export declare namespace ")));
}

function namespaceOf(name: string): string {
  const known = namespaces.get(name);
  if (known !== undefined) return known;
  const text = allTypes();
  const start = text.indexOf(`export declare namespace ${name} {`);
  const own = start < 0 ? "" : withoutComments(text.slice(start, text.indexOf("\n}", start)));
  namespaces.set(name, own);
  return own;
}

/** What is between the braces after `head`. */
function bodyOf(text: string, head: string): string {
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`@pulumi/aws declares no ${head.trim()}`);
  let depth = 0;
  for (let at = text.indexOf("{", start); at < text.length; at++) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return text.slice(text.indexOf("{", start) + 1, at);
  }
  throw new Error(`the declaration of ${head.trim()} has no end`);
}

export type { Member, Shape };
