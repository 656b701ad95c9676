/**
 * Puts the frames of both tracks in the order of their decode times.
 *
 * Nearly every publisher sends them in order, and then nothing is held back. Otherwise frames are held for as long as the disorder that was
 * measured, at most 100 ms. The interleaver never waits for a silent track.
 */
import type { Clock } from "../../../platform/clock.ts";

const MAX_HOLD_MS = 100;

export class Interleaver<T extends { readonly time: number }> {
  private readonly clock: Clock;
  private readonly release: (frame: T) => void;
  private readonly keep: (frame: T) => T;
  private held: T[] = [];
  private holdMs = 0;
  private newest = 0;
  private released = 0;
  private cancelTimer: (() => void) | null = null;

  /**
   * @param release gets the frames in order
   * @param keep gives a copy of a frame that must be held, in memory of its own
   */
  constructor(clock: Clock, release: (frame: T) => void, keep: (frame: T) => T = (frame) => frame) {
    this.clock = clock;
    this.release = release;
    this.keep = keep;
  }

  /** How long frames are held at present, milliseconds. */
  get delay(): number {
    return this.holdMs;
  }

  push(frame: T): void {
    this.newest = Math.max(this.newest, frame.time);
    if (frame.time < this.released) {
      this.holdMs = Math.min(MAX_HOLD_MS, Math.max(this.holdMs, this.released - frame.time));
    }
    if (this.holdMs === 0) {
      this.emit(frame);
      return;
    }
    this.insert(this.keep(frame));
    this.releaseUpTo(this.newest - this.holdMs);
    if (this.held.length > 0) {
      this.cancelTimer ??= this.clock.after(this.holdMs, () => {
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
    this.holdMs = 0;
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
    for (const frame of this.held.splice(0, count)) this.emit(frame);
  }

  private emit(frame: T): void {
    this.released = Math.max(this.released, frame.time);
    this.release(frame);
  }
}
