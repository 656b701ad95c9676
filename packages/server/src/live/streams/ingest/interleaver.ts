/**
 * Puts the frames of both tracks in the order of their decode times, except that sound may be up to 100 ms ahead of the picture: a camera's encoder is later than
 * its microphone's, and sound that waited for it would come in bursts, for which players of real time keep a longer buffer.
 *
 * Nearly every publisher sends them so, and then nothing is held back. Otherwise a frame is held until the other track has come so far: of a track
 * that lags behind, none is. It is held no longer than the disorder that was measured lately, at most 100 ms. The interleaver never waits for a silent track.
 */
import type { Clock } from "../../../platform/clock.ts";
import { RecentMaximum } from "../../../platform/recent-maximum.ts";
import type { Track } from "./timeline.ts";

const MAX_HOLD_MS = 100;
/** Sound may be ahead of the picture by so much. */
const SOUND_AHEAD_MS = 100;
/** A disorder counts for so long, milliseconds of media: a single one must not hold all later frames. */
const DISORDER_MS = 5000;

/** `until`: monotonic milliseconds. */
type Waiting<T> = { readonly frame: T; readonly until: number };

export class Interleaver<T extends { readonly time: number }> {
  private readonly clock: Clock;
  private readonly release: (frame: T) => void;
  private readonly keep: (frame: T) => T;
  /** In the order of their times. */
  private held: Waiting<T>[] = [];
  private disorder = new RecentMaximum(DISORDER_MS);
  private newest = 0;
  /** The newest time of each track. */
  private reached = { audio: Number.NEGATIVE_INFINITY, video: Number.NEGATIVE_INFINITY };
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

  /** How long frames are held at most at present, milliseconds. */
  get delay(): number {
    return this.disorder.value;
  }

  /** @param frame not earlier than the one before in its track */
  push(frame: T, track: Track): void {
    const { time } = frame;
    const { reached } = this;
    if (time > reached[track]) reached[track] = time;
    const late = (track === "video" ? reached.audio - SOUND_AHEAD_MS : reached.video) - time;
    this.newest = Math.max(this.newest, time);
    this.disorder.add(late > 0 ? Math.min(MAX_HOLD_MS, late) : 0, this.newest);
    const holdMs = this.disorder.value;
    if (holdMs === 0 && this.held.length === 0) {
      this.release(frame);
      return;
    }
    // Up to here both tracks have come far enough.
    const complete = Math.max(this.newest - holdMs, Math.min(reached.audio, reached.video + SOUND_AHEAD_MS));
    if (time <= complete) {
      this.releaseUpTo(time);
      this.release(frame);
    } else this.insert({ frame: this.keep(frame), until: this.clock.monotonic() + holdMs });
    this.releaseUpTo(complete);
    this.watch();
  }

  /** Releases all frames, as at the end of a source. */
  flush(): void {
    this.releaseUpTo(Number.POSITIVE_INFINITY);
    this.watch();
  }

  /** Flushes, and assumes that the next source is in order. */
  beginSource(): void {
    this.flush();
    this.disorder = new RecentMaximum(DISORDER_MS);
    this.reached = { audio: Number.NEGATIVE_INFINITY, video: Number.NEGATIVE_INFINITY };
  }

  /** Behind all frames that are not later, so that the frames of one track keep the order they came in. */
  private insert(waiting: Waiting<T>): void {
    let at = this.held.length;
    while (at > 0 && (this.held[at - 1]?.frame.time ?? 0) > waiting.frame.time) at--;
    this.held.splice(at, 0, waiting);
  }

  private releaseUpTo(time: number): void {
    let count = 0;
    while (count < this.held.length && (this.held[count]?.frame.time ?? 0) <= time) count++;
    if (count > 0) for (const { frame } of this.held.splice(0, count)) this.release(frame);
  }

  /** Sees to it that nothing is held for too long. */
  private watch(): void {
    if (this.held.length === 0) {
      this.cancelTimer?.();
      this.cancelTimer = null;
    } else this.cancelTimer ??= this.clock.after(this.leastUntil() - this.clock.monotonic(), () => this.releaseExpired());
  }

  private releaseExpired(): void {
    this.cancelTimer = null;
    const now = this.clock.monotonic();
    // What is earlier than one that has waited for long enough goes before it.
    const last = this.held.findLast(({ until }) => until <= now);
    if (last) this.releaseUpTo(last.frame.time);
    this.watch();
  }

  private leastUntil(): number {
    return this.held.reduce((least, { until }) => Math.min(least, until), Number.POSITIVE_INFINITY);
  }
}
