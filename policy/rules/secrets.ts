import { INSTALLS, installOf } from "../lib/charts";
import { argumentNamed, credentialIn, isReference, NAMED, VALUE_KEY } from "../lib/credentials";
import { containersOf, POD_MAKERS, podOf } from "../lib/kubernetes";
import { kinds, type Report, type Resource, resourceRule, textList, type } from "../lib/rule";
import { at, isFields, isMissing, items, leaves, text } from "../lib/values";

const CANNOT_TELL = "it cannot be told which values are secrets, as exemptions-current is not at its own enforcement";

/** Names of keys whose values are for everybody to read. */
const PUBLIC = ["ca.crt", "*.crt", "*.pem.pub", "username", "user", "*host", "port", "url", "*endpoint", "region"];

export const secretsNotPlain = resourceRule({
  name: "secrets-not-plain",
  description: "What stands in a Secret is a secret of the stack too.",
  severity: "critical",
  reason: "otherwise it is in the state in plain text, for everybody who may read that",
  fix: "Take the value from a secret output, from config set with --secret, or wrap it in pulumi.secret().",
  options: { public: textList("Keys of Secrets whose values are no secrets; * is any text.", PUBLIC) },
  appliesTo: kinds("core", "Secret"),
  check: ({ props, secrets }, report, options) => {
    for (const field of ["data", "stringData"]) {
      for (const { path, value } of leaves(props[field], [field])) {
        const key = path.at(-1) ?? "";
        if (isMissing(value) || options.public.some((pattern) => fits(pattern, key))) continue;
        if (secrets === undefined) return report(CANNOT_TELL);
        if (!secrets.cover(path)) report(`${path.join(".")} is no secret of the stack`);
      }
    }
  },
});

function fits(pattern: string, key: string): boolean {
  return pattern.startsWith("*") ? key.endsWith(pattern.slice(1)) : key === pattern;
}

export const secretsNotInConfigMaps = resourceRule({
  name: "secrets-not-in-config-maps",
  description: "No credential stands in a ConfigMap.",
  severity: "critical",
  reason: "ConfigMaps are read by many, are not encrypted at rest, and are shown in every preview",
  fix: "Put it in a Secret, and mount that.",
  appliesTo: kinds("core", "ConfigMap"),
  check: ({ props, secrets }, report) => {
    for (const field of ["data", "binaryData"]) {
      for (const { path, value } of leaves(props[field], [field])) {
        const found = credentialIn(value);
        if (secrets?.cover(path)) report(`${path.join(".")} is a secret of the stack`);
        else if (found !== undefined) report(`${path.join(".")} holds ${found}`);
        else if (NAMED.test(path.at(-1) ?? "") && !isReference(value))
          report(`${path.join(".")} is named as a credential`);
      }
    }
  },
});

export const secretsNotInEnv = resourceRule({
  name: "secrets-not-in-env",
  description: "No credential stands in a variable of a container.",
  severity: "critical",
  reason: "whoever may look at the pod reads it, and so does every child process",
  fix: "Take it from a Secret: valueFrom.secretKeyRef, or better a mounted file.",
  appliesTo: POD_MAKERS,
  check: (resource, report) => {
    for (const { label, spec } of containersOf(podOf(resource) ?? {}))
      for (const variable of items(spec.env)) {
        const [name, value] = [text(at(variable, "name")) ?? "?", at(variable, "value")];
        const found = credentialIn(value);
        if (found !== undefined) report(`variable ${name} of ${label} holds ${found}`);
        else if (NAMED.test(name) && !isReference(value))
          report(`variable ${name} of ${label} is named as a credential`);
      }
  },
});

export const secretsNotInArguments = resourceRule({
  name: "secrets-not-in-arguments",
  description: "No credential stands in the command of a container.",
  severity: "high",
  reason: "commands are shown in lists of processes and in events",
  fix: "Let the program read it from a file of a mounted Secret.",
  appliesTo: POD_MAKERS,
  check: (resource, report) => {
    for (const { label, spec } of containersOf(podOf(resource) ?? {}))
      for (const argument of [...items(spec.command), ...items(spec.args)]) {
        const name = argumentNamed(argument);
        const found = credentialIn(argument);
        if (name !== undefined) report(`${label} gets --${name} as an argument`);
        else if (found !== undefined) report(`${label} gets ${found} as an argument`);
      }
  },
});

export const secretsNotInValues = resourceRule({
  name: "secrets-not-in-values",
  description: "No credential stands in the values of a chart.",
  severity: "critical",
  reason: "Helm keeps values in the cluster and the state has them too; a Secret of its own can be rotated",
  fix: "Make a Secret, and give the chart its name: an existingSecret key, or a variable from a secretKeyRef.",
  appliesTo: INSTALLS,
  check: (resource, report) => checkValues(resource, report),
});

function checkValues(resource: Resource, report: Report): void {
  const path0 = isFields(resource.props.helmOptions) ? ["helmOptions", "values"] : ["values"];
  const values = installOf(resource)?.values;
  for (const { path, value } of leaves(values)) {
    const found = credentialIn(value);
    const named = VALUE_KEY.test(path.at(-1) ?? "") && !isReference(value) && !isBesideName(values, path);
    if (found === undefined && !named) continue;
    if (resource.secrets?.cover([...path0, ...path])) continue;
    report(`${path.join(".")} ${found === undefined ? "is named as a credential" : `holds ${found}`}`);
  }
}

/** Whether a key says which one of a Secret that is named beside it. */
function isBesideName(values: unknown, path: readonly string[]): boolean {
  const beside = at(values, ...path.slice(0, -1));
  if (!/[Kk]ey$/.test(path.at(-1) ?? "")) return false;
  return isFields(beside) && Object.keys(beside).some((key) => /^(secretName|existingSecret|name)$/.test(key));
}

export const secretsKubeconfig = resourceRule({
  name: "secrets-kubeconfig",
  description: "The kubeconfig of a provider is a secret.",
  severity: "critical",
  reason: "it is the key to the whole cluster, and would be in the state in plain text",
  fix: "Wrap it in pulumi.secret(), or take it from a secret output.",
  appliesTo: type("pulumi:providers:kubernetes"),
  check: ({ props, secrets }, report) => {
    if (typeof props.kubeconfig !== "string" || !/token|client-key-data|password/.test(props.kubeconfig)) return;
    if (secrets === undefined) report(CANNOT_TELL);
    else if (!secrets.cover(["kubeconfig"])) report("the kubeconfig is no secret of the stack");
  },
});

export const secretsNoStaticCloudKeys = resourceRule({
  name: "secrets-no-cloud-keys",
  description: "No provider of AWS has keys of its own.",
  severity: "high",
  reason: "keys last until somebody remembers them; a role's credentials last an hour",
  fix: "Remove accessKey and secretKey, and let the provider assume a role.",
  appliesTo: type("pulumi:providers:aws"),
  check: ({ props }, report) => {
    for (const key of ["accessKey", "secretKey"]) if (typeof props[key] === "string") report(`the provider has ${key}`);
  },
});
