/**
 * Reads one recorded file by its index: its segments, their part marks and their bytes. The index is stored as numbers in arrays, 0.4 MB for
 * an hour, so that the indexes of more than a hundred recordings fit in memory; frames are read from the disk on request. `refresh` reads the growth of an
 * open file.
 */
import { type Fmp4Track, fragmentSize } from "@lectern/media";
import { tracksOf } from "../../live/hls/cmaf-packager.ts";
import { contextAfter, type LogContext, type SegmentHead } from "../../live/streams/index.ts";
import { type ByteSource, DISK, indexPath } from "./disk.ts";
import { beginOf, CHUNK_BYTES, chunkOf, crypt, FileProofs, fileCipher } from "./encrypted-file.ts";
import { type FileKeys, NO_FILE_KEYS } from "./file-keys.ts";
import { type EndLine, type FileLine, type Frames, type IndexLine, type LineAt, readLines } from "./index-lines.ts";
import { numberOrNull, PartMarks, positionNumbers, type StoredPart } from "./part-marks.ts";

/** A segment as the index describes it. */
export type StoredSegment = {
  readonly file: IndexedFile;
  /** Its number in the file, from 0. */
  readonly index: number;
  readonly term: number;
  readonly msn: number;
  readonly sequence: number;
  readonly discontinuity: number;
  readonly independent: boolean;
  /** Milliseconds of the epoch. */
  readonly time: number;
  /** Its start in HLS time (video's, if there is video), seconds. */
  readonly seconds: number;
  readonly utc: number;
  /** Offsets of its tags in the file and of its lines in the index. */
  readonly offset: number;
  readonly indexOffset: number;
  /** Size of its HLS segment, bytes; final once the segment is complete. */
  readonly hlsBytes: number;
  readonly context: StoredContext;
};

/** The configurations at a segment. */
export type StoredContext = LogContext & { readonly initialisation: string };

const COLUMN = {
  term: 0,
  msn: 1,
  sequence: 2,
  discontinuity: 3,
  independent: 4,
  time: 5,
  seconds: 6,
  utc: 7,
  at: 8,
  indexAt: 9,
  hlsBytes: 10,
  context: 11,
  startVideo: 12,
  startAudio: 13,
  firstPart: 14,
} as const;
const COLUMNS = 15;
const FIRST_SEGMENTS = 64;
const NO_CONTEXT: LogContext = { term: null, metadata: null, video: null, audio: null };
const NO_POSITION = { term: 0, sequence: 0 } as const;

export class IndexedFile {
  readonly path: string;
  readonly line: FileLine;
  /** Which file this is, and its last change when it was opened: `fileVersion`. */
  readonly version: string;
  private readonly source: ByteSource;
  /** Null: the file is not encrypted. */
  private readonly proofs: FileProofs | null;
  private readonly marks = new PartMarks();
  /** Times that FLV cannot express, by the offset of their tags. */
  private readonly times = new Map<number, number>();
  private numbers = new Float64Array(FIRST_SEGMENTS * COLUMNS);
  private count = 0;
  private readonly contexts: StoredContext[] = [];
  private latest: LogContext = NO_CONTEXT;
  private last: EndLine | null = null;
  private readTo: number;
  private targetSeconds = 1;
  private refreshing: Promise<void> | null = null;

  private constructor(
    path: string,
    version: string,
    source: ByteSource,
    line: FileLine,
    readTo: number,
    proofs: FileProofs | null,
  ) {
    this.path = path;
    this.version = version;
    this.source = source;
    this.line = line;
    this.readTo = readTo;
    this.proofs = proofs;
  }

  /** Null when the file or a valid index is missing. @throws Error where the file is encrypted, and this server has not its key */
  static async open(path: string, source: ByteSource = DISK, keys: FileKeys = NO_FILE_KEYS): Promise<IndexedFile | null> {
    // Taken before the index is read: what changes meanwhile is noticed later.
    const version = await fileVersion(path, source);
    const text = await source.read(indexPath(path), 0, Number.POSITIVE_INFINITY);
    const [first, ...rest] = text ? readLines(text, 0) : [];
    if (first?.line.k !== "file" || first.line.version > 2) return null;
    const { cipher } = first.line;
    const proofs = cipher ? new FileProofs(fileCipher(keys.open(cipher.key).bytes, cipher.start)) : null;
    const file = new IndexedFile(path, version, source, first.line, first.bytes, proofs);
    file.readAll(rest);
    return file;
  }

  /** Number of segments; the last one is complete only when the file is closed. */
  get length(): number {
    return this.count;
  }

