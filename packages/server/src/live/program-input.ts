/**
 * Muxes entries of a log as the fragmented MP4 that a program reads on its standard input, one fragment for each frame: unlike FLV, every ffmpeg
 * reads all codecs from it. Times are the stream's.
 */
import {
  type AudioTrack,
  hasConfiguration,
  VIDEO_TIMESCALE,
  type VideoTrack,
  writeFragment,
  writeInitialisation,
} from "@lectern/media";
import { soundFormat } from "./sound-format.ts";
import type { LogContext, MediaEntry } from "./streams/index.ts";

/** The tracks that the program reads. */
export type InputTracks = { readonly video: VideoTrack | null; readonly audio: AudioTrack | null };

/** A track without a format or a configuration cannot be read. */
export function inputTracks({ video, audio }: LogContext): InputTracks {
  const isNotified = audio && (audio.data.length > 0 || !hasConfiguration(audio.codec));
  const format = isNotified ? soundFormat(audio) : null;
  return {
    video:
      video?.format && video.data.length > 0
        ? { kind: "video", codec: video.codec, configuration: video.data, format: video.format }
        : null,
    audio: format && audio ? { kind: "audio", codec: audio.codec, configuration: audio.data, format } : null,
  };
}

export function inputHeader({ video, audio }: InputTracks): Uint8Array {
  return writeInitialisation([video, audio].filter((track) => track !== null));
}

/**
 * Null for a frame of a track that is not read.
 * @param frameMs assumed duration of a frame; a program goes by the time of the next one
 */
export function inputFrame(frame: MediaEntry, { video, audio }: InputTracks, frameMs: number): Uint8Array | null {
  const { track, decodeTime, compositionOffset, key, disposable, payload, sequence } = frame;
  if (track === "data" || (track === "video" && !video) || (track === "audio" && !audio)) return null;
  const scale = (track === "audio" && audio ? audio.format.sampleRate : VIDEO_TIMESCALE) / 1000;
  const ticks = (milliseconds: number) => Math.round(milliseconds * scale);
  const sample = {
    duration: ticks(frameMs),
    compositionOffset: ticks(compositionOffset),
    key,
    disposable,
    data: payload,
  };
  return writeFragment(sequence, [{ kind: track, start: ticks(decodeTime), samples: [sample] }]);
}
