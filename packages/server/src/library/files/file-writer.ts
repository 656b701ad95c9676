/**
 * Writes one file of a recording: FLV as its tags come, and the index beside it. Records are taken at once, into memory; `flush` writes what
 * has come, and must be called every little while. The FLV is written before the index, so the index never names what is not there.
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
import { indexPath, writeAll } from "./disk.ts";
import { type EndLine, type FileLine, type Frames, type IndexLine, trackLine, writeLine } from "./index-lines.ts";
import { FLV_HEADER_BYTES, type KeyFrame, regionBytes, writeRegion } from "./metadata.ts";
import { LAST_FRAME_MS } from "./tags.ts";
import { thisProcess } from "./writer.ts";

export type FileOptions = {
  /** The FLV file; its index has the same name with `.index` behind it. */
  readonly path: string;
  readonly recording: string | null;
  readonly number: number;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Segments that it will have, about: room is kept for so many key frames. */
  readonly segments: number;
};

/** Why a file ends, and where its tracks go on. */
export type FileEnd = Pick<EndLine, "reason" | "end" | "time" | "sequence">;

const EMPTY: LogContext = { term: null, metadata: null, video: null, audio: null };
/** Files that begin in the same millisecond. */
const MOST_OF_ONE_NAME = 99;
const FIRST_BYTES = 64 * 1024;

export class FileWriter {
  readonly options: FileOptions;
  readonly line: FileLine;
  private readonly keyFrames: KeyFrame[] = [];
  /** Where it is; known for certain when it is no longer unwritten. */
  path: string;
  private properties: AmfObject;
  /** Which HLS can carry. */
  private tracks = { video: false, audio: false };
  private hasVideo: boolean;
  /** A segment has begun, and its key frame is still to come. */
  private keyIsDue = false;
  private pending: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private spare: Buffer | null = null;
  private used = 0;
  private lines = "";
  private frames: [number, number, number] = [0, 0, 0];
  private reached: number;
  private nextSequence: number;
  private taken = 0;
  private flv: FileHandle | null = null;
  private index: FileHandle | null = null;
  private flushed = { flv: 0, index: 0 };

  /** @param head of the segment that it begins with, which must then be taken; @param context what applies there */
  constructor(options: FileOptions, head: SegmentHead, context: LogContext) {
    this.options = options;
    this.path = options.path;
    this.reached = head.time;
    this.hasVideo = context.video !== null;
    this.nextSequence = head.sequence;
    const { recording, number, app, name, epoch } = options;
    const { time, utc, sequence } = head;
    const reserved = regionBytes(options.segments);
    this.line = {
      k: "file",
      version: 1,
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
    };
    this.properties = context.metadata?.properties ?? {};
    this.write(writeFlvHeader(context.audio !== null, context.video !== null));
    this.write(writeRegion(reserved, this.properties, null));
    this.note(this.line);
    this.configure(context);
  }

  /** True until the file is there. */
  get unwritten(): boolean {
    return this.flv === null;
  }

  /** Bytes of the file, with those that are not written yet. */
  get bytes(): number {
    return this.taken;
  }

  /** Milliseconds from its beginning to the newest frame. */
  get durationMs(): number {
    return this.reached - this.line.time;
  }

  /** Sequence number of the record that comes next. */
  get next(): number {
    return this.nextSequence;
  }

  /** How far it reaches, milliseconds of the epoch. */
  get time(): number {
    return this.reached;
  }

  /** Takes the next record. A frame's bytes are copied. */
  take(record: LogEntry): void {
    this.nextSequence = record.sequence + 1;
    switch (record.kind) {
      case "media":
        return this.takeMedia(record);
      case "segment": {
        const { kind: _, ...head } = record;
        this.keyIsDue = record.independent;
        this.note({ k: "segment", at: this.taken, frames: this.takeFrames(), ...head });
        return;
      }
      case "part": {
        const { kind: _, ...mark } = record;
        this.note({ k: "part", at: this.taken, frames: this.takeFrames(), ...mark });
        return;
      }
      case "configuration":
        if (record.track === "metadata") this.properties = record.properties;
        else if (record.track === "video") this.configure({ ...EMPTY, video: record });
        else this.configure({ ...EMPTY, audio: record });
    }
  }

