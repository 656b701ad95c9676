/**
 * Closes a file that its writer could not close, because it died or the disk is full: truncates it behind its last complete tag, writes
 * duration and key frames into its metadata, and ends its index.
 */
import { type FileHandle, open, rm } from "node:fs/promises";
import { type AmfObject, TAG_TYPE } from "@lectern/media";
import { indexPath, readFrom, writeAll } from "./disk.ts";
import { beginOf, chunkOf, crypt, type FileCipher, fileCipher, proofsOfEnd } from "./encrypted-file.ts";
import type { FileKeys } from "./file-keys.ts";
import {
  type EndLine,
  type FileLine,
  type Frames,
  type LineAt,
  type PartLine,
  type ProofLine,
  readLines,
  type SegmentLine,
  writeLine,
} from "./index-lines.ts";
import { FLV_HEADER_BYTES, type KeyFrame, writeRegion } from "./metadata.ts";
import { DEFAULT_FRAME_MS, frameOf, isKeyFrame, readTags, timestampOf } from "./tags.ts";
import { isAlive } from "./writer-process.ts";

/** empty: the file had no complete frame and was removed. */
export type Repaired = "whole" | "being-written" | "mended" | "empty" | "no-index";

/** The key frame's tag is searched within this distance of its segment's start. */
const KEY_FRAME_WITHIN = 64 * 1024;

/** Closes a file whose writer died. */
export function repair(path: string, keys: FileKeys): Promise<Repaired> {
  return close(path, keys, "crashed", ({ writer }) => !isAlive(writer));
}

/**
 * Closes a file of this process that can no longer be written. Its writer must have closed its handles.
 * @throws Error when the end cannot be written; the file stays open and can be closed later
 */
export function closeBroken(path: string, reason: string, keys: FileKeys): Promise<Repaired> {
  return close(path, keys, reason, () => true);
}

