/** Segments that were made lately, for all who watch the same; each is made once, whoever asks at the same moment. */

import type { StoredSegment } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";

/** A segment's parts, one after the other. */
export type Made = readonly Buffer[];

const MOST_BYTES = 64 * 1024 * 1024;

export class SegmentCache {
  private readonly made = new Map<string, Made>();
  private readonly making = new Map<string, Promise<Made | null>>();
  private bytes = 0;

  /** Null when it is not whole, or cannot be read. The bytes must not be changed. */
  async segment(segment: StoredSegment): Promise<Made | null> {
    const key = `${segment.file.path} ${segment.place}`;
    const known = this.made.get(key);
    if (known) {
      // The newest stand last.
      this.made.delete(key);
      this.made.set(key, known);
      return known;
    }
    const making =
      this.making.get(key) ??
      packageStored(segment)
        .then((made) => this.keep(key, made))
        .finally(() => this.making.delete(key));
    this.making.set(key, making);
    return await making;
  }

  private keep(key: string, made: Made | null): Made | null {
    if (!made) return null;
    this.made.set(key, made);
    this.bytes += bytesOf(made);
    for (const [oldest, other] of this.made) {
      if (this.bytes <= MOST_BYTES) break;
      this.made.delete(oldest);
      this.bytes -= bytesOf(other);
    }
    return made;
  }
}

export function bytesOf(made: Made): number {
  return made.reduce((sum, { length }) => sum + length, 0);
}
