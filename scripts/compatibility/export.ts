import { secretIn } from "../../plan/program/graph";
import { isObject, type Json, listAt, objectAt, textAt } from "../../plan/program/json";
import { fixedInputs, worthOf } from "./held";
import { idOf, type KeptResource, nameIn } from "./kept";
import { parentsFirst } from "./program";

/**
 * The resources of a real stack, from what `pulumi stack export` writes. What is about to be deleted is none of them.
 * @throws TypeError where it is something else.
 */
export function exportedResources(text: string): KeptResource[] {
  const resources = listAt(objectAt(JSON.parse(text), "deployment"), "resources").filter(isObject);
  if (resources.length === 0) throw new TypeError("is no export of a stack with resources (pulumi stack export)");
  const own = resources.filter(
    (one) => one.delete !== true && one.type !== STACK && !isDefault(textAt(one, "urn") ?? ""),
  );
  return parentsFirst(own.map(resourceOf));
}

const STACK = "pulumi:pulumi:Stack";

/** Whether it is a provider that the engine made by itself: its name has the version of the provider in it. */
function isDefault(urn: string): boolean {
  return /::pulumi:providers:[^:]+::default(_[\w.-]+)?$/.test(urn);
}

function resourceOf(one: Json): KeptResource {
  const [urn, type] = [textAt(one, "urn") ?? "", textAt(one, "type") ?? ""];
  const [protect, retain] = [one.protect === true, one.retainOnDelete === true];
  const id = idOf(urn);
  const parent = textAt(one, "parent");
  // A reference is `<urn>::<id>`.
  const provider = textAt(one, "provider")?.split("::").slice(0, -1).join("::");
  const worth = worthOf({ type, protect, retain });
  const inputs = asked(readable(objectAt(one, "inputs")));
  const { fixed, tops } = worth === "nothing" ? { fixed: {}, tops: {} } : fixedInputs(type, inputs);
  const dependencies = objectAt(one, "propertyDependencies");
  const sources = Object.entries(tops).flatMap(([path, top]) => {
    const urns = listAt(dependencies, top).filter((each) => typeof each === "string");
    return urns.length === 0 ? [] : [[path, urns.map(idOf).sort()] as const];
  });
  return {
    id,
    type,
    name: nameIn(id),
    ...(parent !== undefined && !parent.includes(`::${STACK}::`) && { parent: idOf(parent) }),
    ...(provider !== undefined && provider !== "" && !isDefault(provider) && { provider: idOf(provider) }),
    protect,
    retain,
    fixed,
    sources: Object.fromEntries(sources),
  };
}

/** Secrets, encrypted or not, as {@link fixedInputs} knows them; none of them is read. */
function readable(value: unknown): Json {
  const open = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(open);
    if (!isObject(inner)) return inner;
    if (secretIn(inner) !== undefined) return { secret: "" };
    const filled = listAt(inner, "__defaults");
    const own = Object.entries(inner).filter(([key]) => key !== "__defaults" && !filled.includes(key));
    return Object.fromEntries(own.map(([key, each]) => [key, open(each)]));
  };
  const opened = open(value);
  return isObject(opened) ? opened : {};
}

/** Inputs without the name that the kubernetes provider made up. */
function asked(inputs: Json): Json {
  const metadata = objectAt(inputs, "metadata");
  if (objectAt(metadata, "annotations")["pulumi.com/autonamed"] !== "true") return inputs;
  const { name: _, ...rest } = metadata;
  return { ...inputs, metadata: rest };
}
