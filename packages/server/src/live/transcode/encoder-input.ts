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
import type { LogContext, MediaEntry } from "../streams/index.ts";

/** Assumed duration of a frame. ffmpeg goes by the time of the next one. */
const FRAME_MS = 40;

/** The tracks that an encoder reads. */
export type InputTracks = { readonly video: VideoTrack; readonly audio: AudioTrack | null };

/** Null when the video cannot be decoded. */
export function inputTracks({ video, audio }: LogContext, withAudio: boolean): InputTracks | null {
  if (!video?.format || video.data.length === 0) return null;
  return {
    video: { kind: "video", codec: video.codec, configuration: video.data, format: video.format },
    audio:
      withAudio && audio?.format && audio.data.length > 0
        ? { kind: "audio", codec: audio.codec, configuration: audio.data, format: audio.format }
        : null,
  };
}

export function inputHeader({ video, audio }: InputTracks): Uint8Array {
  return writeInitialisation(audio ? [video, audio] : [video]);
}

export function inputFrame(frame: MediaEntry, { audio }: InputTracks): Uint8Array {
  const { track, decodeTime, compositionOffset, key, disposable, payload } = frame;
  const scale = (track === "audio" && audio ? audio.format.sampleRate : VIDEO_TIMESCALE) / 1000;
  const sample = {
    duration: Math.round(FRAME_MS * scale),
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
