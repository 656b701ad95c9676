/** Packages a stored segment for HLS with the function that packages live segments: the bytes are the same. */
import { packagePart } from "../../live/hls/cmaf-packager.ts";
import type { MediaEntry } from "../../live/streams/index.ts";
import { BufferPool } from "../../platform/buffer-pool.ts";
import { Semaphore } from "../../platform/semaphore.ts";
import type { StoredSegment } from "./indexed-file.ts";
import { frameOf, readTags } from "./tags.ts";

/** Read buffers are reused: packaging copies out of them. */
const READ_POOL_BYTES = 16 * 1024 * 1024;
const MIN_BUFFER_BYTES = 64 * 1024;
const MAX_CONCURRENT = 16;
const POOL_STEPS = 8;
const memory = new BufferPool(MIN_BUFFER_BYTES, READ_POOL_BYTES, POOL_STEPS);
const semaphore = new Semaphore(MAX_CONCURRENT);

/**
 * Returns the concatenated parts of a segment. Null when the segment is incomplete or the file contradicts its index. At most
 * `MAX_CONCURRENT` segments are packaged at a time.
 * @param allocate gives a buffer of at least `segment.hlsBytes`, once it is this segment's turn; the result is a view of it
 */
export async function packageStored(
  segment: StoredSegment,
  allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow,
): Promise<Buffer | null> {
  const until = segment.file.endOf(segment.index)?.at;
  if (until === undefined) return null;
  const size = until - segment.offset;
  return await semaphore.run(async () => {
    const room = memory.take(size);
    try {
      const bytes = await segment.file.read(segment.offset, until, room.subarray(0, size));
      return bytes && packageTags(segment, bytes, allocate(segment.hlsBytes));
    } finally {
      memory.give(room);
    }
  });
}

/** @param bytes the tags of the segment; @param into memory for the result; null when the file was changed or damaged */
function packageTags(segment: StoredSegment, bytes: Buffer, into: Buffer): Buffer | null {
  const { file, offset, context } = segment;
  const { parts: marks, end: segmentEnd } = file.partsOf(segment.index);
  const parts: MediaEntry[][] = marks.map(() => []);
  let part = 0;
  let read = 0;
  for (const placed of readTags(bytes)) {
    const at = offset + placed.at;
    while (at >= (marks[part + 1]?.at ?? Number.POSITIVE_INFINITY)) part++;
    const frame = frameOf(placed, file.timeOf(at, placed.timestamp));
    if (frame) parts[part]?.push(frame);
    read = placed.at + placed.tag.length;
  }
  if (read !== bytes.length || parts.length === 0) return null;
  let used = 0;
  let fits = true;
  const allocate = (size: number): Buffer => {
    const at = used;
    used += size;
    fits &&= used <= into.length;
    return fits ? into.subarray(at, used) : Buffer.allocUnsafeSlow(size);
  };
  for (const [i, { mark }] of marks.entries()) {
    const end = marks[i + 1]?.mark.previousEnd ?? segmentEnd;
    packagePart(context, mark, parts[i] ?? [], end, allocate);
  }
  return fits ? into.subarray(0, used) : null;
}
