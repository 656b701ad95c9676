/**
 * Writes one recorded file: FLV and the index beside it. `take` only buffers in memory; `flush` writes the buffer and must be called at least
 * every second. The FLV is written before the index, so the index never refers to missing bytes.
 */
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type AmfObject,
  hasConfiguration,
  muxConfiguration,
  muxFrame,
  type TagBody,
  tagSize,
  writeFlvHeader,
  writeTagInto,
} from "@lectern/media";
import type { LogContext, LogEntry, MediaEntry, SegmentHead } from "../../live/streams/index.ts";
import { BufferPool } from "../../platform/buffer-pool.ts";
import { indexPath, writeAll } from "./disk.ts";
import { FileEncryptor, fileCipher } from "./encrypted-file.ts";
import type { FileKey } from "./file-keys.ts";
import { type EndLine, type FileLine, type Frames, type IndexLine, trackLine, writeLine } from "./index-lines.ts";
import { FLV_HEADER_BYTES, type KeyFrame, regionBytes, writeRegion } from "./metadata.ts";
import { DEFAULT_FRAME_MS } from "./tags.ts";
import { thisProcess } from "./writer-process.ts";

export type FileOptions = {
  /** Path of the FLV file; the index is `PATH.index`. */
  readonly path: string;
  readonly recording: string | null;
  readonly number: number;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Expected number of segments: the metadata has room for this many key frames. */
  readonly segments: number;
  /** Encrypts the file; null: it is not. */
  readonly key: FileKey | null;
};

/** Why a file ends, and where its tracks continue. */
export type FileEnd = Pick<EndLine, "reason" | "end" | "time" | "sequence">;

const EMPTY: LogContext = { term: null, metadata: null, video: null, audio: null };
/** Files that may begin in the same millisecond. */
const MAX_FILES_OF_ONE_NAME = 99;
const FIRST_BYTES = 16 * 1024;
/** Of all files: a few are written at the same time, and the others have nothing in memory. */
const MAX_FREE_BYTES = 8 * 1024 * 1024;
const POOL = new BufferPool(FIRST_BYTES, MAX_FREE_BYTES);
const NOTHING = Buffer.alloc(0);

export class FileWriter {
  readonly options: FileOptions;
  readonly line: FileLine;
  private readonly keyFrames: KeyFrame[] = [];
  /** Final once `unwritten` is false. */
  path: string;
  private properties: AmfObject;
  /** Tracks that HLS can carry. */
  private tracks = { video: false, audio: false };
  private hasVideo: boolean;
  /** The current segment's key frame has not come yet. */
  private awaitsKeyFrame = false;
  /** Taken when something is to be written, and given back afterwards. */
  private pending: Buffer = NOTHING;
  private used = 0;
  private lines = "";
  private frames: [number, number, number] = [0, 0, 0];
  private reached: number;
  private nextSequence: number;
  private size = 0;
  private flv: FileHandle | null = null;
  private index: FileHandle | null = null;
  private readonly encryptor: FileEncryptor | null;
  private flushed = { flv: 0, index: 0 };
  private flushedSequence: number;

  /** @param head of the first segment, which must be taken next; @param context the configurations at that head */
  constructor(options: FileOptions, head: SegmentHead, context: LogContext) {
    this.options = options;
    this.path = options.path;
    this.reached = head.time;
    this.hasVideo = context.video !== null;
    this.nextSequence = head.sequence;
    this.flushedSequence = head.sequence;
    const { recording, number, app, name, epoch, key } = options;
    const { time, utc, sequence } = head;
    const reserved = regionBytes(options.segments);
    const start = FLV_HEADER_BYTES + reserved;
    this.encryptor = key && new FileEncryptor(fileCipher(key.bytes, start));
    this.line = {
      k: "file",
      version: key ? 2 : 1,
      recording,
      number,
      app,
      name,
      epoch,
      time,
      utc,
      sequence,
      writer: thisProcess(),
      reserved,
      ...(key && { cipher: { key: key.wrapped, start } }),
    };
    this.properties = context.metadata?.properties ?? {};
    this.write(writeFlvHeader(context.audio !== null, context.video !== null));
    this.write(writeRegion(reserved, this.properties, null));
    this.addLine(this.line);
    this.configure(context);
  }

  /** True until the file exists. */
  get unwritten(): boolean {
    return this.flv === null;
  }

  /** Size of the file, with the buffered bytes. */
  get bytes(): number {
    return this.size;
  }

  /** Milliseconds from the beginning to the end of the newest frame. */
  get durationMs(): number {
    return this.reached - this.line.time;
  }

  /** Sequence number of the next entry. */
  get next(): number {
    return this.nextSequence;
  }

  /** Sequence number behind the last entry that is on the disk. */
  get written(): number {
    return this.flushedSequence;
  }

  /** End of the newest frame, milliseconds of the epoch. */
  get time(): number {
    return this.reached;
  }

  /** Takes the next entry and copies its payload. */
  take(entry: LogEntry): void {
    this.nextSequence = entry.sequence + 1;
    switch (entry.kind) {
      case "media":
        return this.takeMedia(entry);
      case "segment": {
        const { kind: _, ...head } = entry;
        this.awaitsKeyFrame = entry.independent;
        this.addLine({ k: "segment", at: this.size, frames: this.takeFrames(), ...head });
        return;
      }
      case "part": {
        const { kind: _, ...mark } = entry;
        this.addLine({ k: "part", at: this.size, frames: this.takeFrames(), ...mark });
        return;
      }
      case "configuration":
        if (entry.track === "metadata") this.properties = entry.properties;
        this.configure({ ...EMPTY, [entry.track]: entry });
    }
  }

