import type { RecordedResource } from "../../policy/evaluate";
import type { Made } from "../policy/cases";
import { DEFAULT_TAGS } from "../policy/cases/case";

const urnOf = (type: string, name: string) => `urn:pulumi:test::openchoreo::${type}::${name}`;

/** Resources of a case as a program would have registered them, with their providers. */
export function recorded(made: readonly Made[]): RecordedResource[] {
  const urns = new Map(made.map(({ name = "main", type }) => [name, urnOf(type, name)]));
  const providers = new Map<string, RecordedResource>();
  const resources = made.map((one): RecordedResource => {
    const { type, name = "main", props, waitsFor = [] } = one;
    const provider = type.startsWith("pulumi:") ? undefined : providerOf(one);
    if (provider !== undefined) providers.set(provider.urn, provider);
    const dependencies = waitsFor.flatMap((other) => urns.get(other) ?? []);
    return { urn: urnOf(type, name), type, name, wire: props, provider: provider?.urn, dependencies };
  });
  return [...providers.values(), ...resources];
}

function providerOf({ type, cluster = "main", defaultTags = DEFAULT_TAGS }: Made): RecordedResource {
  const aws = type.startsWith("aws:");
  const [token, name] = aws ? ["pulumi:providers:aws", "aws"] : ["pulumi:providers:kubernetes", cluster];
  const wire = aws ? { defaultTags: JSON.stringify({ tags: defaultTags }) } : {};
  return { urn: urnOf(token, name), type: token, name, wire };
}
