/** Packages a stored segment for HLS with the function that packages live segments: the bytes are the same. */
import { packagePart } from "../../live/hls/cmaf-packager.ts";
import type { MediaEntry, PartMark, SegmentHead } from "../../live/streams/index.ts";
import { BufferPool } from "../../platform/buffer-pool.ts";
import { Semaphore } from "../../platform/semaphore.ts";
import { readLines } from "./index-lines.ts";
import type { StoredSegment } from "./indexed-file.ts";
import { frameOf, readTags } from "./tags.ts";

/** Bound of the next segment's line, which says where the tracks continue. */
const NEXT_LINE_BYTES = 4096;
/** Read buffers are reused: packaging copies out of them. */
const READ_POOL_BYTES = 16 * 1024 * 1024;
const MIN_BUFFER_BYTES = 64 * 1024;
const MAX_CONCURRENT = 16;
const memory = new BufferPool(MIN_BUFFER_BYTES, READ_POOL_BYTES);
const semaphore = new Semaphore(MAX_CONCURRENT);

type Marks = {
  readonly parts: readonly { readonly mark: PartMark; readonly at: number }[];
  /** Where the tracks continue after the last part. */
  readonly end: SegmentHead["start"] | null;
  /** Times that FLV cannot express, by offset. */
  readonly times: ReadonlyMap<number, number>;
};

/**
 * Returns the concatenated parts of a segment. Null when the segment is incomplete or the file contradicts its index. At most
 * `MAX_CONCURRENT` segments are packaged at a time.
 * @param into buffer of at least `segment.hlsBytes`; the result is a view of it
 */
export async function packageStored(
  segment: StoredSegment,
  into: Buffer = Buffer.allocUnsafeSlow(segment.hlsBytes),
): Promise<Buffer | null> {
  const until = segment.file.endOf(segment.index);
  if (!until) return null;
  const size = until.at - segment.offset;
  return await semaphore.run(async () => {
    const room = memory.take(size);
    try {
      return await packageIn(segment, until, room.subarray(0, size), into);
    } finally {
      memory.give(room);
    }
  });
}

async function packageIn(
  segment: StoredSegment,
  until: { readonly at: number; readonly indexAt: number },
  room: Buffer,
  into: Buffer,
): Promise<Buffer | null> {
  const bytes = await segment.file.read(segment.offset, until.at, room);
  const lines = await segment.file.readIndex(segment.indexOffset, until.indexAt + NEXT_LINE_BYTES);
  if (!bytes || !lines || lines.length < until.indexAt - segment.indexOffset) return null;
  const marks = readMarks(lines, segment.indexOffset);
  const parts: MediaEntry[][] = marks.parts.map(() => []);
  let part = 0;
  let read = 0;
  for (const placed of readTags(bytes)) {
    const at = segment.offset + placed.at;
    while (at >= (marks.parts[part + 1]?.at ?? Number.POSITIVE_INFINITY)) part++;
    const frame = frameOf(placed, marks.times.get(at) ?? segment.file.line.time + placed.timestamp);
    if (frame) parts[part]?.push(frame);
    read = placed.at + placed.tag.length;
  }
  // The file was changed or damaged.
  if (read !== bytes.length || parts.length === 0) return null;
  let used = 0;
  let fits = true;
  const allocate = (size: number): Buffer => {
    const at = used;
    used += size;
    fits &&= used <= into.length;
    return fits ? into.subarray(at, used) : Buffer.allocUnsafeSlow(size);
  };
  for (const [i, { mark }] of marks.parts.entries()) {
    const end = marks.parts[i + 1]?.mark.previousEnd ?? marks.end;
    packagePart(segment.context, mark, parts[i] ?? [], end, allocate);
  }
  return fits ? into.subarray(0, used) : null;
}

function readMarks(text: Buffer, from: number): Marks {
  const parts: { mark: PartMark; at: number }[] = [];
  const times = new Map<number, number>();
  let isOwn = false;
  for (const { line, at } of readLines(text, from)) {
    if (line.k === "segment" && at !== from) return { parts, end: line.start, times };
    if (line.k === "end") return { parts, end: line.end, times };
    if (line.k === "segment") isOwn = true;
    if (!isOwn) continue;
    if (line.k === "part") parts.push({ mark: { ...line, kind: "part" }, at: line.at });
    if (line.k === "time") times.set(line.at, line.time);
  }
  return { parts, end: null, times };
}
