import type * as pulumi from "@pulumi/pulumi/provider";
import { changed, check, typeOf } from "../kind";
import { given, isSame, type PropertyMap, secret } from "../wire";
import { kinds, type RandomKind } from "./kinds";

/**
 * Stand-in for the plugin of @pulumi/random: real random values, which stay in the state until an input changes. Every
 * change of an input makes the value anew, as with the real plugin.
 *
 * It differs from the real one: only passwords, strings, ids, bytes and UUIDs are known; imports and functions are
 * refused; an empty `overrideSpecial` is the same as none.
 */
export class RandomProvider implements pulumi.Provider {
  constructor(readonly version: string) {}

  async check(urn: string, _olds: PropertyMap, news: PropertyMap): Promise<pulumi.CheckResult> {
    const failures = check(kindOf(urn).kind, normal(news), { provider: "random" });
    if (!isSame(news.number, null) && !isSame(news.numeric, null) && !isSame(news.number, news.numeric)) {
      failures.push({
        property: "number",
        reason: "differs from numeric; it is its former name, so give only numeric",
      });
    }
    return { inputs: news, failures };
  }

  async diff(_id: string, urn: string, olds: PropertyMap, news: PropertyMap): Promise<pulumi.DiffResult> {
    const replaces = changed(kindOf(urn).kind, olds, normal(news));
    return { changes: replaces.length > 0, replaces };
  }

  async create(urn: string, inputs: PropertyMap): Promise<pulumi.CreateResult> {
    const { kind, secrets } = kindOf(urn);
    const known = normal(inputs);
    const [id, outputs] = await kind.create(known, new Date());
    const values = Object.entries(outputs).map(([name, value]) => [
      name,
      secrets.includes(name) ? secret(value) : value,
    ]);
    return { id, outs: { ...kind.defaults, ...known, ...Object.fromEntries(values) } };
  }

  async read(id: string, urn: string, props: PropertyMap): Promise<pulumi.ReadResult> {
    if (Object.keys(props).length === 0) throw new Error(`the stand-in for random imports no ${typeOf(urn)}`);
    return { id, props };
  }

  async update(_id: string, urn: string): Promise<pulumi.UpdateResult> {
    throw new Error(`a change of ${typeOf(urn)} makes it anew; nothing is updated in place`);
  }

  async delete(): Promise<void> {}
}

/** The two names of one input with the same value, and without what means nothing. */
function normal(inputs: PropertyMap): PropertyMap {
  const { number, numeric, overrideSpecial, ...others } = given(inputs);
  const digits = numeric ?? number;
  return {
    ...others,
    ...(digits === undefined ? {} : { number: digits, numeric: digits }),
    ...(overrideSpecial === undefined || isSame(overrideSpecial, "") ? {} : { overrideSpecial }),
  };
}

function kindOf(urn: string): RandomKind {
  const kind = kinds.get(typeOf(urn));
  if (kind === undefined) throw new Error(`the stand-in for random has no resource type ${typeOf(urn)}`);
  return kind;
}
