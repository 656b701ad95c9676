/** Chooses the tracks of a stream that an encoder reads, and the duration that their frames are given. */
import { type InputTracks, inputTracks } from "../program-input.ts";
import type { LogSegment } from "../streams/index.ts";

export type EncoderInput = InputTracks & {
  /**
   * ffmpeg goes by the time of the next frame, but takes the first one's duration for the frame rate where the codec does not say it; encoders
   * of graphics cards spend their bits by that rate.
   */
  readonly frameMs: number;
};

/** Of a frame without a next one. */
const DEFAULT_FRAME_MS = 40;

/** Null when the video, or the sound where that is all that is wanted, cannot be decoded. */
export function encoderInput(
  segment: LogSegment,
  wants: { readonly video: boolean; readonly audio: boolean },
): EncoderInput | null {
  const { video, audio } = inputTracks(segment.context);
  if (wants.video) return video && { video, audio: wants.audio ? audio : null, frameMs: frameMsOf(segment) };
  return audio && { video: null, audio, frameMs: DEFAULT_AUDIO_FRAME_MS };
}

/** Of a frame of sound. */
const DEFAULT_AUDIO_FRAME_MS = 20;

/** From frame to frame in a segment, as far as it has come. */
function frameMsOf({ entries }: LogSegment): number {
  const times: number[] = [];
  entries.visit(0, entries.length, (entry) => {
    if (entry.kind === "media" && entry.track === "video") times.push(entry.decodeTime);
  });
  const milliseconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return milliseconds > 0 ? milliseconds / (times.length - 1) : DEFAULT_FRAME_MS;
}
