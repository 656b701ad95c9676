/** Reads sessions' strips: adds their moments up, and finds the span in which a viewer had trouble. */
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import type { ViewerFigures } from "./evidence.ts";
import { symptomsOf } from "./symptoms.ts";

/** Milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number };

/** Without trouble, what is looked at. */
const HEALTHY_SPAN_MS = 180_000;
const MAX_SPAN_MS = 120_000;
/** Beside the worst moment, those belong to the same trouble that are at least so bad. */
const ALSO_BAD = 0.2;
const LEAST_BADNESS = 300;
/** How far from a given time the trouble may be: people report it when it is over. */
const NEAR_MS = 90_000;
/** With a given time, moments so far from the one that is looked at may belong to another trouble. */
const BESIDE_MS = 20_000;
/** In so short an interval a frame rate is no measurement. */
const LEAST_WATCHED_MS = 4000;

/** Moments that have a part of the span. */
export function momentsWithin(moments: readonly ViewMoment[], { from, to }: Span): readonly ViewMoment[] {
  return moments.filter(({ at, intervalMs }) => at > from && at - intervalMs < to);
}

export function figuresOf(moments: readonly ViewMoment[], usualFps: number | null): ViewerFigures {
  const sum = (of: (moment: ViewMoment) => number) => moments.reduce((total, moment) => total + of(moment), 0);
  const stalled = moments.filter(({ stallMs }) => stallMs > 0);
  const speeds = stalled.flatMap(({ throughputKbps }) => throughputKbps ?? []);
  const rates = moments.flatMap(({ bitrateKbps }) => bitrateKbps ?? []);
  return {
    spanMs: sum(({ intervalMs }) => intervalMs),
    watchedMs: sum(({ watchedMs }) => watchedMs),
    stallMs: sum(({ stallMs }) => stallMs),
    decodingMs: sum(({ decodingMs }) => decodingMs),
    frames: sum(({ frames }) => frames),
    droppedFrames: sum(({ droppedFrames }) => droppedFrames),
    longTaskMs: sum(({ longTaskMs }) => longTaskMs),
    throughputKbps: speeds.length === 0 ? null : Math.min(...speeds),
    bitrateKbps: rates.length === 0 ? null : Math.max(...rates),
    reconnects: sum(({ reconnects }) => reconnects),
    usualFps,
  };
}

/** The frame rate that a strip has where nothing is wrong; null: it is too short. */
export function usualFps(moments: readonly ViewMoment[]): number | null {
  const rates = moments
    .filter(({ watchedMs }) => watchedMs >= LEAST_WATCHED_MS)
    .map(({ frames, droppedFrames, watchedMs }) => ((frames + droppedFrames) * 1000) / watchedMs);
  return quartile(rates, 0.75);
}

/** @param share 0 to 1: the value below which so many lie. Of a few values it is the one nearer to the end: trouble may have begun in the others. */
export function quartile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  return sorted[share < 0.5 ? Math.floor(place) : Math.ceil(place)] ?? null;
}

/**
 * When the viewer's trouble was; null: the strip is empty.
 * @param near milliseconds since 1970: the trouble that goes on then, or else the nearest one. Null: where it was worst
 */
export function troubleSpan(moments: readonly ViewMoment[], usual: number | null, near: number | null): Span | null {
  const looked = near === null ? moments : momentsWithin(moments, { from: near - NEAR_MS, to: near + NEAR_MS });
  const last = looked.at(-1);
  if (!last) return null;
  const lost = looked.map((moment) => symptomsOf(figuresOf([moment], usual)).lostMs);
  const seed = near === null ? lost.indexOf(Math.max(...lost)) : nearestTrouble(looked, lost, near);
  const most = lost[seed] ?? 0;
  if (most < LEAST_BADNESS) return { from: Math.max(startOf(looked[0] ?? last), last.at - HEALTHY_SPAN_MS), to: last.at };
  const least = Math.max(LEAST_BADNESS, most * ALSO_BAD);
  const centre = looked[seed] ?? last;
  const belongs = (i: number) => {
    const moment = looked[i];
    if (!moment || (lost[i] ?? 0) < least) return false;
    return near === null || (moment.at > startOf(centre) - BESIDE_MS && startOf(moment) < centre.at + BESIDE_MS);
  };
  let [first, end] = [seed, seed];
  const reaches = (a: number, b: number) => (looked[b]?.at ?? 0) - startOf(looked[a] ?? last) <= MAX_SPAN_MS;
  while (first > 0 && belongs(first - 1) && reaches(first - 1, end)) first--;
  while (end < looked.length - 1 && belongs(end + 1) && reaches(first, end + 1)) end++;
  return { from: startOf(looked[first] ?? last), to: (looked[end] ?? last).at };
}

/** The moment with trouble that is nearest to a time, however small it is beside others; of equally near ones, the worse. -1: none has trouble. */
function nearestTrouble(moments: readonly ViewMoment[], lost: readonly number[], near: number): number {
  let [found, nearest] = [-1, Number.POSITIVE_INFINITY];
  for (const [i, moment] of moments.entries()) {
    const distance = Math.max(0, startOf(moment) - near, near - moment.at);
    const isNearer = distance < nearest || (distance === nearest && (lost[i] ?? 0) > (lost[found] ?? 0));
    if ((lost[i] ?? 0) >= LEAST_BADNESS && isNearer) [found, nearest] = [i, distance];
  }
  return found;
}

function startOf({ at, intervalMs }: ViewMoment): number {
  return at - intervalMs;
}

/** The mean of the larger half of values; 0 without any. */
export function worseHalf(values: readonly number[]): number {
  const half = values.toSorted((a, b) => b - a).slice(0, Math.ceil(values.length / 2));
  return half.length === 0 ? 0 : half.reduce((sum, value) => sum + value, 0) / half.length;
}
