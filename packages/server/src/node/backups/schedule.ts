/** Determines when the next backup is due, by `backup.every`: a number of hours or days, or a time of day of this machine. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds between two backups. @param every as the configuration has checked it; not empty */
export function intervalOf(every: string): number {
  const [, count, unit] = /^(\d+)([hd])$/.exec(every) ?? [];
  return count === undefined ? DAY_MS : Number(count) * (unit === "h" ? HOUR_MS : DAY_MS);
}

/** @param last when the newest backup was made, milliseconds since 1970; null: there is none, and one is due at once */
export function dueAt(every: string, last: number | null): number {
  if (last === null) return 0;
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(every) ?? [];
  if (hours === undefined) return last + intervalOf(every);
  const due = new Date(last);
  due.setHours(Number(hours), Number(minutes), 0, 0);
  if (due.getTime() <= last) due.setDate(due.getDate() + 1);
  return due.getTime();
}