  /** Null while the file is open, or when its writer died. */
  get end(): EndLine | null {
    return this.last;
  }

  /** The longest segment of the epoch, whole seconds. */
  get target(): number {
    return this.targetSeconds;
  }

  /** Approximate memory, bytes. */
  get memoryBytes(): number {
    return this.numbers.byteLength + this.marks.memoryBytes + (this.proofs?.memoryBytes ?? 0) + 4096;
  }

  /** Reads what was written since the last call. */
  refresh(): Promise<void> {
    // Two refreshes at a time would read the same lines twice.
    this.refreshing ??= this.readGrowth().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async readGrowth(): Promise<void> {
    if (this.last) return;
    const text = await this.source.read(indexPath(this.path), this.readTo, Number.POSITIVE_INFINITY);
    if (text) this.readAll(readLines(text, this.readTo));
  }

  /**
   * A range of the FLV file; null if the file is shorter or missing.
   * @param into buffer for the bytes
   * @throws Error where an encrypted file was changed or cut
   */
  async read(from: number, to: number, into?: Buffer): Promise<Buffer | null> {
    if (this.proofs && to > this.proofs.cipher.start) return await this.readEncrypted(this.proofs, from, to, into);
    const bytes = await this.source.read(this.path, from, to, into);
    return bytes?.length === to - from ? bytes : null;
  }

  /** Reads whole chunks, which have a proof each. Of a file that grows, the last one has none yet. */
  private async readEncrypted(proofs: FileProofs, from: number, to: number, into?: Buffer): Promise<Buffer | null> {
    const { cipher } = proofs;
    const size = this.last?.at ?? null;
    if (size !== null && proofs.end !== size) throw new Error("an encrypted file is longer or shorter than it was");
    if (size !== null && to > size) return null;
    const first = chunkOf(cipher, Math.max(from, cipher.start));
    const begin = beginOf(cipher, first);
    const end = Math.min(beginOf(cipher, chunkOf(cipher, to - 1) + 1), size ?? Number.MAX_SAFE_INTEGER);
    const stored = await this.source.read(this.path, begin, end);
    if (!stored || stored.length < to - begin) return null;
    const bytes = into?.subarray(0, to - from) ?? Buffer.allocUnsafe(to - from);
    if (from < cipher.start) (await this.source.read(this.path, from, cipher.start))?.copy(bytes);
    // In pieces that come from memory which was used before: pages of a large new buffer cost as much as decrypting them.
    for (let done = 0; begin + done < to; done += CHUNK_BYTES) {
      const chunk = stored.subarray(done, done + CHUNK_BYTES);
      proofs.verify(first + done / CHUNK_BYTES, chunk);
      const at = begin + done;
      const plain = crypt(cipher, at, chunk.subarray(0, to - at));
      plain.copy(bytes, Math.max(0, at - from), Math.max(0, from - at));
    }
    return bytes;
  }

  /** A range of the index, shorter at its end; null if it is missing. */
  readIndex(from: number, to = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    return this.source.read(indexPath(this.path), from, to);
  }

  segment(place: number): StoredSegment | null {
    if (place < 0 || place >= this.count) return null;
    const of = (name: keyof typeof COLUMN) => this.numbers[place * COLUMNS + COLUMN[name]] ?? 0;
    return {
      file: this,
      index: place,
      term: of("term"),
      msn: of("msn"),
      sequence: of("sequence"),
      discontinuity: of("discontinuity"),
      independent: of("independent") === 1,
      time: of("time"),
      seconds: of("seconds"),
      utc: of("utc"),
      offset: of("at"),
      indexOffset: of("indexAt"),
      hlsBytes: of("hlsBytes"),
      context: this.contexts[of("context")] ?? { ...NO_CONTEXT, initialisation: "" },
    };
  }

  /** The part marks of a segment, and where its tracks continue behind it. The last part's frames end where the segment does. */
  partsOf(place: number): { readonly parts: readonly StoredPart[]; readonly end: SegmentHead["start"] | null } {
    const from = this.numbers[place * COLUMNS + COLUMN.firstPart] ?? 0;
    const next = place + 1;
    if (next >= this.count) return { parts: this.marks.slice(from, this.marks.length), end: this.last?.end ?? null };
    const of = (name: keyof typeof COLUMN) => this.numbers[next * COLUMNS + COLUMN[name]] ?? 0;
    const end = { video: numberOrNull(of("startVideo")), audio: numberOrNull(of("startAudio")) };
    return { parts: this.marks.slice(from, of("firstPart")), end };
  }

  /** The time of a tag, milliseconds of the epoch. @param at its offset in the file; @param timestamp as its tag says */
  timeOf(at: number, timestamp: number): number {
    return (this.times.size > 0 ? this.times.get(at) : undefined) ?? this.line.time + timestamp;
  }

  /** End offsets of a segment in the file and in the index. Null while it is incomplete. */
  endOf(place: number): { readonly at: number; readonly indexAt: number } | null {
    const next = this.segment(place + 1);
    if (next) return { at: next.offset, indexAt: next.indexOffset };
    return this.last ? { at: this.last.at, indexAt: this.readTo } : null;
  }

  private readAll(lines: readonly LineAt[]): void {
    for (const { line, at, bytes } of lines) {
      this.readLine(line, at);
      this.readTo = at + bytes;
    }
  }

  private readLine(line: IndexLine, indexAt: number): void {
    switch (line.k) {
      case "video":
      case "audio":
        this.latest = contextAfter(this.latest, trackOf(line));
        return;
      case "metadata":
        this.latest = contextAfter(this.latest, metadataOf(line));
        return;
      case "segment": {
        this.addFrames(line.frames);
        if (line.targets) this.targetSeconds = Math.max(this.targetSeconds, line.targets.segmentSeconds);
        this.push([
          line.term,
          line.msn,
          line.sequence,
          line.discontinuity,
          line.independent ? 1 : 0,
          line.time,
          secondsOf(line.start, this.latest, line.time),
          line.utc,
          line.at,
          indexAt,
          0,
          this.contextOf(line.initialisation),
          ...positionNumbers(line.start),
          this.marks.length,
        ]);
        return;
      }
      case "part":
        // The segment line carries the frames before its first part.
        if (line.index > 0) this.addFrames(line.frames);
        if (this.count > 0) this.marks.push(line.at, line);
        return;
      case "time":
        this.times.set(line.at, line.time);
        return;
      case "proof":
        this.proofs?.take(line);
        return;
      case "end":
        this.addFrames(line.frames);
        this.last = line;
    }
  }

  private contextOf(initialisation: string): number {
    const known = this.contexts.findIndex(
      (context) =>
        context.initialisation === initialisation && context.video === this.latest.video && context.audio === this.latest.audio,
    );
    return known >= 0 ? known : this.contexts.push({ ...this.latest, initialisation }) - 1;
  }

  /** Counts the frames of a complete part. */
  private addFrames([video, audio, bytes]: Frames): void {
    if (this.count === 0) return;
    const at = (this.count - 1) * COLUMNS + COLUMN.hlsBytes;
    const tracks = [
      { kind: "video", samples: video },
      { kind: "audio", samples: audio },
    ] as const;
    this.numbers[at] = (this.numbers[at] ?? 0) + fragmentSize(tracks, bytes);
  }

  private push(row: readonly number[]): void {
    if ((this.count + 1) * COLUMNS > this.numbers.length) {
      const grown = new Float64Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers.set(row, this.count * COLUMNS);
    this.count++;
  }
}

/** Changes when a recorded file or its index changes or is replaced. */
export async function fileVersion(path: string, source: ByteSource): Promise<string> {
  const [flv, index] = await Promise.all([source.version(path), source.version(indexPath(path))]);
  return `${flv} ${index}`;
}

/** Converts track positions to HLS time, seconds. */
export function secondsOf(
  start: { readonly video: number | null; readonly audio: number | null },
  context: LogContext,
  ms: number,
): number {
  if (start.video !== null) return start.video / 90_000;
  const rate = context.audio?.format?.sampleRate;
  return start.audio !== null && rate ? start.audio / rate : ms / 1000;
}

/** The tracks of a stored segment that HLS can carry. */
export function storedTracks(context: LogContext): Fmp4Track[] {
  const { video, audio } = tracksOf(context);
  return [video, audio].filter((track): track is Fmp4Track => track !== null);
}

function metadataOf({ properties }: IndexLine & { readonly k: "metadata" }) {
  return { ...NO_POSITION, kind: "configuration", track: "metadata", time: 0, properties } as const;
}

function trackOf(line: IndexLine & { readonly k: "video" | "audio" }) {
  const common = {
    ...NO_POSITION,
    kind: "configuration",
    time: 0,
    codec: line.codec,
    data: Buffer.from(line.data, "base64"),
  } as const;
  return line.k === "video" ? { ...common, track: line.k, format: line.format } : { ...common, track: line.k, format: line.format };
}
