/** Writes a key frame as a single-frame MP4 (ISO/IEC 14496-12, fragmented), which a decoder reads like any other file. */
import { hasConfiguration, writeFragment, writeInitialisation } from "@lectern/media";
import { FrameReader, type Log, type LogContext, type MediaEntry } from "../streams/index.ts";

export type KeyFrame = {
  /** The frame's log position, which is unique within the epoch. */
  readonly name: string;
  readonly mp4: Buffer;
};

const SHOWN_TICKS = 3600;
/** The reader begins at the newest key frame. */
const NEWEST_VIDEO = { video: true, audio: false, maxBehindMs: 0 } as const;

/** Null when there is no video, or its codec does not fit into MP4. */
export function newestKeyFrame(log: Log): KeyFrame | null {
  const reader = new FrameReader(log, NEWEST_VIDEO);
  let newest: KeyFrame | null = null;
  reader.read((frame, context) => {
    const mp4 = singleFrameMp4(context, frame);
    newest = mp4 && { name: `${frame.term}.${frame.sequence}`, mp4 };
  }, 1);
  reader.close();
  return newest;
}

/** Null where MP4 cannot carry the codec. @param context the configurations that apply to the frame */
export function singleFrameMp4({ video }: LogContext, frame: Pick<MediaEntry, "payload">): Buffer | null {
  if (!video?.format || !hasConfiguration(video.codec)) return null;
  const head = writeInitialisation([{ kind: "video", codec: video.codec, configuration: video.data, format: video.format }]);
  const sample = { duration: SHOWN_TICKS, compositionOffset: 0, key: true, disposable: false, data: frame.payload };
  return Buffer.concat([head, writeFragment(1, [{ kind: "video", start: 0, samples: [sample] }])]);
}
