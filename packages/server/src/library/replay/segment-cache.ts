/**
 * Caches packaged segments of recorded files in bounded memory: whole, and most recently used. Concurrent requests for a segment share one
 * packaging. The cache knows nothing of permissions: they are checked before it is asked.
 */

import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { encryptedLength, encryptFile } from "../../access/encryption/encrypted-files.ts";
import { BufferPool } from "../../platform/buffer-pool.ts";
import type { StoredSegment } from "../files/indexed-file.ts";
import { packageStored } from "../files/stored-segment.ts";

/** A segment's bytes. They must not be changed, nor read after `release`. */
export type SegmentLease = { readonly bytes: Buffer; readonly release: () => void };

/** Where requested segments came from, since the start. */
export type SegmentCounts = {
  /** From the cache. */
  readonly cached: number;
  /** From the packaging of another request. */
  readonly shared: number;
  /** Packaged from the file. */
  readonly packaged: number;
};

/** Clients that do not read hold so many segments that no further one may be packaged. */
export class SegmentsBusy extends Error {}

type Entry = { readonly bytes: Buffer; readonly buffer: Buffer; users: number; cached: boolean };

const MAX_BYTES = 64 * 1024 * 1024;
/** Some hundred clients that read slowly must not keep the others from watching. */
const MIN_PINNED_BYTES = 64 * 1024 * 1024;
const MIN_BYTES = 16 * 1024;
/** Buffers differ by an eighth, so at most a ninth of the memory is unused. */
const POOL_STEPS = 8;
const POOL_BYTES = 16 * 1024 * 1024;

export class SegmentCache {
  private readonly pool = new BufferPool(MIN_BYTES, POOL_BYTES, POOL_STEPS);
  /** In the order of their last use. */
  private readonly entries = new Map<string, Entry>();
  private readonly pending = new Map<string, Promise<Entry | null>>();
  private readonly maxBytes: number;
  private readonly maxPinnedBytes: number;
  private readonly counted = { cached: 0, shared: 0, packaged: 0 };
  private bytes = 0;
  /** Of segments that were evicted while somebody holds them. */
  private pinnedBytes = 0;

  /**
   * @param maxBytes bound of the cached segments
   * @param maxPinnedBytes bound of further segments, which clients that read slowly hold
   */
  constructor(maxBytes = MAX_BYTES, maxPinnedBytes = Math.max(maxBytes, MIN_PINNED_BYTES)) {
    this.maxBytes = maxBytes;
    this.maxPinnedBytes = maxPinnedBytes;
  }

  /** Bytes of the cached segments. */
  get size(): number {
    return this.bytes;
  }

  /** Bytes of segments that are not cached any more, but still being sent. */
  get held(): number {
    return this.pinnedBytes;
  }

  get limit(): number {
    return this.maxBytes;
  }

  get counts(): SegmentCounts {
    return this.counted;
  }

  /**
   * Packages a segment, or takes it from the cache. Null when it is incomplete or cannot be read.
   * @param contentKey to encrypt it with; null: it is not encrypted
   * @throws SegmentsBusy
   */
  async acquire(segment: StoredSegment, contentKey: ContentKey | null = null): Promise<SegmentLease | null> {
    const key = `${segment.file.path} ${segment.file.version} ${segment.index} ${contentKey?.name ?? ""}`;
    const known = this.touch(key);
    if (known) {
      this.counted.cached++;
      return this.lease(known);
    }
    // A segment that another request packaged may be evicted before this one continues.
    for (;;) {
      const other = this.pending.get(key);
      const making = other ?? this.build(key, segment, contentKey).finally(() => this.pending.delete(key));
      this.pending.set(key, making);
      const made = await making;
      this.counted[other ? "shared" : "packaged"]++;
      if (!made) return null;
      // Leased to its maker from the start, or it could be evicted before the maker reads it.
      if (!other) return this.leaseOf(made);
      const entry = this.touch(key);
      if (entry) return this.lease(entry);
    }
  }

  private touch(key: string): Entry | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  private lease(entry: Entry): SegmentLease {
    entry.users++;
    return this.leaseOf(entry);
  }

  private leaseOf(entry: Entry): SegmentLease {
    let isPinned = true;
    const letGo = () => {
      if (isPinned) this.release(entry);
      isPinned = false;
    };
    return { bytes: entry.bytes, release: letGo };
  }

  private release(entry: Entry): void {
    entry.users--;
    if (entry.users > 0 || entry.cached) return;
    this.pinnedBytes -= entry.buffer.length;
    this.pool.give(entry.buffer);
  }

  private async build(key: string, segment: StoredSegment, contentKey: ContentKey | null): Promise<Entry | null> {
    const taken: Buffer[] = [];
    let entry: Entry | null = null;
    try {
      const plain = await packageStored(segment, (size) => this.take(size, taken));
      const buffer = plain && contentKey ? this.take(encryptedLength(plain.length), taken) : taken[0];
      const bytes = plain && contentKey && buffer ? await encryptFile(plain, contentKey, buffer) : plain;
      if (bytes && buffer) entry = { bytes, buffer, users: 1, cached: true };
    } finally {
      for (const buffer of taken) if (buffer !== entry?.buffer) this.pool.give(buffer);
    }
    return entry && this.keep(key, entry);
  }

  private take(size: number, taken: Buffer[]): Buffer {
    if (this.pinnedBytes >= this.maxPinnedBytes) throw new SegmentsBusy("clients that do not read hold too many segments");
    const buffer = this.pool.take(size);
    taken.push(buffer);
    return buffer;
  }

  private keep(key: string, entry: Entry): Entry {
    this.entries.set(key, entry);
    this.bytes += entry.buffer.length;
    for (const [oldest, other] of this.entries) {
      if (this.bytes <= this.maxBytes || other === entry) break;
      this.entries.delete(oldest);
      this.bytes -= other.buffer.length;
      other.cached = false;
      if (other.users === 0) this.pool.give(other.buffer);
      else this.pinnedBytes += other.buffer.length;
    }
    return entry;
  }
}
