/**
 * Pictures for the bar that one seeks with: what was shown at a time, small. Each is the key frame of a segment, decoded when somebody asks
 * and kept on the disk for all processes of this machine, as long as there is room.
 */
import { dirname, join, relative } from "node:path";
import type { Decode } from "../../live/stills/decoder.ts";
import { filmOf } from "../../live/stills/key-frame.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import type { LibraryDirectories } from "../files/directories.ts";
import { DISK } from "../files/disk.ts";
import { frameOf, readTags } from "../files/tags.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";

/** The times that have one: every ten seconds since 1970. */
const PREVIEW_SECONDS = 10;
const WIDTH = 240;
/** A file of the cache is no larger. */
const MOST_BYTES = 1024 * 1024;

export type PreviewsOptions = {
  readonly decode: Decode;
  readonly directories: LibraryDirectories;
};

export class Previews {
  private readonly options: PreviewsOptions;
  private readonly making = new Map<string, Promise<Buffer | null | "busy">>();

  constructor(options: PreviewsOptions) {
    this.options = options;
  }

  /** What was shown at a time; null where there was no picture. @param utc seconds since 1970 */
  async at(timeline: Timeline, utc: number): Promise<Buffer | null | "busy"> {
    if (utc % PREVIEW_SECONDS !== 0) return null;
    let number = timeline.atUtc(utc * 1000);
    let segment = timeline.segment(number);
    while (segment && !segment.independent && number > 0) segment = timeline.segment(--number);
    return segment && (await this.of(segment));
  }

  private async of(segment: TimedSegment): Promise<Buffer | null | "busy"> {
    const path = join(previewsOf(this.options.directories, segment.file.path), `${segment.place}.jpg`);
    const kept = await DISK.read(path, 0, MOST_BYTES).catch(() => null);
    if (kept) return kept;
    const making = this.making.get(path) ?? this.make(segment, path).finally(() => this.making.delete(path));
    this.making.set(path, making);
    return await making;
  }

  private async make(segment: TimedSegment, path: string): Promise<Buffer | null | "busy"> {
    const film = await keyFrameOf(segment);
    const jpeg = film && (await this.options.decode(film, WIDTH));
    // Where it cannot be kept it is made again.
    if (jpeg && jpeg !== "busy") await writeWhole(path, jpeg).catch(() => {});
    return jpeg;
  }
}

/** The folder of a file's pictures. */
export function previewsOf({ previews, record }: LibraryDirectories, path: string): string {
  return join(previews, relative(dirname(record), path));
}

async function keyFrameOf(segment: TimedSegment): Promise<Buffer | null> {
  const end = segment.file.endOf(segment.place);
  const bytes = end && (await segment.file.read(segment.at, end.at));
  if (!bytes) return null;
  for (const tag of readTags(bytes)) {
    const frame = frameOf(tag, 0);
    if (frame?.track === "video" && frame.key) return filmOf(segment.context, frame);
  }
  return null;
}
