import { type PropertyMap, plain } from "./wire";

const hour = 3_600_000;

export function endOfValidity(start: Date, hours: number): Date {
  return new Date(start.getTime() + hours * hour);
}

interface Period {
  readonly validityPeriodHours: number;
  readonly earlyRenewalHours: number;
}

/** A certificate that is renewed before it begins is ready for renewal at once. */
export function isBornForRenewal({ validityPeriodHours, earlyRenewalHours }: Period): boolean {
  return earlyRenewalHours >= validityPeriodHours;
}

/** Whether a certificate of this state has ended, or is that near to its end. */
export function isDueForRenewal(state: PropertyMap, earlyRenewalHours: unknown, now: Date): boolean {
  const end = Date.parse(String(plain(state.validityEndTime)));
  // No end time: not a certificate of this provider, so nothing to renew.
  if (Number.isNaN(end)) return false;
  const early = Number(plain(earlyRenewalHours) ?? 0) * hour;
  return end - early <= now.getTime();
}
