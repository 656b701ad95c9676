/** Arranges a lesson's figures by minute for plots: those of the lesson itself, without gaps. Replays can go on for months. */
import type { Experience } from "@lectern/client";

type Minute = Experience["minutes"][number];
type Times = { readonly startedAt: string | null; readonly endedAt: string | null };

export type MinuteLines = {
  /** Unix seconds, a minute apart. */
  readonly times: readonly number[];
  readonly watching: readonly (number | null)[];
  /** Share, 0 to 1. */
  readonly stalled: readonly (number | null)[];
  /** Seconds. */
  readonly firstFrame: readonly (number | null)[];
};

const MINUTE_MS = 60_000;
/** Viewers' last beacons come after the end. */
const AFTER_END_MS = 2 * MINUTE_MS;
/** A shorter axis would move with each minute. */
const LEAST_MINUTES = 10;
/** Of a lesson that nobody has ended, or that never began. */
const MAX_MINUTES = 480;

/** The minutes of the lesson, the oldest first; of a lesson that has not begun, the newest. */
export function lessonMinutes(minutes: readonly Minute[], { startedAt, endedAt }: Times): readonly Minute[] {
  const from = startedAt === null ? 0 : Date.parse(startedAt) - MINUTE_MS;
  const to = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) + AFTER_END_MS;
  const own = minutes.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  const shown = own.length > 0 ? own : minutes;
  const last = shown.at(-1);
  if (!last) return [];
  const first = Date.parse(last.at) - (MAX_MINUTES - 1) * MINUTE_MS;
  return shown.filter(({ at }) => Date.parse(at) >= first);
}

/** @param minutes ascending */
export function minuteLines(minutes: readonly Minute[]): MinuteLines {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last) return { times: [], watching: [], stalled: [], firstFrame: [] };
  const byTime = new Map(minutes.map((minute) => [Date.parse(minute.at), minute]));
  const end = Date.parse(last.at);
  const begin = Math.min(Date.parse(first.at), end - (LEAST_MINUTES - 1) * MINUTE_MS);
  const length = Math.round((end - begin) / MINUTE_MS) + 1;
  const all = Array.from({ length }, (_, i) => byTime.get(begin + i * MINUTE_MS));
  const isBefore = (i: number) => begin + i * MINUTE_MS < Date.parse(first.at);
  return {
    times: all.map((_, i) => begin / 1000 + i * 60),
    // Nobody told anything: nobody watched.
    watching: all.map((minute, i) => minute?.watching ?? (isBefore(i) ? null : 0)),
    stalled: all.map((minute) => minute?.stallRatio ?? null),
    firstFrame: all.map((minute) => (minute?.firstFrameMs == null ? null : minute.firstFrameMs / 1000)),
  };
}

/** Those in which pictures stood still for longest, the worst first. */
export function worstMinutes(minutes: readonly Minute[], count: number): readonly Minute[] {
  return minutes
    .filter(({ stallMs }) => stallMs > 0)
    .toSorted((a, b) => b.stallMs - a.stallMs)
    .slice(0, count);
}