  /** Writes the buffer. After an error, call `abandon`. */
  async flush(): Promise<void> {
    if (this.used === 0 && this.lines === "") return;
    if (!this.flv || !this.index) {
      await mkdir(dirname(this.path), { recursive: true });
      this.flv = await this.create();
      this.index = await open(indexPath(this.path), "wx");
    }
    const writing = this.pending;
    const bytes = writing.subarray(0, this.used);
    const stored = this.encryptor ? this.encrypted(this.encryptor, bytes) : bytes;
    const lines = Buffer.from(this.lines);
    const sequence = this.nextSequence;
    // Entries that arrive during the write go into another buffer.
    this.pending = NOTHING;
    this.used = 0;
    this.lines = "";
    await writeAll(this.flv, stored, this.flushed.flv);
    this.flushed.flv += bytes.length;
    await writeAll(this.index, lines, this.flushed.index);
    this.flushed.index += lines.length;
    this.flushedSequence = sequence;
    // After an error, the system may still read it.
    if (writing.length > 0) POOL.give(writing);
  }

  /** Closes the file: writes the buffer, and the duration and key frames into its metadata. */
  async finish(end: FileEnd): Promise<void> {
    if (this.encryptor) {
      await this.flush();
      for (const line of this.encryptor.end()) this.addLine(line);
    }
    this.addLine({ k: "end", at: this.size, frames: this.takeFrames(), ...end });
    await this.flush();
    await this.writeMetadata(this.size, end.time);
    await this.close();
  }

  /** Lets go of a file that can no longer be written, without closing its recording. Returns its path; null if it was never created. */
  async abandon(): Promise<string | null> {
    const wasCreated = this.flv !== null;
    await this.close().catch(() => {});
    return wasCreated ? this.path : null;
  }

  /** Creates the file; appends a number to a name that is taken. */
  private async create(): Promise<FileHandle> {
    for (let i = 2; ; i++) {
      try {
        return await open(this.path, "wx");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || i > MAX_FILES_OF_ONE_NAME) throw error;
        this.path = this.options.path.replace(/\.flv$/, `-${i}.flv`);
      }
    }
  }

  /** What is stored of these bytes; their proofs follow the lines that are written with them. */
  private encrypted(encryptor: FileEncryptor, bytes: Buffer): Buffer {
    const plain = Math.max(0, Math.min(bytes.length, (this.line.cipher?.start ?? 0) - this.flushed.flv));
    const { bytes: stored, lines } = encryptor.append(bytes.subarray(plain));
    for (const line of lines) this.addLine(line);
    return plain > 0 ? Buffer.concat([bytes.subarray(0, plain), stored]) : stored;
  }

  private async writeMetadata(bytes: number, time: number): Promise<void> {
    const seconds = this.secondsOf(time);
    const keyFrames = this.keyFrames.filter(({ at }) => at < bytes);
    const region = writeRegion(this.line.reserved, this.properties, { seconds, bytes, keyFrames });
    if (this.flv) await writeAll(this.flv, Buffer.from(region), FLV_HEADER_BYTES);
  }

  private async close(): Promise<void> {
    const { flv, index } = this;
    this.flv = null;
    this.index = null;
    await flv?.close();
    await index?.close();
  }

  private takeMedia(entry: MediaEntry): void {
    const at = this.size;
    const time = entry.decodeTime - this.line.time;
    if (time < 0) this.addLine({ k: "time", at, time: entry.decodeTime });
    this.writeTag(muxFrame(entry), time);
    if (entry.track === "data") return;
    if (this.awaitsKeyFrame && (entry.track === "video" ? entry.key : !this.hasVideo)) {
      this.awaitsKeyFrame = false;
      this.keyFrames.push({ seconds: this.secondsOf(entry.decodeTime), at });
    }
    this.reached = Math.max(this.reached, entry.decodeTime + DEFAULT_FRAME_MS);
    if (!this.tracks[entry.track]) return;
    this.frames[entry.track === "video" ? 0 : 1]++;
    this.frames[2] += entry.payload.length;
  }

  private configure({ video, audio, metadata }: LogContext): void {
    if (metadata) this.addLine({ k: "metadata", properties: metadata.properties });
    for (const record of [video, audio]) {
      if (!record) continue;
      if (record.track === "video") this.hasVideo = true;
      this.addLine(trackLine(record));
      this.tracks = { ...this.tracks, [record.track]: record.format !== null && hasConfiguration(record.codec) };
      const body = muxConfiguration(record);
      if (body) this.writeTag(body, Math.min(record.time, this.reached) - this.line.time);
    }
  }

  private takeFrames(): Frames {
    const { frames } = this;
    this.frames = [0, 0, 0];
    return frames;
  }

  private secondsOf(time: number): number {
    return Math.max(0, time - this.line.time) / 1000;
  }

  private addLine(line: IndexLine): void {
    this.lines += writeLine(line);
  }

  private write(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes);
  }

  /** @param time milliseconds of the file */
  private writeTag(body: TagBody, time: number): void {
    writeTagInto(this.reserve(tagSize(body)), body, Math.max(0, time));
  }

  /** Appends this many bytes to the buffer and returns them to be filled. */
  private reserve(bytes: number): Buffer {
    if (this.used + bytes > this.pending.length) {
      const grown = POOL.take(Math.max(this.used + bytes, this.pending.length * 2));
      this.pending.copy(grown, 0, 0, this.used);
      if (this.pending.length > 0) POOL.give(this.pending);
      this.pending = grown;
    }
    const into = this.pending.subarray(this.used, this.used + bytes);
    this.used += bytes;
    this.size += bytes;
    return into;
  }
}