  /** Writes what was taken. After an error the file must be given up. */
  async flush(): Promise<void> {
    if (this.used === 0 && this.lines === "") return;
    if (!this.flv || !this.index) {
      await mkdir(dirname(this.path), { recursive: true });
      this.flv = await this.create();
      this.index = await open(indexPath(this.path), "wx");
    }
    const writing = this.pending;
    const bytes = writing.subarray(0, this.used);
    const lines = Buffer.from(this.lines);
    // What comes meanwhile goes into memory of its own; two pieces take turns.
    this.pending = this.spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.spare = null;
    this.used = 0;
    this.lines = "";
    await writeAll(this.flv, bytes, this.flushed.flv);
    this.flushed.flv += bytes.length;
    await writeAll(this.index, lines, this.flushed.index);
    this.flushed.index += lines.length;
    this.spare = writing;
  }

  /** Ends the file: writes what is left, and its duration and key frames at its beginning. */
  async finish(end: FileEnd): Promise<void> {
    this.note({ k: "end", at: this.taken, frames: this.takeFrames(), ...end });
    await this.flush();
    await this.describe(this.taken, end.time);
    await this.close();
  }

  /** Ends the file where it was last written whole, because it cannot be written any more. */
  async giveUp(reason: string): Promise<void> {
    const { flv, index, flushed } = this;
    if (!flv || !index) return;
    try {
      await flv.truncate(flushed.flv);
      await index.truncate(flushed.index);
      const end: EndLine = {
        k: "end",
        at: flushed.flv,
        frames: [0, 0, 0],
        reason,
        end: null,
        time: this.reached,
        sequence: this.nextSequence,
      };
      await writeAll(index, Buffer.from(writeLine(end)), flushed.index);
      await this.describe(flushed.flv, this.reached);
    } finally {
      await this.close();
    }
  }

  /** Where there is a file of this name already, another name is found. */
  private async create(): Promise<FileHandle> {
    for (let i = 2; ; i++) {
      try {
        return await open(this.path, "wx");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || i > MOST_OF_ONE_NAME) throw error;
        this.path = this.options.path.replace(/\.flv$/, `-${i}.flv`);
      }
    }
  }

  private async describe(bytes: number, time: number): Promise<void> {
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

  private takeMedia(record: MediaEntry): void {
    const at = this.taken;
    const time = record.decodeTime - this.line.time;
    if (time < 0) this.note({ k: "time", at, time: record.decodeTime });
    this.writeTag(muxFrame(record), time);
    if (record.track === "data") return;
    if (this.keyIsDue && (record.track === "video" ? record.key : !this.hasVideo)) {
      this.keyIsDue = false;
      this.keyFrames.push({ seconds: this.secondsOf(record.decodeTime), at });
    }
    this.reached = Math.max(this.reached, record.decodeTime + LAST_FRAME_MS);
    if (!this.tracks[record.track]) return;
    this.frames[record.track === "video" ? 0 : 1]++;
    this.frames[2] += record.payload.length;
  }

  private configure({ video, audio, metadata }: LogContext): void {
    if (metadata) this.note({ k: "metadata", properties: metadata.properties });
    for (const record of [video, audio]) {
      if (!record) continue;
      if (record.track === "video") this.hasVideo = true;
      this.note(trackLine(record));
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

  private note(line: IndexLine): void {
    this.lines += writeLine(line);
  }

  private write(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
  }

  /** @param time milliseconds of the file */
  private writeTag(body: TagBody, time: number): void {
    writeTagInto(this.room(tagSize(body)), body, Math.max(0, time));
  }

  /** Memory for so many more bytes of the file. */
  private room(bytes: number): Buffer {
    if (this.used + bytes > this.pending.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.used + bytes, this.pending.length * 2));
      this.pending.copy(grown, 0, 0, this.used);
      this.pending = grown;
    }
    const into = this.pending.subarray(this.used, this.used + bytes);
    this.used += bytes;
    this.taken += bytes;
    return into;
  }
}
