/**
 * Stores the entries of one segment compactly.
 *
 * A server holds hundreds of thousands of frames, and as objects they keep the garbage collector busy: with 300 publishers, columns of
 * numbers in one array and payloads in a few large buffers took a quarter off the whole cost of the ingest. Frames become entries again
 * when they are read. The few other entries stay objects.
 *
 * Payloads that are read are views of the buffers. They are good until this turn of the event loop is over, or as long as the segment is
 * held: after that the buffers may be in use for another segment.
 */
import type { Frame } from "@lectern/media";
import { BufferPool } from "../../../platform/buffer-pool.ts";
import type { LogEntry, MediaEntry } from "./log-entry.ts";

/** A frame without its time, which the ingest repairs. */
export type UntimedFrame = Omit<Frame, "decodeTime">;

/** The columns of a frame. */
const COLUMN = { track: 0, codec: 1, flags: 2, decodeTime: 3, compositionOffset: 4, buffer: 5, start: 6, length: 7 } as const;
const COLUMNS = 8;
/** By the number in the column. */
const TRACKS = ["video", "audio", "data"] as const;
const FLAG = { key: 1, disposable: 2 } as const;
/** The sound flags are above the others. */
const SOUND_SHIFT = 4;
/** What is expected of a segment: its entries, and the bytes of all payloads. */
export type SegmentSize = { readonly entries: number; readonly bytes: number };

/** Of a segment of which nothing is known. */
const UNKNOWN: SegmentSize = { entries: 64, bytes: 16 * 1024 };
/** Segments of a stream differ: so much more than what is expected is taken at first. */
const MARGIN = 9 / 8;
/** What a segment has beyond what was expected comes in buffers of this share of what it has already. */
const MORE_SHARE = 1 / 4;
/** Sizes of columns are powers of two from this on, so that they fit other segments. */
const MIN_ENTRIES = 32;
/** Free columns of all streams of the process. */
const MAX_FREE_COLUMN_BYTES = 16 * 1024 * 1024;
const BUFFER_BYTES = 128 * 1024;
const MIN_BUFFER_BYTES = 2 * 1024;
/** Free buffers of all streams of the process. */
const MAX_FREE_BYTES = 64 * 1024 * 1024;
/** Sizes of buffers between two powers of two: with one, nearly half of a camera's buffers was unused. */
const BUFFER_STEPS = 4;

const POOL = new BufferPool(MIN_BUFFER_BYTES, MAX_FREE_BYTES, BUFFER_STEPS);
const FREE_COLUMNS = new Map<number, Float64Array[]>();
let freeColumnBytes = 0;
const NO_COLUMNS = new Float64Array(0);

function takeColumns(entries: number): Float64Array {
  const length = COLUMNS * 2 ** Math.ceil(Math.log2(Math.max(MIN_ENTRIES, entries)));
  const free = FREE_COLUMNS.get(length)?.pop();
  if (!free) return new Float64Array(length);
  freeColumnBytes -= free.byteLength;
  return free;
}

function giveColumns(numbers: Float64Array): void {
  if (numbers.length === 0 || freeColumnBytes + numbers.byteLength > MAX_FREE_COLUMN_BYTES) return;
  freeColumnBytes += numbers.byteLength;
  const sameSize = FREE_COLUMNS.get(numbers.length);
  if (sameSize) sameSize.push(numbers);
  else FREE_COLUMNS.set(numbers.length, [numbers]);
}

export class PackedEntries {
  private readonly firstSequence: number;
  private readonly others = new Map<number, LogEntry>();
  private readonly codecs: string[] = [];
  private buffers: Buffer[] = [];
  private used = 0;
  private numbers: Float64Array;
  private count = 0;
  private term = 0;
  private readonly expectedBytes: number;
  private storedBytes = 0;
  private bufferBytes = 0;
  private holders = 0;
  private released = false;

  /**
   * @param firstSequence of the first entry; the others follow without a gap
   * @param expected such as what the segment before had: a stream of a few kilobytes a second needs no more memory than that
   */
  constructor(firstSequence: number, expected = UNKNOWN) {
    this.firstSequence = firstSequence;
    this.numbers = takeColumns(expected.entries);
    this.expectedBytes = expected.bytes * MARGIN;
  }

  /** Bytes of the buffers and columns. */
  get memoryBytes(): number {
    return this.bufferBytes + this.numbers.byteLength;
  }

  get length(): number {
    return this.count;
  }

  /** What may be expected of the segment that follows this one. */
  get size(): SegmentSize {
    return { entries: this.count, bytes: this.storedBytes };
  }

  /** Adds an entry, with a copy of its payload. */
  push(entry: LogEntry): void {
    // All frames of a segment are of one term: a new term begins a segment.
    if (entry.kind === "media" && this.pushFrame(entry, entry.decodeTime, entry.term)) return;
    this.others.set(this.count, entry);
    this.count++;
  }

  /** Adds a frame, with a copy of its payload. False, and nothing is added, where the segment is of another term. */
  pushFrame(frame: UntimedFrame, decodeTime: number, term: number): boolean {
    if (this.term !== 0 && term !== this.term) return false;
    this.term = term;
    this.pack(frame, decodeTime);
    this.count++;
    return true;
  }

