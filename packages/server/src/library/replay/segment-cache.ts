/** Segments that were made lately, for all who watch the same; each is made once, whoever asks at the same moment. */

import { BufferPool } from "../../platform/buffer-pool.ts";
import type { StoredSegment } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";

/** A segment's bytes, which must not be changed, and not be looked at any more when they were let go. */
export type Held = { readonly bytes: Buffer; readonly letGo: () => void };

type Entry = { readonly bytes: Buffer; readonly room: Buffer; users: number; kept: boolean };

const MOST_BYTES = 64 * 1024 * 1024;
const LEAST_BYTES = 64 * 1024;
const POOL_BYTES = 16 * 1024 * 1024;

export class SegmentCache {
  private readonly pool = new BufferPool(LEAST_BYTES, POOL_BYTES);
  private readonly made = new Map<string, Entry>();
  private readonly making = new Map<string, Promise<Entry | null>>();
  private readonly mostBytes: number;
  private bytes = 0;

  /** @param mostBytes of what is kept */
  constructor(mostBytes = MOST_BYTES) {
    this.mostBytes = mostBytes;
  }

  /** Null when it is not whole, or cannot be read. */
  async hold(segment: StoredSegment): Promise<Held | null> {
    const key = `${segment.file.path} ${segment.place}`;
    // What others are making may be forgotten again before it is this one's turn.
    for (let entry = this.known(key); ; entry = this.known(key)) {
      if (entry) {
        entry.users++;
        return this.held(entry);
      }
      const other = this.making.get(key);
      const making = other ?? this.make(key, segment).finally(() => this.making.delete(key));
      this.making.set(key, making);
      const own = await making;
      if (!own) return null;
      if (!other) return this.held(own);
    }
  }

  private known(key: string): Entry | null {
    const entry = this.made.get(key);
    if (!entry) return null;
    // The newest stand last.
    this.made.delete(key);
    this.made.set(key, entry);
    return entry;
  }

  private held(entry: Entry): Held {
    let isHeld = true;
    const letGo = () => {
      if (isHeld) this.release(entry);
      isHeld = false;
    };
    return { bytes: entry.bytes, letGo };
  }

  private release(entry: Entry): void {
    entry.users--;
    if (entry.users === 0 && !entry.kept) this.pool.give(entry.room);
  }

  private async make(key: string, segment: StoredSegment): Promise<Entry | null> {
    const room = this.pool.take(segment.hlsBytes);
    const bytes = await packageStored(segment, room).catch((error: unknown) => {
      this.pool.give(room);
      throw error;
    });
    if (!bytes) {
      this.pool.give(room);
      return null;
    }
    // Whoever has it made holds it already, or it could be forgotten before they see it.
    const entry: Entry = { bytes, room, users: 1, kept: true };
    this.made.set(key, entry);
    this.bytes += room.length;
    for (const [oldest, other] of this.made) {
      if (this.bytes <= this.mostBytes || other === entry) break;
      this.made.delete(oldest);
      this.bytes -= other.room.length;
      other.kept = false;
      if (other.users === 0) this.pool.give(other.room);
    }
    return entry;
  }
}
