import type { PlatformSettings } from "../settings";
import type { SecretForm } from "./contract";
import { ACCOUNT_FORM } from "./object-store";
import { selectAddons } from "./select";

/** Every secret of the stack that its platform reads when everything is installed, by key. */
export function stackSecrets(platform: PlatformSettings): Readonly<Record<string, SecretForm>> {
  const { objectStore } = platform;
  const own = objectStore === undefined ? {} : { [objectStore.credentials]: ACCOUNT_FORM };
  const read = selectAddons(platform).map(({ addon, config }) => addon.secrets?.(config) ?? {});
  return Object.assign({}, own, ...read);
}

/** A value of that form which is of no use anywhere, as the configuration holds it. */
export function placeholderOf(form: SecretForm, text: string): string {
  return form === "text" ? text : JSON.stringify(Object.fromEntries(form.map((name) => [name, text])));
}
