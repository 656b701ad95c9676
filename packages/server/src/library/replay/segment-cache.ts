/** Caches packaged replay segments in bounded memory. Concurrent requests for a segment share one packaging. */

import { BufferPool } from "../../platform/buffer-pool.ts";
import type { StoredSegment } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";

/** A segment's bytes. They must not be changed, nor read after `release`. */
export type SegmentLease = { readonly bytes: Buffer; readonly release: () => void };

type Entry = { readonly bytes: Buffer; readonly room: Buffer; users: number; cached: boolean };

const MAX_BYTES = 64 * 1024 * 1024;
const MIN_BYTES = 64 * 1024;
const POOL_BYTES = 16 * 1024 * 1024;

export class SegmentCache {
  private readonly pool = new BufferPool(MIN_BYTES, POOL_BYTES);
  private readonly entries = new Map<string, Entry>();
  private readonly pending = new Map<string, Promise<Entry | null>>();
  private readonly maxBytes: number;
  private bytes = 0;

  /** @param maxBytes bound of the cached segments */
  constructor(maxBytes = MAX_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** Packages a segment, or takes it from the cache. Null when it is incomplete or cannot be read. */
  async acquire(segment: StoredSegment): Promise<SegmentLease | null> {
    const key = `${segment.file.path} ${segment.index}`;
    // A segment that another request packaged may be evicted before this one continues.
    for (let entry = this.touch(key); ; entry = this.touch(key)) {
      if (entry) {
        entry.users++;
        return this.lease(entry);
      }
      const other = this.pending.get(key);
      const making = other ?? this.build(key, segment).finally(() => this.pending.delete(key));
      this.pending.set(key, making);
      const own = await making;
      if (!own) return null;
      if (!other) return this.lease(own);
    }
  }

  private touch(key: string): Entry | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    // Least recently used first.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  private lease(entry: Entry): SegmentLease {
    let isHeld = true;
    const letGo = () => {
      if (isHeld) this.release(entry);
      isHeld = false;
    };
    return { bytes: entry.bytes, release: letGo };
  }

  private release(entry: Entry): void {
    entry.users--;
    if (entry.users === 0 && !entry.cached) this.pool.give(entry.room);
  }

  private async build(key: string, segment: StoredSegment): Promise<Entry | null> {
    const room = this.pool.take(segment.hlsBytes);
    const bytes = await packageStored(segment, room).catch((error: unknown) => {
      this.pool.give(room);
      throw error;
    });
    if (!bytes) {
      this.pool.give(room);
      return null;
    }
    // Leased to its maker from the start, or it could be evicted before the maker reads it.
    const entry: Entry = { bytes, room, users: 1, cached: true };
    this.entries.set(key, entry);
    this.bytes += room.length;
    for (const [oldest, other] of this.entries) {
      if (this.bytes <= this.maxBytes || other === entry) break;
      this.entries.delete(oldest);
      this.bytes -= other.room.length;
      other.cached = false;
      if (other.users === 0) this.pool.give(other.room);
    }
    return entry;
  }
}
