/**
 * Puts the frames of both tracks in the order of their decode times.
 *
 * Nearly every publisher sends them in order, and then nothing is held back. Otherwise frames are held for as long as the disorder that was
 * measured lately, at most 100 ms. The interleaver never waits for a silent track.
 */
import type { Clock } from "../../../platform/clock.ts";
import { RecentMaximum } from "../../../platform/recent-maximum.ts";

const MAX_HOLD_MS = 100;
/** A disorder counts for so long, milliseconds of media: a single one must not hold all later frames. */
const DISORDER_MS = 5000;

export class Interleaver<T extends { readonly time: number }> {
  private readonly clock: Clock;
  private readonly release: (frame: T) => void;
  private readonly keep: (frame: T) => T;
  private held: T[] = [];
  private disorder = new RecentMaximum(DISORDER_MS);
  private newest = 0;
  private cancelTimer: (() => void) | null = null;

  /**
   * @param release gets the frames in order
   * @param keep gives a copy of a frame that must be held, in memory of its own. A frame that is not held may be changed after `push`.
   */
  constructor(clock: Clock, release: (frame: T) => void, keep: (frame: T) => T = (frame) => frame) {
    this.clock = clock;
    this.release = release;
    this.keep = keep;
  }

  /** How long frames are held at present, milliseconds. */
  get delay(): number {
    return this.disorder.value;
  }

  push(frame: T): void {
    const late = this.newest - frame.time;
    if (late < 0) this.newest = frame.time;
    this.disorder.add(late > 0 ? Math.min(MAX_HOLD_MS, late) : 0, this.newest);
    const holdMs = this.disorder.value;
    if (holdMs === 0 && this.held.length === 0) {
      this.release(frame);
      return;
    }
    this.insert(this.keep(frame));
    this.releaseUpTo(this.newest - holdMs);
    if (this.held.length > 0) {
      this.cancelTimer ??= this.clock.after(holdMs, () => {
        this.cancelTimer = null;
        this.flush();
      });
    }
  }

  /** Releases all frames, as at the end of a source. */
  flush(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.releaseUpTo(Number.POSITIVE_INFINITY);
  }

  /** Flushes, and assumes that the next source is in order. */
  beginSource(): void {
    this.flush();
    this.disorder = new RecentMaximum(DISORDER_MS);
  }

  /** Behind all frames that are not later, so that the frames of one track keep the order they came in. */
  private insert(frame: T): void {
    let at = this.held.length;
    while (at > 0 && (this.held[at - 1]?.time ?? 0) > frame.time) at--;
    this.held.splice(at, 0, frame);
  }

  private releaseUpTo(time: number): void {
    let count = 0;
    while (count < this.held.length && (this.held[count]?.time ?? 0) <= time) count++;
    if (count > 0) for (const frame of this.held.splice(0, count)) this.release(frame);
  }
}
