/**
 * Watches for sound that this browser cannot decode, such as rubbish in AAC: after some errors the picture plays without it, and the sound is tried
 * again later. All times are milliseconds of one monotonic clock.
 */
import { isOfSound } from "../engines/problem.ts";

/** One error may be of a connection that broke off. */
const FAULTS = { count: 2, withinMs: 60_000 } as const;
/** It is left out for twice as long each time that it fails again. */
const LEFT_OUT_MS = { first: 30_000, most: 600_000 } as const;

export class SoundFaults {
  private faultsAt: readonly number[] = [];
  private leftOutMs: number = LEFT_OUT_MS.first;
  private until = Number.NEGATIVE_INFINITY;

  /** Takes an error of a decoder. @param detail as the browser words it @returns whether it was the sound's */
  note(detail: string, now: number): boolean {
    if (!isOfSound(detail)) return false;
    this.faultsAt = [...this.faultsAt.filter((at) => now - at < FAULTS.withinMs), now];
    const isAgain = now - this.until < FAULTS.withinMs;
    if (!isAgain && this.faultsAt.length < FAULTS.count) return true;
    this.leftOutMs = isAgain ? Math.min(LEFT_OUT_MS.most, this.leftOutMs * 2) : LEFT_OUT_MS.first;
    this.until = now + this.leftOutMs;
    this.faultsAt = [];
    return true;
  }

  /** When the sound is tried again; null: it is played. */
  leftOutUntil(now: number): number | null {
    return now < this.until ? this.until : null;
  }

  /** For how long the sound has been left out; null: it is played. */
  leftOutFor(now: number): number | null {
    return now < this.until ? this.leftOutMs - (this.until - now) : null;
  }
}
