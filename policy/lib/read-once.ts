type Reader = (properties: object, keepSecrets: boolean) => object;

/** A part of the SDK that it does not declare: its server calls it by this object. */
const sdk: { deserializeProperties: Reader } = require("@pulumi/policy/deserialize");

const ours = new WeakSet<Reader>();

/**
 * Has Pulumi read the properties of a resource once, and not again for every policy that it asks: of a pack with a hundred
 * rules that is a third of the time. What is read is shared; no rule changes it. An SDK that reads in another way goes on as
 * it does.
 */
export function readOnce(): void {
  const read = sdk.deserializeProperties;
  if (ours.has(read)) return;
  const known = new WeakMap<object, object>();
  const once: Reader = (properties, keepSecrets) => {
    // With secrets kept, it is read for remedies, which give back what they change.
    if (keepSecrets) return read(properties, keepSecrets);
    const value = known.get(properties) ?? read(properties, keepSecrets);
    known.set(properties, value);
    return value;
  };
  ours.add(once);
  sdk.deserializeProperties = once;
}
