/**
 * Plays without a decoder: a position that moves with the clock through the media that has arrived, from the first picture on, and stops where
 * there is none. That is what a viewer without a catch-up sees.
 */

/** Shorter waits are the server's batches, and players hide them. */
const LEAST_STALL_MS = 300;
/** Media whose times jump by more was left out, or begins again. */
const LEAST_GAP_MS = 500;
/** A larger jump is another time base and not lost media. */
const MOST_GAP_MS = 60_000;

export type Playback = {
  readonly stalls: number;
  readonly stallMs: number;
  readonly lostMs: number;
  /** Media that has arrived and is not played yet. */
  readonly bufferMs: number;
};

export class PlaybackModel {
  private head = 0;
  private position = 0;
  private at: number | null = null;
  private lastTime = 0;
  private stalledAt: number | null = null;
  private stalls = 0;
  private stallMs = 0;
  private lostMs = 0;

  /** Playback has begun. */
  get playing(): boolean {
    return this.at !== null;
  }

  /** A frame has arrived. @param now of the clock @param time its decode time, milliseconds */
  frame(now: number, time: number): void {
    if (this.at === null) {
      this.at = now;
      this.lastTime = time;
      return;
    }
    const step = time - this.lastTime;
    this.lastTime = time;
    if (step < 0 || step > MOST_GAP_MS) return this.arrived(now, 0);
    // What was left out is not there to be played.
    if (step > LEAST_GAP_MS) this.lostMs += step;
    this.arrived(now, step > LEAST_GAP_MS ? 0 : step);
  }

  /** A whole piece has arrived: a segment. */
  piece(now: number, durationMs: number): void {
    this.at ??= now;
    this.arrived(now, durationMs);
  }

  /** The server has told that a piece is missing. */
  lost(durationMs: number): void {
    this.lostMs += durationMs;
  }

  look(now: number): Playback {
    this.advance(now);
    const open = this.stalledAt === null ? 0 : now - this.stalledAt;
    const counts = open >= LEAST_STALL_MS;
    return {
      stalls: this.stalls + (counts ? 1 : 0),
      stallMs: this.stallMs + (counts ? open : 0),
      lostMs: this.lostMs,
      bufferMs: this.head - this.position,
    };
  }

  private arrived(now: number, durationMs: number): void {
    this.advance(now);
    this.head += durationMs;
    if (this.stalledAt === null || this.head <= this.position) return;
    const stalled = now - this.stalledAt;
    if (stalled >= LEAST_STALL_MS) {
      this.stalls++;
      this.stallMs += stalled;
    }
    this.stalledAt = null;
  }

  private advance(now: number): void {
    if (this.at === null) return;
    const passed = now - this.at;
    this.at = now;
    if (this.stalledAt !== null) return;
    this.position += passed;
    if (this.position <= this.head) return;
    this.stalledAt = now - (this.position - this.head);
    this.position = this.head;
  }
}