async function close(path: string, keys: FileKeys, reason: string, mayClose: (file: FileLine) => boolean): Promise<Repaired> {
  const index = await open(indexPath(path), "r+").catch(ifMissing);
  if (!index) return "no-index";
  try {
    const lines = readLines(await index.readFile(), 0);
    const first = lines[0]?.line;
    if (first?.k !== "file") return "no-index";
    if (lines.some(({ line }) => line.k === "end")) return "whole";
    if (!mayClose(first)) return "being-written";
    const flv = await open(path, "r+").catch(ifMissing);
    if (!flv) return "no-index";
    try {
      const cipher = first.cipher ? fileCipher(keys.open(first.cipher.key).bytes, first.cipher.start) : null;
      const mended = await truncate({ handle: flv, cipher }, index, first, lines, reason);
      if (mended) return "mended";
    } finally {
      await flv.close();
    }
  } finally {
    await index.close();
  }
  await rm(path, { force: true });
  await rm(indexPath(path), { force: true });
  return "empty";
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

/** The FLV; `cipher`: it is encrypted. */
type Flv = { readonly handle: FileHandle; readonly cipher: FileCipher | null };

/** False when there is no frame to keep. */
async function truncate(flv: Flv, index: FileHandle, file: FileLine, lines: readonly LineAt[], reason: string): Promise<boolean> {
  const { handle, cipher } = flv;
  const { size } = await handle.stat();
  const kept = lines.filter(({ line }) => line.k !== "end" && (!("at" in line) || line.at <= size));
  const marks = kept.flatMap(({ line }) => (line.k === "segment" || line.k === "part" ? [line] : []));
  const last = marks.at(-1);
  if (!last) return false;
  const tail = await readTail(flv, file, last, size);
  const end: EndLine = { k: "end", reason, end: null, ...tail };
  const segments = marks.filter((mark): mark is SegmentLine => mark.k === "segment" && mark.at < tail.at);
  if (segments.length === 0) return false;
  const indexEnd = kept.reduce((reached, { at, bytes }) => Math.max(reached, at + bytes), 0);
  await handle.truncate(tail.at);
  let properties: AmfObject = {};
  for (const { line } of kept) if (line.k === "metadata") properties = line.properties;
  const seconds = (tail.time - file.time) / 1000;
  const region = writeRegion(file.reserved, properties, { seconds, bytes: tail.at, keyFrames: await keyFramesOf(flv, segments) });
  await writeAll(handle, Buffer.from(region), FLV_HEADER_BYTES);
  const proofs = cipher ? await proofsOf(handle, cipher, tail.at) : [];
  // The end is written last: without it, the file is closed again.
  await index.truncate(indexEnd);
  const lost = last.k === "segment" ? writeLine(firstPart(last)) : "";
  await writeAll(index, Buffer.from([lost, ...proofs.map(writeLine), writeLine(end)].join("")), indexEnd);
  return true;
}

/** Proofs of the last chunk, which is another than before, and of the end. */
async function proofsOf(handle: FileHandle, cipher: FileCipher, size: number): Promise<readonly ProofLine[]> {
  const begin = size > cipher.start ? beginOf(cipher, chunkOf(cipher, size - 1)) : size;
  return proofsOfEnd(cipher, size, await readFrom(handle, begin, Buffer.alloc(size - begin)));
}

/** Reads as `readFrom`, and decrypts. @param at behind the head of the file */
async function readFlv({ handle, cipher }: Flv, at: number, into: Buffer): Promise<Buffer> {
  const stored = await readFrom(handle, at, into);
  return cipher ? crypt(cipher, at, stored) : stored;
}

/** The part mark that every segment begins with, for a segment whose mark was lost. */
function firstPart({ term, sequence, at, independent, start }: SegmentLine): PartLine {
  return { k: "part", term, sequence: sequence + 1, at, frames: [0, 0, 0], index: 0, independent, previousEnd: start };
}

/** Reads the complete tags behind the last mark. */
async function readTail(
  flv: Flv,
  file: FileLine,
  last: SegmentLine | PartLine,
  size: number,
): Promise<Pick<EndLine, "at" | "frames" | "time" | "sequence">> {
  const bytes = await readFlv(flv, last.at, Buffer.allocUnsafe(Math.max(0, size - last.at)));
  const frames: [number, number, number] = [0, 0, 0];
  let at = last.at;
  let tags = 0;
  let time = last.k === "segment" ? last.time : file.time;
  for (const placed of readTags(bytes)) {
    at = last.at + placed.at + placed.tag.length;
    tags++;
    const frame = frameOf(placed, file.time + placed.timestamp);
    if (!frame) continue;
    time = Math.max(time, frame.decodeTime + DEFAULT_FRAME_MS);
    frames[frame.track === "video" ? 0 : 1]++;
    frames[2] += frame.payload.length;
  }
  return { at, frames: frames satisfies Frames, time, sequence: last.sequence + 1 + tags };
}

async function keyFramesOf(flv: Flv, segments: readonly SegmentLine[]): Promise<KeyFrame[]> {
  const found: KeyFrame[] = [];
  const bytes = Buffer.alloc(KEY_FRAME_WITHIN);
  for (const { at, independent } of segments) {
    if (!independent) continue;
    const frame = firstKeyFrame(await readFlv(flv, at, bytes));
    if (frame) found.push({ seconds: frame.timestamp / 1000, at: at + frame.at });
  }
  return found;
}

/** Reads tag headers only: a frame may be larger than the bytes that were read. */
function firstKeyFrame(bytes: Buffer): { readonly at: number; readonly timestamp: number } | null {
  let sound: { at: number; timestamp: number } | null = null;
  for (let at = 0; at + 12 <= bytes.length; at += 15 + bytes.readUIntBE(at + 1, 3)) {
    const timestamp = timestampOf(bytes, at);
    if (bytes[at] === TAG_TYPE.audio) sound ??= { at, timestamp };
    if (isKeyFrame(bytes, at)) return { at, timestamp };
  }
  return sound;
}
