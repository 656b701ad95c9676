/**
 * Provides thumbnails for the seek bar. Each is the key frame of a segment, decoded on request and cached on the disk for all processes of this
 * machine.
 */
import { dirname, join, relative } from "node:path";
import type { Decode } from "../../live/stills/decoder.ts";
import { singleFrameMp4 } from "../../live/stills/key-frame.ts";
import { writeAtomically } from "../../platform/write-atomically.ts";
import type { LibraryDirectories } from "../files/directories.ts";
import { DISK } from "../files/disk.ts";
import { frameOf, readTags } from "../files/tags.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";

/** Thumbnails exist for every tenth second since 1970. */
const PREVIEW_SECONDS = 10;
const WIDTH = 240;
/** Bound of one cached thumbnail. */
const MAX_BYTES = 1024 * 1024;

export type PreviewsOptions = {
  readonly decode: Decode;
  readonly directories: LibraryDirectories;
};

export class Previews {
  private readonly options: PreviewsOptions;
  private readonly pending = new Map<string, Promise<Buffer | null | "busy">>();

  constructor(options: PreviewsOptions) {
    this.options = options;
  }

  /** The thumbnail at a time; null where there is no video. @param utc seconds since 1970 */
  async at(timeline: Timeline, utc: number): Promise<Buffer | null | "busy"> {
    if (utc % PREVIEW_SECONDS !== 0) return null;
    let number = timeline.atUtc(utc * 1000);
    let segment = timeline.segment(number);
    while (segment && !segment.independent && number > 0) segment = timeline.segment(--number);
    return segment && (await this.of(segment));
  }

  private async of(segment: TimedSegment): Promise<Buffer | null | "busy"> {
    const path = join(previewFolderOf(this.options.directories, segment.file.path), `${segment.index}.jpg`);
    const kept = await DISK.read(path, 0, MAX_BYTES).catch(() => null);
    if (kept) return kept;
    const making = this.pending.get(path) ?? this.make(segment, path).finally(() => this.pending.delete(path));
    this.pending.set(path, making);
    return await making;
  }

  private async make(segment: TimedSegment, path: string): Promise<Buffer | null | "busy"> {
    const mp4 = await keyFrameOf(segment);
    const jpeg = mp4 && (await this.options.decode(mp4, WIDTH));
    // Without room on the disk it is decoded again next time.
    if (jpeg && jpeg !== "busy") await writeAtomically(path, jpeg).catch(() => {});
    return jpeg;
  }
}

/** The folder of a recorded file's thumbnails. */
export function previewFolderOf({ previews, record }: LibraryDirectories, path: string): string {
  return join(previews, relative(dirname(record), path));
}

async function keyFrameOf(segment: TimedSegment): Promise<Buffer | null> {
  const end = segment.file.endOf(segment.index);
  const bytes = end && (await segment.file.read(segment.offset, end.at));
  if (!bytes) return null;
  for (const tag of readTags(bytes)) {
    const frame = frameOf(tag, 0);
    if (frame?.track === "video" && frame.key) return singleFrameMp4(segment.context, frame);
  }
  return null;
}
