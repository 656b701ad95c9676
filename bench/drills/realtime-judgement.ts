/** Judges what a viewer saw during one phase of the drill "realtime". */
import type { SeenFrame, SentFigures } from "./realtime-clock.ts";

export type Seen = {
  readonly frames: number;
  /** Milliseconds; null without a frame. */
  readonly p50: number | null;
  readonly p99: number | null;
  /** The longest time without another frame, milliseconds. */
  readonly stoodMs: number;
};

/** @param from, to milliseconds since 1970; a picture that stands at the beginning or at the end stands for as long as it is within them */
export function judge(frames: readonly SeenFrame[], from: number, to: number): Seen {
  const within = frames.filter(({ at }) => at >= from && at < to);
  const delays = within.map(({ delay }) => delay).sort((a, b) => a - b);
  return {
    frames: within.length,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    stoodMs: longestPause(
      frames.map(({ at }) => at),
      from,
      to,
    ),
  };
}

/** The longest time without any of these moments within two others, milliseconds. @param times ascending */
export function longestPause(times: readonly number[], from: number, to: number): number {
  const before = times.findLast((at) => at < from) ?? from;
  const all = [before, ...times.filter((at) => at >= from && at < to), to];
  return Math.max(...all.slice(1).map((at, i) => at - (all[i] ?? at)));
}

/** @param sorted ascending */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

/** Milliseconds from a moment until an engine shows a frame; null: it does not. */
export function shownAfter(frames: readonly SeenFrame[], engine: string, from: number): number | null {
  const first = frames.find((frame) => frame.at >= from && frame.engine === engine);
  return first ? first.at - from : null;
}

/** Milliseconds from a moment until the figures meet a condition; null: they do not. */
export function sentAfter(
  figures: readonly SentFigures[],
  from: number,
  to: number,
  condition: (figure: SentFigures) => boolean,
): number | null {
  const first = figures.find((figure) => figure.at >= from && figure.at < to && condition(figure));
  return first ? first.at - from : null;
}

/** The mean of what was sent in a time, kbps; 0 where nothing is known. */
export function meanKbps(figures: readonly SentFigures[], from: number, to: number): number {
  const known = figures.flatMap(({ at, kbps }) => (at >= from && at < to && kbps !== null ? [kbps] : []));
  return known.length === 0 ? 0 : known.reduce((sum, kbps) => sum + kbps, 0) / known.length;
}

/** Everything that is known of a phase. */
export type SentSeen = {
  readonly frames: readonly SeenFrame[];
  readonly figures: readonly SentFigures[];
  /** When beeps were heard, milliseconds since 1970. */
  readonly heard: readonly number[];
  readonly from: number;
  readonly to: number;
  /** What was sent before any fault. */
  readonly baselineKbps: number;
};
