import type { Profile } from "./platform";
import type { DatabaseSettings } from "./tenants";

/** Where a database is. */
export interface MembersArgs {
  /** Whether its environment is production. */
  readonly production: boolean;
  readonly profile: Profile;
}

/** In production data is in two places at least; members that elect one of theirs are an odd number. */
export function membersOf(
  { class: wanted, engine }: Pick<DatabaseSettings, "class" | "engine">,
  { production, profile }: MembersArgs,
): 1 | 2 | 3 {
  const careful = profile === "production";
  if ((wanted ?? (careful ? "highly-available" : "single")) === "highly-available") return 3;
  if (!careful || !production) return 1;
  return engine === "mongodb" ? 3 : 2;
}
