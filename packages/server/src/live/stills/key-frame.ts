/** The newest key frame of a stream, as the shortest film there is: an MP4 file (ISO/IEC 14496-12, fragmented) of one picture. */
import { hasConfiguration, writeFragment, writeInitialisation } from "@lectern/media";
import type { Log, LogSegment, Media } from "../streams/index.ts";

export type KeyFrame = {
  /** Names it within its epoch. */
  readonly name: string;
  readonly film: Buffer;
};

const SHOWN_TICKS = 3600;

/** Null when there is no picture, or none of a codec that can be written so. */
export function newestKeyFrame(log: Log): KeyFrame | null {
  for (const segment of [...log.segments].reverse()) {
    const frame = firstKeyFrame(segment);
    const { video } = segment.context;
    if (!frame || !video?.format || !hasConfiguration(video.codec)) continue;
    const head = writeInitialisation([{ kind: "video", codec: video.codec, configuration: video.data, format: video.format }]);
    const sample = { duration: SHOWN_TICKS, compositionOffset: 0, key: true, disposable: false, data: frame.payload };
    const body = writeFragment(1, [{ kind: "video", start: 0, samples: [sample] }]);
    return { name: `${frame.term}.${frame.sequence}`, film: Buffer.concat([head, body]) };
  }
  return null;
}

function firstKeyFrame({ records }: LogSegment): Media | null {
  let found: Media | null = null;
  records.visit(0, records.length, (record) => {
    if (!found && record.kind === "media" && record.track === "video" && record.key) found = record;
  });
  return found;
}
