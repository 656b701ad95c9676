/**
 * Holds the shared bytes of one output. A reader is a position in it: the number of bytes from the beginning of the output. Bytes are
 * written once, and readers get views of them.
 *
 * The buffer consists of chunks, each of which begins at a place where a reader can join. So a joiner's backlog and each batch are one view
 * of one chunk, except for the batch in which a new chunk begins.
 */

import type { LogContext } from "../log/log.ts";

/** Where a reader joins, in terms of the log. */
export type JoinContext = {
  /** Bytes that it gets first. */
  readonly initBytes: Uint8Array;
  /** The configurations that apply there. */
  readonly context: LogContext;
};

/** A place where a reader can begin. */
export type JoinPoint = JoinContext & {
  readonly position: number;
  /** Milliseconds of the epoch. */
  readonly time: number;
};

type Chunk = {
  readonly start: number;
  bytes: Buffer;
  length: number;
  /** Offsets within the chunk at which messages begin, where a reader may be cut off or moved. */
  readonly boundaries: number[];
  /** Times of its first and its newest message, milliseconds of the epoch. */
  readonly begun: number;
  time: number;
};

export type OutputBufferLimits = {
  /** Milliseconds of media that a reader may be behind. */
  readonly milliseconds: number;
  /** Bytes that a reader may be behind. */
  readonly bytes: number;
};

const FIRST_CHUNK_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export class OutputBuffer {
  private readonly limits: OutputBufferLimits;
  private readonly chunks: Chunk[] = [];
  private end = 0;
  private newest: JoinPoint | null = null;
  private shared: { from: number; to: number; bytes: Buffer } | null = null;

  constructor(limits: OutputBufferLimits) {
    this.limits = limits;
  }

  /** The position behind the newest byte. */
  get head(): number {
    return this.end;
  }

  /** The oldest position that can still be read. */
  get oldest(): number {
    return this.chunks[0]?.start ?? this.end;
  }

  /** Where a reader that joins now should begin; null while there is no such place. */
  get join(): JoinPoint | null {
    return this.newest;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.end - this.oldest;
  }

  /** Recent bytes per second of media; 0 while that is not known. */
  get bytesPerSecond(): number {
    const [oldest] = this.chunks;
    const newest = this.chunks.at(-1);
    if (!oldest || !newest || newest.time <= oldest.begun) return 0;
    return (this.bytes * 1000) / (newest.time - oldest.begun);
  }

  /**
   * Adds one message. Gives its memory, which must be filled at once.
   * @param join given when a reader can join at this message
   */
  append(bytes: number, time: number, join: JoinContext | null): Buffer {
    let chunk = this.chunks.at(-1);
    if (!chunk || join || chunk.length >= this.limits.bytes) chunk = this.newChunk(time, join);
    const from = chunk.length;
    const needed = from + bytes;
    if (needed > chunk.bytes.length) {
      // Views of the old memory may still be on their way to readers.
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, chunk.bytes.length * 2));
      chunk.bytes.copy(grown, 0, 0, chunk.length);
      chunk.bytes = grown;
    }
    chunk.boundaries.push(from);
    chunk.length = needed;
    chunk.time = time;
    this.end += bytes;
    return chunk.bytes.subarray(from, needed);
  }

  /** The bytes from one position to another, both of which must still be kept. Synced readers share one result. */
  slice(from: number, to: number): Buffer {
    if (from >= to) return NOTHING;
    if (this.shared?.from === from && this.shared.to === to) return this.shared.bytes;
    const bytes = this.cut(from, to);
    this.shared = { from, to, bytes };
    return bytes;
  }

  /** The last message boundary that is at most `bytes` after a position, but at least one message after it. */
  boundaryAfter(position: number, bytes: number): number {
    if (this.end - position <= bytes) return this.end;
    let best = this.end;
    for (const chunk of this.chunks) {
      if (chunk.start + chunk.length <= position) continue;
      for (const offset of chunk.boundaries) {
        const at = chunk.start + offset;
        if (at <= position) continue;
        if (at - position > bytes && best !== this.end) return best;
        best = at;
        if (at - position > bytes) return best;
      }
    }
    return best;
  }

  /** Whether a reader at this position is further behind than readers may be. */
  isTooFarBehind(position: number): boolean {
    if (position < this.oldest || this.end - position > this.limits.bytes) return true;
    const chunk = this.chunkAt(position);
    const last = this.chunks.at(-1);
    if (!chunk || !last || chunk === last) return false;
    return last.time - chunk.time > this.limits.milliseconds;
  }

  private newChunk(time: number, join: JoinContext | null): Chunk {
    const before = this.chunks.at(-1);
    if (join) this.newest = { ...join, position: this.end, time };
    // The next GOP is likely to be as large as the last one.
    const size = Math.max(FIRST_CHUNK_BYTES, before ? Math.ceil((before.length * 9) / 8) : 0);
    const chunk: Chunk = {
      start: this.end,
      bytes: Buffer.allocUnsafeSlow(size),
      length: 0,
      boundaries: [],
      begun: time,
      time,
    };
    this.chunks.push(chunk);
    this.forget(time);
    return chunk;
  }

  private forget(now: number): void {
    for (;;) {
      const [oldest, second] = this.chunks;
      if (!oldest || !second) return;
      const needed = this.end - second.start < this.limits.bytes && now - oldest.time <= this.limits.milliseconds;
      const joinable = this.newest !== null && oldest.start >= this.newest.position;
      if (needed || (joinable && this.bytes <= 2 * this.limits.bytes)) return;
      // A GOP that is larger than all bounds: no reader can join until the next key frame.
      if (joinable) this.newest = null;
      this.chunks.shift();
    }
  }

  private chunkAt(position: number): Chunk | undefined {
    return this.chunks.findLast((chunk) => chunk.start <= position);
  }

  private cut(from: number, to: number): Buffer {
    const parts: Buffer[] = [];
    for (const chunk of this.chunks) {
      const first = Math.max(from - chunk.start, 0);
      const last = Math.min(to - chunk.start, chunk.length);
      if (first < last) parts.push(chunk.bytes.subarray(first, last));
    }
    const [only] = parts;
    return only && parts.length === 1 ? only : Buffer.concat(parts);
  }
}