  /** The entry at an index from 0 on; undefined outside. */
  at(index: number): LogEntry | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return this.others.get(index) ?? this.unpack(index);
  }

  /** Entries from one index up to another, both from 0 on. */
  slice(from: number, to: number): LogEntry[] {
    const out: LogEntry[] = [];
    this.visit(from, to, (entry) => out.push(entry));
    return out;
  }

  /** Entries that are no frames (marks, configurations), with their indexes from 0 on. */
  marks(): IterableIterator<[number, LogEntry]> {
    return this.others.entries();
  }

  /** Calls for each entry from one index up to another that is no frame. */
  visitMarks(from: number, to: number, call: (entry: LogEntry) => void): void {
    for (let i = Math.max(0, from); i < Math.min(to, this.count); i++) {
      const entry = this.others.get(i);
      if (entry) call(entry);
    }
  }

  /** Calls for each entry from one index up to another. */
  visit(from: number, to: number, call: (entry: LogEntry) => void): void {
    for (let i = Math.max(0, from); i < Math.min(to, this.count); i++) {
      const entry = this.at(i);
      if (entry) call(entry);
    }
  }

  *[Symbol.iterator](): Generator<LogEntry> {
    for (let i = 0; i < this.count; i++) {
      const entry = this.at(i);
      if (entry) yield entry;
    }
  }

  /** Keeps payloads good across turns of the event loop. Gives a function that lets go of them. */
  hold(): () => void {
    this.holders++;
    let holding = true;
    return () => {
      if (!holding) return;
      holding = false;
      this.holders--;
      if (this.released) this.recycle();
    };
  }

  /** The log has forgotten the segment: its buffers are used again as soon as nobody holds it. */
  release(): void {
    this.released = true;
    this.count = 0;
    this.recycle();
  }

  private recycle(): void {
    if (this.holders > 0) return;
    for (const buffer of this.buffers) if (buffer.length <= BUFFER_BYTES) POOL.give(buffer);
    this.buffers = [];
    this.bufferBytes = 0;
    giveColumns(this.numbers);
    this.numbers = NO_COLUMNS;
  }

  private pack(frame: UntimedFrame, decodeTime: number): void {
    const at = this.count * COLUMNS;
    if (at + COLUMNS > this.numbers.length) {
      const grown = takeColumns(this.count + 1);
      grown.set(this.numbers);
      giveColumns(this.numbers);
      this.numbers = grown;
    }
    const { numbers } = this;
    const { payload } = frame;
    this.bufferFor(payload.length).set(payload, this.used);
    numbers[at + COLUMN.track] = frame.track === "video" ? 0 : frame.track === "audio" ? 1 : 2;
    numbers[at + COLUMN.codec] = this.numberOf(frame.codec);
    numbers[at + COLUMN.flags] =
      (frame.key ? FLAG.key : 0) | (frame.disposable ? FLAG.disposable : 0) | (frame.soundFlags << SOUND_SHIFT);
    numbers[at + COLUMN.decodeTime] = decodeTime;
    numbers[at + COLUMN.compositionOffset] = frame.compositionOffset;
    numbers[at + COLUMN.buffer] = this.buffers.length - 1;
    numbers[at + COLUMN.start] = this.used;
    numbers[at + COLUMN.length] = payload.length;
    this.used += payload.length;
    this.storedBytes += payload.length;
  }

  private numberOf(codec: string): number {
    const known = this.codecs.indexOf(codec);
    return known < 0 ? this.codecs.push(codec) - 1 : known;
  }

  private bufferFor(bytes: number): Buffer {
    const last = this.buffers.at(-1);
    if (last && this.used + bytes <= last.length) return last;
    const buffer = bytes <= BUFFER_BYTES ? POOL.take(Math.max(bytes, this.wantedBytes())) : Buffer.allocUnsafeSlow(bytes);
    this.buffers.push(buffer);
    this.bufferBytes += buffer.length;
    this.used = 0;
    return buffer;
  }

  /** What the next buffer should have room for. */
  private wantedBytes(): number {
    const left = this.expectedBytes - this.storedBytes;
    return Math.min(BUFFER_BYTES, left > 0 ? left : this.storedBytes * MORE_SHARE);
  }

  private unpack(index: number): MediaEntry | undefined {
    const at = index * COLUMNS;
    const column = (name: keyof typeof COLUMN) => this.numbers[at + COLUMN[name]] ?? 0;
    const start = column("start");
    const payload = this.buffers[column("buffer")]?.subarray(start, start + column("length"));
    const track = TRACKS[column("track")];
    if (!payload || !track) return undefined;
    const flags = column("flags");
    return {
      term: this.term,
      sequence: this.firstSequence + index,
      kind: "media",
      track,
      codec: this.codecs[column("codec")] ?? "",
      decodeTime: column("decodeTime"),
      compositionOffset: column("compositionOffset"),
      key: (flags & FLAG.key) !== 0,
      disposable: (flags & FLAG.disposable) !== 0,
      soundFlags: flags >> SOUND_SHIFT,
      payload,
    };
  }
}
