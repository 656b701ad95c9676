/** Copies whole segments of a recording into a file of its own, with timestamps from 0. */
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { frameTag, writeFlvHeader } from "@lectern/media";
import { configurationTags } from "./configuration-tags.ts";
import { indexPath, writeAll } from "./disk.ts";
import { FileEncryptor, fileCipher } from "./encrypted-file.ts";
import type { FileKey } from "./file-keys.ts";
import { type EndLine, type FileLine, type IndexLine, type ProofLine, readLines, trackLine, writeLine } from "./index-lines.ts";
import { FLV_HEADER_BYTES, type KeyFrame, regionBytes, writeRegion } from "./metadata.ts";
import { isKeyFrame, readTags } from "./tags.ts";
import type { TimedSegment } from "./timeline.ts";
import { thisProcess } from "./writer-process.ts";

export type ClipOptions = {
  /** Path of the new FLV file. */
  readonly path: string;
  readonly recording: string;
  readonly number: number;
  /** Encrypts the file; null: it is not. */
  readonly key: FileKey | null;
};

/** Frames before the first segment are not in the clip. */
const NO_FRAMES = [0, 0, 0] as const;

/**
 * Copies consecutive segments of one file.
 * @throws Error when the file contradicts its index
 */
export async function writeClip(segments: readonly TimedSegment[], options: ClipOptions): Promise<void> {
  const [first] = segments;
  const last = segments.at(-1);
  const until = last?.file.endOf(last.index);
  if (!first || !last || !until) throw new Error("the clip has no segments");
  const { file, context } = first;
  await mkdir(dirname(options.path), { recursive: true });
  const flv = await open(options.path, "wx");
  const index = await open(indexPath(options.path), "wx");
  try {
    const reserved = regionBytes(segments.length);
    const properties = context.metadata?.properties ?? {};
    const head = Buffer.concat([
      writeFlvHeader(context.audio !== null, context.video !== null),
      writeRegion(reserved, properties, null),
      configurationTags(context, 0),
    ]);
    const start = FLV_HEADER_BYTES + reserved;
    const encrypted = new EncryptedCopy(flv, options.key && new FileEncryptor(fileCipher(options.key.bytes, start)));
    await writeAll(flv, head.subarray(0, start), 0);
    await encrypted.append(head.subarray(start), start);
    const keyFrames = await copyTags(segments, encrypted, head.length);
    const bytes = head.length + until.at - first.offset;
    const { app, name, epoch } = file.line;
    const { recording, number } = options;
    const line: FileLine = {
      k: "file",
      version: options.key ? 2 : 1,
      recording,
      number,
      app,
      name,
      epoch,
      time: first.time,
      utc: first.utc,
      sequence: first.sequence,
      writer: thisProcess(),
      reserved,
      ...(options.key && { cipher: { key: options.key.wrapped, start } }),
    };
    const own: IndexLine[] = [line, { k: "metadata", properties }];
    for (const record of [context.video, context.audio]) if (record) own.push(trackLine(record));
    const { lines, end } = await copiedLines(first, until, bytes, last);
    await writeAll(index, Buffer.from([...own, ...lines, ...encrypted.end(), end].map(writeLine).join("")), 0);
    const region = writeRegion(reserved, properties, { seconds: (end.time - first.time) / 1000, bytes, keyFrames });
    await writeAll(flv, Buffer.from(region), FLV_HEADER_BYTES);
  } finally {
    await flv.close();
    await index.close();
  }
}

/** Appends to a file that is encrypted, or is not. */
class EncryptedCopy {
  private readonly file: FileHandle;
  private readonly encryptor: FileEncryptor | null;
  private readonly lines: ProofLine[] = [];

  constructor(file: FileHandle, encryptor: FileEncryptor | null) {
    this.file = file;
    this.encryptor = encryptor;
  }

  /** @param at where the bytes follow those before */
  async append(bytes: Buffer, at: number): Promise<void> {
    if (!this.encryptor) return await writeAll(this.file, bytes, at);
    const encrypted = this.encryptor.append(bytes);
    this.lines.push(...encrypted.lines);
    await writeAll(this.file, encrypted.bytes, at);
  }

  end(): readonly ProofLine[] {
    return this.encryptor ? [...this.lines, ...this.encryptor.end()] : [];
  }
}

/** Copies the tags and returns the positions of key frames. */
async function copyTags(segments: readonly TimedSegment[], into: EncryptedCopy, begin: number): Promise<KeyFrame[]> {
  const [first] = segments;
  if (!first) return [];
  const keyFrames: KeyFrame[] = [];
  for (const segment of segments) {
    const until = segment.file.endOf(segment.index);
    const bytes = await segment.file.read(segment.offset, until?.at ?? segment.offset);
    if (!bytes) throw new Error("the recording is shorter than its index says");
    const at = begin + segment.offset - first.offset;
    const shift = segment.file.line.time - first.time;
    let due = segment.independent;
    for (const { tag, type, timestamp, at: place } of readTags(bytes)) {
      const time = Math.max(0, timestamp + shift);
      if (due && (isKeyFrame(tag, 0) || !segment.context.video)) {
        due = false;
        keyFrames.push({ seconds: time / 1000, at: at + place });
      }
      frameTag(tag, type, time);
    }
    await into.append(bytes, at);
  }
  return keyFrames;
}

/** The index lines of these segments with their new offsets, and the end line. */
async function copiedLines(
  first: TimedSegment,
  until: { readonly at: number; readonly indexAt: number },
  bytes: number,
  last: TimedSegment,
): Promise<{ readonly lines: readonly IndexLine[]; readonly end: EndLine }> {
  const text = await first.file.readIndex(first.indexOffset);
  if (!text) throw new Error("the recording has lost its index");
  const all = readLines(text, first.indexOffset);
  const shift = bytes - until.at;
  const lines = all
    .filter(({ at, line }) => at < until.indexAt && line.k !== "end" && line.k !== "proof")
    .map(({ line, at }): IndexLine => {
      const moved = "at" in line ? { ...line, at: line.at + shift } : line;
      return moved.k === "segment" && at === first.indexOffset ? { ...moved, frames: NO_FRAMES } : moved;
    });
  const next = all.find(({ at, line }) => (at >= until.indexAt && line.k === "segment") || line.k === "end")?.line;
  const end: EndLine =
    next?.k === "segment"
      ? { k: "end", at: bytes, frames: next.frames, reason: "stopped", end: next.start, time: next.time, sequence: next.sequence }
      : next?.k === "end"
        ? { ...next, at: bytes, reason: "stopped" }
        : { k: "end", at: bytes, frames: NO_FRAMES, reason: "stopped", end: null, time: last.time, sequence: last.sequence };
  return { lines, end };
}
