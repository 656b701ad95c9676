/** A stored segment as HLS: byte for byte what the live stream's was, since it is made by the same function of the same marks and frames. */
import { packagePart } from "../../live/hls/package.ts";
import type { MediaEntry, PartMark, SegmentHead } from "../../live/streams/index.ts";
import { BufferPool } from "../../platform/buffer-pool.ts";
import { Semaphore } from "../../platform/semaphore.ts";
import { readLines } from "./index-lines.ts";
import type { StoredSegment } from "./indexed-file.ts";
import { frameOf, readTags } from "./tags.ts";

/** Of the line behind a segment's own, which says where its tracks go on. */
const NEXT_LINE_BYTES = 4096;
/** What is read is copied into what is made of it. */
const READ_POOL_BYTES = 16 * 1024 * 1024;
const LEAST_BYTES = 64 * 1024;
const MOST_AT_ONCE = 16;
const memory = new BufferPool(LEAST_BYTES, READ_POOL_BYTES);
const semaphore = new Semaphore(MOST_AT_ONCE);

type Marks = {
  readonly parts: readonly { readonly mark: PartMark; readonly at: number }[];
  /** Where the tracks go on behind the last part. */
  readonly end: SegmentHead["start"] | null;
  /** Times that FLV cannot say, by place. */
  readonly times: ReadonlyMap<number, number>;
};

/**
 * Its parts, one after the other. Null when it is not whole, or its file is not what its index says. Waits where as many as may be at once
 * are being made.
 * @param into memory of at least `segment.hlsBytes`, of which what is given is a part
 */
export async function packageStored(
  segment: StoredSegment,
  into: Buffer = Buffer.allocUnsafeSlow(segment.hlsBytes),
): Promise<Buffer | null> {
  const until = segment.file.endOf(segment.place);
  if (!until) return null;
  const size = until.at - segment.at;
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
  const bytes = await segment.file.read(segment.at, until.at, room);
  const lines = await segment.file.readIndex(segment.indexAt, until.indexAt + NEXT_LINE_BYTES);
  if (!bytes || !lines || lines.length < until.indexAt - segment.indexAt) return null;
  const marks = readMarks(lines, segment.indexAt);
  const parts: MediaEntry[][] = marks.parts.map(() => []);
  let part = 0;
  let read = 0;
  for (const placed of readTags(bytes)) {
    const at = segment.at + placed.at;
    while (at >= (marks.parts[part + 1]?.at ?? Number.POSITIVE_INFINITY)) part++;
    const frame = frameOf(placed, marks.times.get(at) ?? segment.file.line.time + placed.timestamp);
    if (frame) parts[part]?.push(frame);
    read = placed.at + placed.tag.length;
  }
  // A file that was changed, or that the disk has lost a piece of.
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
