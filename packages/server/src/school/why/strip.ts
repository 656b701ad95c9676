/** Reads sessions' strips: adds their moments up, and finds the span in which a viewer had trouble. */
import type { ViewMoment } from "../../platform/views/view-batch.ts";
import type { ViewerFigures } from "./evidence.ts";
import { symptomsOf } from "./symptoms.ts";

/** Milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number };

/** Without trouble, what is looked at. */
const CALM_SPAN_MS = 180_000;
const MAX_SPAN_MS = 120_000;
/** Beside the worst moment, those belong to the same trouble that are at least so bad. */
const ALSO_BAD = 0.2;
const LEAST_BADNESS = 300;
/** A reconnection costs a viewer about so much. */
const RECONNECT_MS = 2000;
/** How far from a given time the trouble may be. */
const NEAR_MS = 90_000;
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

/** Where the viewer's trouble was worst; null: the strip is empty. @param near milliseconds since 1970; null: anywhere */
export function troubleSpan(moments: readonly ViewMoment[], usual: number | null, near: number | null): Span | null {
  const looked = near === null ? moments : momentsWithin(moments, { from: near - NEAR_MS, to: near + NEAR_MS });
  const last = looked.at(-1);
  if (!last) return null;
  const badness = looked.map((moment) => badnessOf(moment, usual));
  const worst = Math.max(...badness);
  if (worst < LEAST_BADNESS) return { from: Math.max(startOf(looked[0] ?? last), last.at - CALM_SPAN_MS), to: last.at };
  const least = Math.max(LEAST_BADNESS, worst * ALSO_BAD);
  let [first, end] = [badness.indexOf(worst), badness.indexOf(worst)];
  const reaches = (a: number, b: number) => (looked[b]?.at ?? 0) - startOf(looked[a] ?? last) <= MAX_SPAN_MS;
  while (first > 0 && (badness[first - 1] ?? 0) >= least && reaches(first - 1, end)) first--;
  while (end < looked.length - 1 && (badness[end + 1] ?? 0) >= least && reaches(first, end + 1)) end++;
  return { from: startOf(looked[first] ?? last), to: (looked[end] ?? last).at };
}

function startOf({ at, intervalMs }: ViewMoment): number {
  return at - intervalMs;
}

/** About the milliseconds that a viewer has lost. */
function badnessOf(moment: ViewMoment, usual: number | null): number {
  const figures = figuresOf([moment], usual);
  const { droppedShare, missingShare, reasons } = symptomsOf(figures);
  const choppy = reasons.some(({ code }) => code === "choppy") ? Math.max(droppedShare, missingShare) * moment.watchedMs : 0;
  return moment.stallMs + choppy + moment.reconnects * RECONNECT_MS;
}
