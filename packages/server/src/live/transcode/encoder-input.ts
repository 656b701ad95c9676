/**
 * Muxes entries of a log as fragmented MP4 for an encoder, one fragment for each frame: unlike FLV, every ffmpeg reads all codecs from it.
 * Times are the stream's.
 */
import {
  type AudioTrack,
  type FragmentTrack,
  VIDEO_TIMESCALE,
  type VideoTrack,
  writeFragment,
  writeInitialisation,
} from "@lectern/media";
import type { LogSegment, MediaEntry } from "../streams/index.ts";

/** Of a frame without a next one. */
const USUAL_FRAME_MS = 40;

/** The tracks that an encoder reads. */
export type InputTracks = {
  readonly video: VideoTrack;
  readonly audio: AudioTrack | null;
  /**
   * The duration that frames are given. ffmpeg goes by the time of the next one, but takes the first one's duration for the frame rate where
   * the codec does not say it; encoders of graphics cards spend their bits by that rate.
   */
  readonly frameMs: number;
};

/** Null when the video cannot be decoded. */
export function inputTracks(segment: LogSegment, withAudio: boolean): InputTracks | null {
  const { video, audio } = segment.context;
  if (!video?.format || video.data.length === 0) return null;
  return {
    video: { kind: "video", codec: video.codec, configuration: video.data, format: video.format },
    audio:
      withAudio && audio?.format && audio.data.length > 0
        ? { kind: "audio", codec: audio.codec, configuration: audio.data, format: audio.format }
        : null,
    frameMs: frameMsOf(segment),
  };
}

/** From frame to frame in a segment, as far as it has come. */
function frameMsOf({ entries }: LogSegment): number {
  const times: number[] = [];
  entries.visit(0, entries.length, (entry) => {
    if (entry.kind === "media" && entry.track === "video") times.push(entry.decodeTime);
  });
  const milliseconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return milliseconds > 0 ? milliseconds / (times.length - 1) : USUAL_FRAME_MS;
}

export function inputHeader({ video, audio }: InputTracks): Uint8Array {
  return writeInitialisation(audio ? [video, audio] : [video]);
}

export function inputFrame(frame: MediaEntry, { audio, frameMs }: InputTracks): Uint8Array {
  const { track, decodeTime, compositionOffset, key, disposable, payload } = frame;
  const scale = (track === "audio" && audio ? audio.format.sampleRate : VIDEO_TIMESCALE) / 1000;
  const sample = {
    duration: Math.round(frameMs * scale),
    compositionOffset: Math.round(compositionOffset * scale),
    ...{ key, disposable, data: payload },
  };
  const fragment: FragmentTrack = {
    kind: track === "audio" ? "audio" : "video",
    start: Math.round(decodeTime * scale),
    samples: [sample],
  };
  return writeFragment(frame.sequence, [fragment]);
}
