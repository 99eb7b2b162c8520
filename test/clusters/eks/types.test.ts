import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../../support/stack";

/** Files of the program that make something on AWS. */
function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .filter((file) => readFileSync(file, "utf8").includes("new aws."));
}

/**
 * Where TypeScript would let a misspelt field pass: it looks for unknown fields in an object as it is written, and in
 * what `satisfies` a type, but not in a variable, nor in what is spread into an object.
 */
function unguarded(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const complain = (node: ts.Node, what: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${relative(ROOT, file)}:${line + 1}: ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /^aws\.(\w+\.)?\w+$/.test(node.expression.getText())) {
      const args = node.arguments?.[1];
      if (args !== undefined) look(args, source, complain);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function look(args: ts.Expression, source: ts.SourceFile, complain: (node: ts.Node, what: string) => void): void {
  if (ts.isObjectLiteralExpression(args)) {
    for (const property of args.properties) {
      if (ts.isSpreadAssignment(property) && !isGuarded(property.expression, source)) {
        complain(property, property.getText().split("\n")[0] ?? "");
      }
      // What is written inside is looked at by TypeScript too, but for what is spread there.
      const isMap = property.name !== undefined && /tags$/i.test(property.name.getText());
      if (!isMap && ts.isPropertyAssignment(property) && ts.isObjectLiteralExpression(property.initializer)) {
        look(property.initializer, source, complain);
      }
    }
  } else if (!isGuarded(args, source)) complain(args, args.getText());
}

/** Whether an expression is one that `satisfies` a type, or the name of one, or the result of a function that returns one. */
function isGuarded(expression: ts.Expression, source: ts.SourceFile): boolean {
  if (ts.isParenthesizedExpression(expression)) return isGuarded(expression.expression, source);
  if (ts.isSatisfiesExpression(expression)) return true;
  const name = ts.isCallExpression(expression) ? expression.expression : expression;
  if (!ts.isIdentifier(name)) return false;
  let guarded = false;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name.text && node.initializer !== undefined) {
      guarded ||= ts.isSatisfiesExpression(node.initializer);
    }
    if (ts.isFunctionDeclaration(node) && node.name?.text === name.text) {
      guarded ||=
        node.body?.statements.some(
          (one) =>
            ts.isReturnStatement(one) && one.expression !== undefined && ts.isSatisfiesExpression(one.expression),
        ) === true;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return guarded;
}

describe("inputs of @pulumi/aws", () => {
  const files = sources(join(ROOT, "components"));

  it("are checked field by field wherever something is made", () => {
    assert.ok(files.length > 15, `${files.length} files`);
    assert.deepEqual(files.flatMap(unguarded), []);
  });

  it("are none that a cast hides", () => {
    for (const file of files) {
      const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      assert.doesNotMatch(code, /\bas (any|never|unknown)\b|: any\b|<any>/, file);
    }
  });
});
