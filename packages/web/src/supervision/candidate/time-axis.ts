/** Puts the recordings of a candidate on one time axis with what happened. Times are milliseconds since 1970. */
import type { StreamKind, WallRecording } from "../wall/wall-types.ts";

type AxisBar = {
  readonly id: string;
  readonly kind: StreamKind;
  readonly from: number;
  readonly to: number;
  /** Its file. */
  readonly address: string;
};
export type Axis = { readonly from: number; readonly to: number; readonly bars: readonly AxisBar[] };

/** Null: nothing is recorded. */
export function axisOf(recordings: readonly WallRecording[]): Axis | null {
  const bars = recordings
    .map(({ id, kind, startedAt, seconds, play }) => {
      const from = Date.parse(startedAt);
      return { id, kind, from, to: from + seconds * 1000, address: play.mp4 };
    })
    .toSorted((a, b) => a.from - b.from);
  const [first] = bars;
  return first ? { from: first.from, to: Math.max(...bars.map(({ to }) => to)), bars } : null;
}

/** The recording of a kind at a time; else the next one that begins after it. Null: there is none any more. */
export function barAt({ bars }: Axis, kind: StreamKind, time: number): { readonly bar: AxisBar; readonly seconds: number } | null {
  const bar = bars.find((one) => one.kind === kind && one.to > time);
  return bar ? { bar, seconds: Math.max(0, time - bar.from) / 1000 } : null;
}

/** Where a time stands on the axis, in percent. */
export function shareOf({ from, to }: Pick<Axis, "from" | "to">, time: number): number {
  return to === from ? 0 : Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));
}
