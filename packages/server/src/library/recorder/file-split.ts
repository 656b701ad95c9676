/**
 * Decides where a recording continues in a new file: at the head where a file is nearest to its limit of seconds, and before its limit of
 * bytes. A file begins where a player can start, so what counts is the distance of such heads: a segment without a key frame adds to the one
 * before it.
 */
import { RecentMaximum } from "../../platform/recent-maximum.ts";

export type Limits = { readonly seconds: number; readonly bytes: number };

/** A place where a file can begin: its time in milliseconds of the epoch, and the bytes that were written before it in all files. */
type FilePosition = { readonly time: number; readonly bytes: number };

/** How long the distance of two places counts. */
const WINDOW_MS = 60_000;
/** The next distance is assumed to be larger than the largest one lately by this factor, in bytes. */
const BYTES_MARGIN = 1.5;

export class FileSplit {
  private readonly durations = new RecentMaximum(WINDOW_MS);
  private readonly sizes = new RecentMaximum(WINDOW_MS);
  private before: FilePosition | null = null;

  /** The next place where a file can begin. Called for all of them, in their order. */
  at(place: FilePosition): void {
    const { before } = this;
    this.before = place;
    if (!before) return;
    this.durations.add(place.time - before.time, place.time);
    this.sizes.add(place.bytes - before.bytes, place.time);
  }

  /** Whether a file of this size must end at the newest place. */
  isFull(file: { readonly durationMs: number; readonly bytes: number }, limits: Limits): boolean {
    const next = { ms: this.durations.value, bytes: Math.min(this.sizes.value * BYTES_MARGIN, limits.bytes / 2) };
    return file.bytes + next.bytes > limits.bytes || file.durationMs + next.ms / 2 > limits.seconds * 1000;
  }
}
