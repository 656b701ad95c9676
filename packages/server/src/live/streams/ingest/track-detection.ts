/**
 * Detects the tracks of a new source: holds its first frames until both tracks have one, at most 500 ms, so that the first segment has all
 * tracks, and time begins at the earliest frame.
 */
import type { Clock } from "../../../platform/clock.ts";
import type { SourceFrame } from "./source.ts";

export const START_HOLD_MS = 500;
/** A publisher faster than real time is not held for longer than it has sent half a second of media. */
const MAX_HELD_FRAMES = 1024;

export class TrackDetection<T extends { readonly frame: SourceFrame }> {
  private readonly clock: Clock;
  private readonly begin: (held: readonly T[], earliest: number) => void;
  private held: T[] = [];
  private open = true;
  private cancelTimer: (() => void) | null = null;

  /** @param begin called once, with the held frames in the order of arrival and their earliest timestamp */
  constructor(clock: Clock, begin: (held: readonly T[], earliest: number) => void) {
    this.clock = clock;
    this.begin = begin;
  }

  /** False once the source has begun. */
  get holding(): boolean {
    return this.open;
  }

  /** False where the frame is left out. */
  push(item: T): boolean {
    // Nothing can be decoded before the first key frame.
    if (item.frame.track === "video" && !item.frame.key && !this.has("video")) return false;
    this.held.push(item);
    this.cancelTimer ??= this.clock.after(START_HOLD_MS, () => this.finish());
    const both = this.has("video") && this.has("audio");
    if (both || this.held.length >= MAX_HELD_FRAMES || this.span() >= START_HOLD_MS) this.finish();
    return true;
  }

  /** Begins with the frames that are held, as when the source ends early. */
  finish(): void {
    if (!this.open) return;
    this.cancelTimer?.();
    const held = this.held;
    this.held = [];
    this.open = false;
    if (held.length > 0) this.begin(held, this.earliest(held));
  }

  private has(track: "video" | "audio"): boolean {
    return this.held.some((item) => item.frame.track === track);
  }

  private span(): number {
    const first = this.held[0]?.frame.timestamp ?? 0;
    const last = this.held.at(-1)?.frame.timestamp ?? 0;
    return (last - first) | 0;
  }

  private earliest(held: readonly T[]): number {
    return held.reduce(
      (least, { frame }) => (((frame.timestamp - least) | 0) < 0 ? frame.timestamp : least),
      held[0]?.frame.timestamp ?? 0,
    );
  }
}
