/** Spans of time that reports take. */
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

type RequestedSpan = { readonly from?: string | undefined; readonly to?: string | undefined };

/** Instants. Default: half a year until now, a term. @throws RefusalError bad-request */
export function termOf(asked: RequestedSpan): { readonly from: Date; readonly to: Date } {
  const to = asked.to === undefined ? systemClock.utc() : Date.parse(asked.to);
  const from = asked.from === undefined ? to - 183 * DAY_MS : Date.parse(asked.from);
  if (from >= to || to - from > MAX_DAYS * DAY_MS) throw new RefusalError("bad-request");
  return { from: new Date(from), to: new Date(to) };
}

/** Days, both included. Default: 30 days until now, wherever the school is. @throws RefusalError bad-request */
export function daysOf(asked: RequestedSpan): { readonly from: string; readonly to: string } {
  const to = asked.to ?? dayOf(systemClock.utc() + DAY_MS);
  const from = asked.from ?? dayOf(Date.parse(to) - 30 * DAY_MS);
  if (from > to || Date.parse(to) - Date.parse(from) > MAX_DAYS * DAY_MS) throw new RefusalError("bad-request");
  return { from, to };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
