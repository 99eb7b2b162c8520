import {
  type Policies,
  type PolicyConfigSchema,
  type ResourceValidation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationArgs,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { RULES, ruleNames, today } from "../rules";
import { withAdditions } from "./additions";
import { EXEMPTIONS_RULE, type Exemption, exemptionOf, readExemptions } from "./exemptions";
import { messageOf } from "./message";
import { isRendered } from "./rendered";
import type { AnyResourceRule, AnyStackRule, Resource, Rule, StackView } from "./rule";
import { stackView } from "./stack";
import type { Fields } from "./values";
import { type Marks, readInputs, type SecretPaths, WIRE } from "./wire";

/** The rules as Pulumi takes them. */
export function policies(): Policies {
  const memory = new Memory();
  return RULES.map((rule) => (rule.kind === "resource" ? resourcePolicy(rule, memory) : stackPolicy(rule, memory)));
}

/**
 * What one policy has to know of another one's call. The engine asks about a resource twice: first for remedies, with
 * secrets marked, then for violations, with secrets as plain values.
 */
class Memory {
  exemptions: readonly Exemption[] = [];
  private readonly secrets = new Map<string, SecretPaths>();
  private readonly inputs = new Map<string, Fields>();
  private readonly read = new Map<string, Resource>();

  /** The first call about a resource. */
  observe(args: ResourceValidationArgs): void {
    const { exemptions } = args.getConfig<{ exemptions?: unknown }>();
    this.exemptions = readExemptions(exemptions, ruleNames(), today()).valid;
    const { props, secrets } = readInputs(withoutProxy(args.props), MARKS);
    this.secrets.set(args.urn, secrets);
    this.inputs.set(args.urn, props);
    this.read.delete(args.urn);
  }

  /** The resource of a later call; every rule is asked about it, and it is read once. */
  resource(args: ResourceValidationArgs): Resource {
    const known = this.read.get(args.urn);
    if (known !== undefined) return known;
    const resource = this.unread(args);
    this.read.set(args.urn, resource);
    return resource;
  }

  /** The resource as this call has it. */
  unread({ urn, type, name, opts, provider, props }: ResourceValidationArgs): Resource {
    return {
      urn,
      type,
      name,
      props: readInputs(withoutProxy(props), MARKS).props,
      secrets: this.secrets.get(urn),
      protect: opts.protect,
      provider: provider && { name: provider.name, props: readInputs(withoutProxy(provider.props), MARKS).props },
      dependencies: [],
    };
  }

  private stack: { readonly of: number; readonly view: StackView } | undefined;

  /** All resources; the engine asks once, and Pulumi reads them for each policy. */
  whole({ resources }: StackValidationArgs): StackView {
    if (this.stack?.of === resources.length) return this.stack.view;
    const view = stackView(
      resources.map((one) => stackResource(one, this.read.get(one.urn)?.props ?? this.inputs.get(one.urn))),
      today(),
    );
    this.stack = { of: resources.length, view };
    return view;
  }
}

/**
 * A resource of the whole stack, with the inputs that the program gave it where they were seen: its outputs are empty in
 * the preview of what is in a cluster that is not there yet.
 */
function stackResource(
  { urn, type, name, opts, provider, props, dependencies }: StackValidationArgs["resources"][number],
  inputs: Fields = readInputs(withoutProxy(props), MARKS).props,
): Resource {
  return {
    urn,
    type,
    name,
    props: inputs,
    protect: opts.protect,
    provider: provider && { name: provider.name, props: readInputs(withoutProxy(provider.props), MARKS).props },
    dependencies: dependencies.map((dependency) => dependency.urn),
  };
}

/** Secrets as @pulumi/policy has them. */
const MARKS: Marks = {
  isUnknown: WIRE.isUnknown,
  secret: (value) => (value instanceof Secret ? { content: value.value } : undefined),
};

/**
 * What is behind the SDK's proxies, which throw at a value that is not known and hide what is a secret; they leave the
 * descriptors of properties as they are.
 */
function withoutProxy(props: object): Fields {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(props));
  return Object.fromEntries(descriptors.map(([key, descriptor]) => [key, descriptor.value]));
}

function common(rule: Rule) {
  const properties = Object.entries(rule.options).map(([key, { description, schema, byDefault }]) => [
    key,
    { ...schema, description, default: byDefault },
  ]);
  const configSchema: PolicyConfigSchema | undefined =
    properties.length === 0 ? undefined : { properties: Object.fromEntries(properties) };
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.enforcement,
    severity: rule.severity,
    remediationSteps: rule.fix,
    tags: [rule.name.split("-")[0] ?? ""],
    ...(configSchema && { configSchema }),
  };
}

function resourcePolicy(rule: AnyResourceRule, memory: Memory): ResourceValidationPolicy {
  const { appliesTo, remedy } = rule;
  const validateResource: ResourceValidation = (args, report) => {
    // notApplicable() would throw an error, with its stack, for every rule and resource: half of the pack's time.
    if (!appliesTo.matches(args.type) || isRendered(args)) return;
    const resource = memory.resource(args);
    if (exemptionOf(rule, resource, memory.exemptions) !== undefined) return;
    rule.check(resource, (what) => report(messageOf(rule, what)), args.getConfig());
  };
  // As validateResourceOfType does: Pulumi then does not read the properties of other resources for this rule.
  if (appliesTo.only !== undefined) Object.assign(validateResource, { __pulumiType: appliesTo.only });
  if (remedy === undefined) return { ...common(rule), validateResource };
  return {
    ...common(rule),
    validateResource,
    remediateResource: (args) => {
      if (!appliesTo.matches(args.type) || isRendered(args)) return undefined;
      const resource = memory.unread(args);
      if (exemptionOf(rule, resource, memory.exemptions) !== undefined) return undefined;
      const additions = remedy(resource, args.getConfig());
      return additions.length === 0 ? undefined : withAdditions(withoutProxy(args.props), additions);
    },
  };
}

function stackPolicy(rule: AnyStackRule, memory: Memory): StackValidationPolicy & Partial<ResourceValidationPolicy> {
  const policy: StackValidationPolicy & Partial<ResourceValidationPolicy> = {
    ...common(rule),
    validateStack: (args, report) =>
      rule.checkStack(
        memory.whole(args),
        (what, resource) => {
          if (resource !== undefined && exemptionOf(rule, resource, memory.exemptions) !== undefined) return;
          report(messageOf(rule, what), resource?.urn);
        },
        args.getConfig(),
      ),
  };
  if (rule.name !== EXEMPTIONS_RULE) return policy;
  // Pulumi shows what is a secret, and a resource before anything else, to what may remedy it. This remedies nothing.
  const remediateResource = (args: ResourceValidationArgs) => memory.observe(args);
  return { ...policy, enforcementLevel: "remediate", remediateResource };
}
