/** A key frame as the shortest film there is: an MP4 file (ISO/IEC 14496-12, fragmented) of one picture. */
import { hasConfiguration, writeFragment, writeInitialisation } from "@lectern/media";
import type { Log, LogContext, LogSegment, MediaEntry } from "../streams/index.ts";

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
    const film = frame && singleFrameMp4(segment.context, frame);
    if (frame && film) return { name: `${frame.term}.${frame.sequence}`, film };
  }
  return null;
}

/** Null where MP4 cannot carry the codec. @param context what applies at the frame */
export function singleFrameMp4({ video }: LogContext, frame: Pick<MediaEntry, "payload">): Buffer | null {
  if (!video?.format || !hasConfiguration(video.codec)) return null;
  const head = writeInitialisation([{ kind: "video", codec: video.codec, configuration: video.data, format: video.format }]);
  const sample = { duration: SHOWN_TICKS, compositionOffset: 0, key: true, disposable: false, data: frame.payload };
  return Buffer.concat([head, writeFragment(1, [{ kind: "video", start: 0, samples: [sample] }])]);
}

function firstKeyFrame({ entries: records }: LogSegment): MediaEntry | null {
  let found: MediaEntry | null = null;
  records.visit(0, records.length, (record) => {
    if (!found && record.kind === "media" && record.track === "video" && record.key) found = record;
  });
  return found;
}
