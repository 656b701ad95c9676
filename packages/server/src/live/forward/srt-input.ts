/** Muxes a stream as the fragmented MP4 that ffmpeg sends on by SRT, one fragment for each frame. Times are the stream's. */
import {
  AUDIO_CODEC,
  type AudioTrack,
  type Fmp4Track,
  VIDEO_CODEC,
  VIDEO_TIMESCALE,
  type VideoTrack,
  writeFragment,
  writeInitialisation,
} from "@lectern/media";
import type { LogContext, MediaEntry } from "../streams/index.ts";

/** Assumed duration of a frame. ffmpeg goes by the time of the next one. */
const FRAME_MS = 40;
/** What receivers of MPEG-TS read, and ffmpeg writes. */
const VIDEO_IN_TS: ReadonlySet<string> = new Set([VIDEO_CODEC.h264, VIDEO_CODEC.hevc]);
const AUDIO_IN_TS: ReadonlySet<string> = new Set([AUDIO_CODEC.aac, AUDIO_CODEC.opus]);

export type SrtTracks = { readonly video: VideoTrack | null; readonly audio: AudioTrack | null };

/** The tracks of a stream. A text: why they cannot be sent by SRT. */
export function srtTracks({ video, audio }: LogContext): SrtTracks | string {
  for (const [track, codecs] of [
    [video, VIDEO_IN_TS],
    [audio, AUDIO_IN_TS],
  ] as const)
    if (track && (!codecs.has(track.codec) || !track.format || track.data.length === 0))
      return `MPEG-TS does not carry ${track.codec}.`;
  return {
    video: video?.format ? { kind: "video", codec: video.codec, configuration: video.data, format: video.format } : null,
    audio: audio?.format ? { kind: "audio", codec: audio.codec, configuration: audio.data, format: audio.format } : null,
  };
}

export function areSameTracks(a: SrtTracks, b: SrtTracks): boolean {
  return isSameTrack(a.video, b.video) && isSameTrack(a.audio, b.audio);
}

function isSameTrack(a: Fmp4Track | null, b: Fmp4Track | null): boolean {
  if (!a || !b) return a === b;
  return a.codec === b.codec && Buffer.compare(a.configuration, b.configuration) === 0;
}

export function srtHeader({ video, audio }: SrtTracks): Uint8Array {
  return writeInitialisation([video, audio].filter((track) => track !== null));
}

/** Null for a frame of a track that is not sent. */
export function srtFrame(frame: MediaEntry, { video, audio }: SrtTracks): Uint8Array | null {
  const { track, decodeTime, compositionOffset, key, disposable, payload, sequence } = frame;
  if (track === "data" || (track === "video" && !video) || (track === "audio" && !audio)) return null;
  const scale = (track === "audio" && audio ? audio.format.sampleRate : VIDEO_TIMESCALE) / 1000;
  const ticks = (milliseconds: number) => Math.round(milliseconds * scale);
  const sample = {
    ...{ duration: ticks(FRAME_MS), compositionOffset: ticks(compositionOffset) },
    ...{ key, disposable, data: payload },
  };
  return writeFragment(sequence, [{ kind: track, start: ticks(decodeTime), samples: [sample] }]);
}
