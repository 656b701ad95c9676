/**
 * The records of one segment, kept small.
 *
 * A server holds hundreds of thousands of frames, and as objects they keep the garbage collector busy: with 300 publishers, keeping
 * them as numbers in one array and bytes in a few large pieces took a quarter off the whole cost of the ingest. They are made into
 * records again when somebody reads them. The few other records stay as they are.
 */
import { BufferPool } from "../../../platform/buffer-pool.ts";
import type { LogEntry, MediaEntry } from "./log-entry.ts";

/** The columns of a frame. */
const COLUMN = {
  track: 0,
  codec: 1,
  flags: 2,
  decodeTime: 3,
  compositionOffset: 4,
  piece: 5,
  start: 6,
  length: 7,
  payload: 8,
  payloadLength: 9,
} as const;
const COLUMNS = 10;
const TRACKS = ["video", "audio", "data"] as const;
const FLAG = { key: 1, disposable: 2 } as const;
const FIRST_RECORDS = 64;
const PIECE_BYTES = 128 * 1024;
/** Of pieces that wait to be used again, by all streams of the process. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** Pieces go round, as long as nobody was shown a view of them. */
const PIECES = new BufferPool(PIECE_BYTES, SPARE_BYTES);

export class PackedEntries {
  private readonly firstSequence: number;
  private readonly others = new Map<number, LogEntry>();
  private readonly codecs: string[] = [];
  private readonly pieces: Buffer[] = [];
  private used = 0;
  private numbers = new Float64Array(FIRST_RECORDS * COLUMNS);
  private count = 0;
  private term = 0;
  /** True once somebody was given a view of the pieces, and may have kept it. */
  private shown = false;

  /** @param firstSequence of the first record; the others follow without a gap */
  constructor(firstSequence: number) {
    this.firstSequence = firstSequence;
  }

  get length(): number {
    return this.count;
  }

  push(record: LogEntry): void {
    // All frames of a segment are of one term: a new term begins a segment.
    if (record.kind === "media" && (this.term === 0 || record.term === this.term)) this.pack(record);
    else this.others.set(this.count, record);
    this.count++;
  }

  /** The record at a place from 0 on; undefined outside. */
  at(index: number): LogEntry | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return this.others.get(index) ?? this.unpack(index);
  }

  /** Records from one place up to another, both from 0 on. */
  slice(from: number, to: number): LogEntry[] {
    const out: LogEntry[] = [];
    for (let i = Math.max(0, from); i < Math.min(to, this.count); i++) {
      const record = this.at(i);
      if (record) out.push(record);
    }
    return out;
  }

  /** What is no frame: marks, configurations, with their places from 0 on. */
  marks(): IterableIterator<[number, LogEntry]> {
    return this.others.entries();
  }

  /** Calls for each record from one place up to another, whose bytes are good until this turn of the event loop is over. */
  visit(from: number, to: number, call: (record: LogEntry) => void): void {
    const { shown } = this;
    for (let i = Math.max(0, from); i < Math.min(to, this.count); i++) {
      const record = this.at(i);
      if (record) call(record);
    }
    this.shown = shown;
  }

  *[Symbol.iterator](): Generator<LogEntry> {
    for (let i = 0; i < this.count; i++) {
      const record = this.at(i);
      if (record) yield record;
    }
  }

  /** The segment is forgotten, and nothing is read of it any more. */
  release(): void {
    for (const piece of this.shown ? [] : this.pieces) if (piece.length === PIECE_BYTES) PIECES.give(piece);
    this.pieces.length = 0;
    this.count = 0;
  }

  private pack(record: MediaEntry): void {
    this.term = record.term;
    const at = this.count * COLUMNS;
    if (at + COLUMNS > this.numbers.length) {
      const grown = new Float64Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    let codec = this.codecs.indexOf(record.codec);
    if (codec < 0) codec = this.codecs.push(record.codec) - 1;
    const { numbers } = this;
    numbers[at + COLUMN.track] = TRACKS.indexOf(record.track);
    numbers[at + COLUMN.codec] = codec;
    numbers[at + COLUMN.flags] = (record.key ? FLAG.key : 0) | (record.disposable ? FLAG.disposable : 0);
    numbers[at + COLUMN.decodeTime] = record.decodeTime;
    numbers[at + COLUMN.compositionOffset] = record.compositionOffset;
    const piece = this.pieceFor(record.tag.length);
    piece.set(record.tag, this.used);
    numbers[at + COLUMN.piece] = this.pieces.length - 1;
    numbers[at + COLUMN.start] = this.used;
    numbers[at + COLUMN.length] = record.tag.length;
    numbers[at + COLUMN.payload] = record.payload.byteOffset - record.tag.byteOffset;
    numbers[at + COLUMN.payloadLength] = record.payload.length;
    this.used += record.tag.length;
  }

  private pieceFor(bytes: number): Buffer {
    const last = this.pieces.at(-1);
    if (last && this.used + bytes <= last.length) return last;
    const piece = bytes <= PIECE_BYTES ? PIECES.take(PIECE_BYTES) : Buffer.allocUnsafeSlow(bytes);
    this.pieces.push(piece);
    this.used = 0;
    return piece;
  }

  private unpack(index: number): MediaEntry | undefined {
    this.shown = true;
    const at = index * COLUMNS;
    const column = (name: keyof typeof COLUMN) => this.numbers[at + COLUMN[name]] ?? 0;
    const start = column("start");
    const tag = this.pieces[column("piece")]?.subarray(start, start + column("length"));
    const track = TRACKS[column("track")];
    if (!tag || !track) return undefined;
    const payload = column("payload");
    return {
      term: this.term,
      sequence: this.firstSequence + index,
      kind: "media",
      track,
      codec: this.codecs[column("codec")] ?? "",
      decodeTime: column("decodeTime"),
      compositionOffset: column("compositionOffset"),
      key: (column("flags") & FLAG.key) !== 0,
      disposable: (column("flags") & FLAG.disposable) !== 0,
      payload: tag.subarray(payload, payload + column("payloadLength")),
      tag,
    };
  }
}
