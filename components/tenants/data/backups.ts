import { CronExpressionParser } from "cron-parser";

/** Most backups that are kept; more than one an hour for a month is a mistake in the schedule. */
const MOST = 1000;

/** From a day that is no holiday of any calendar: the number only depends on the schedule. */
const START = new Date("2025-01-01T00:00:00Z");

/** How many backups a schedule makes within some days: what counts backups instead of days keeps that many. */
export function backupsWithin(schedule: string, days: number): number {
  const until = START.getTime() + days * 86_400_000;
  const times = CronExpressionParser.parse(schedule, { tz: "UTC", currentDate: START });
  let count = 0;
  while (count < MOST && times.next().getTime() <= until) count++;
  return Math.max(1, count);
}

const DAYS: Readonly<Record<string, number>> = { ms: 1 / 86_400_000, s: 1 / 86_400, m: 1 / 1440, h: 1 / 24, d: 1 };

/** Whole days of a duration such as `30d` or `36h`, rounded up; 1 at least. */
export function daysOf(duration: string): number {
  const [, number = "0", unit = "d"] = /^([0-9]+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  return Math.max(1, Math.ceil(Number(number) * (DAYS[unit] ?? 1)));
}
