/**
 * Finds where sound is missing. Browsers play the frames of Media Source Extensions one after the other, whatever their times are: Chromium's decoders count
 * samples from the first one. So each hole, if only a lost packet, would leave sound that much before the picture for as long as somebody watches.
 *
 * The end of each frame is counted from the one before. Sound that comes later than that, and later than any lately, has a hole before it; how much
 * publishers round, and how unsteady their clocks are, is seen by the frames of the last seconds. Where all of them are late or early together, the
 * publisher's samples are not as long as its time says, and a frame is put in or left out now and then. What is written has times that follow one another.
 */
import { TIME_ERROR_MS } from "@lectern/media";
import { Extremes } from "./extremes.ts";
import { STOPPED_MS } from "./track-presence.ts";

/** Of a frame: sound that is later than any lately by more than this has a hole before it. */
const HOLE_SHARE = 0.75;
/** Of a frame: sound that is always later or earlier by more than this is corrected by one frame, of which less than half is too much. */
const DRIFT_SHARE = 0.6;
/** Frames are compared with those of so many seconds before. */
const SECONDS = 2;
const SECOND_MS = 1000;
/** Where holes are found before so many frames in a row, frames are not as long as they say: from then on their own times count. */
const MOST_IN_A_ROW = 5;

export class SoundHoles {
  /** The end of the frame before, by counting, milliseconds of the epoch; null before the first. */
  private next: number | null;
  /** By how much frames came later than counted, apart from all that was put in and left out. */
  private late = new Extremes(SECOND_MS, SECONDS + 2);
  private added = 0;
  private from = Number.POSITIVE_INFINITY;
  private inARow = 0;
  /** The time of the frame before. */
  private last = 0;

  /** @param end of the frame before, milliseconds of the epoch; null: there is none */
  constructor(end: number | null = null) {
    this.next = end;
  }

  /** Sound of another configuration begins, or sound goes on after a hole that stays. */
  begin(): void {
    this.next = null;
    this.inARow = 0;
  }

  /** Another publisher goes on, whose clock is its own. */
  beginTerm(): void {
    this.late = new Extremes(SECOND_MS, SECONDS + 2);
    this.added = 0;
    this.from = Number.POSITIVE_INFINITY;
    this.inARow = 0;
  }

  /**
   * How many frames of this length are missing before one; -1: this one is too many, and is to be left out. What is put in is to be told by `put`, before the frame itself.
   * @param time of the frame, milliseconds of the epoch. @param length of it, milliseconds
   * @param least what is missing less than this, milliseconds, may be an unsteady clock: that is put in when it has stayed for some seconds
   */
  before(time: number, length: number, least: number): number {
    if (this.next === null || Math.abs(time - this.next) > STOPPED_MS.audio) {
      this.next = null;
      this.beginTerm();
    }
    const { next, late } = this;
    const most = late.greatestWithin(time, 0, SECONDS);
    const usual = most === null ? null : most - this.added;
    const apart = next === null ? 0 : time - next;
    late.take(apart + this.added, time);
    this.from = Math.min(this.from, time);
    if (this.inARow === MOST_IN_A_ROW) {
      this.next = null;
      return 0;
    }
    const found = this.judge(time, length, apart, usual, Math.max(least, length * HOLE_SHARE));
    this.inARow = found > 0 ? this.inARow + 1 : 0;
    if (found < 0) this.added -= length;
    return found;
  }

  private judge(time: number, length: number, apart: number, usual: number | null, least: number): number {
    // Later than any lately; how much is put in makes up for what was rounded before.
    if (apart - (usual ?? 0) >= least) return Math.max(0, Math.round(apart / length));
    if (usual === null || time - this.from < SECONDS * SECOND_MS) return 0;
    const always = (this.late.leastWithin(time, 0, SECONDS) ?? 0) - this.added;
    if (always >= length * DRIFT_SHARE) return Math.round(always / length);
    return Math.max(usual, apart) <= -length * DRIFT_SHARE ? -1 : 0;
  }

  /** A frame that was missing is put in. Gives when it begins, milliseconds of the epoch. */
  put(length: number): number {
    this.added += length;
    return this.place(this.next ?? 0, length);
  }

  /** A frame is written. Gives when it begins, milliseconds of the epoch: its own time where that is as near as publishers round, else the counted one. */
  place(time: number, length: number): number {
    const counted = this.next ?? time;
    this.next = counted + length;
    // What is only rounded keeps its own time: `SampleClock` takes over from here.
    const at = Math.abs(time - counted) <= TIME_ERROR_MS.rounded ? time : counted;
    this.last = Math.max(this.last, Math.round(at));
    return this.last;
  }
}
