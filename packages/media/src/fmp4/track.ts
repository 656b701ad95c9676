/** Describes a track for fragments and their initialisation segment. */
import type { AudioFormat } from "../codecs/audio-format.ts";
import type { FourCc } from "../codecs/four-cc.ts";
import type { VideoFormat } from "../codecs/video-format.ts";

/** Ticks a second of a video track. */
export const VIDEO_TIMESCALE = 90_000;

export type VideoTrack = {
  readonly kind: "video";
  readonly codec: FourCc;
  /** The content of the box avcC, hvcC, av1C or vpcC. */
  readonly configuration: Uint8Array;
  readonly format: VideoFormat;
};

export type AudioTrack = {
  readonly kind: "audio";
  readonly codec: FourCc;
  /** AudioSpecificConfig, OpusHead. */
  readonly configuration: Uint8Array;
  readonly format: AudioFormat;
};

export type Fmp4Track = VideoTrack | AudioTrack;

/** Track numbers in every file: the same whichever tracks there are. */
export const TRACK_ID = { video: 1, audio: 2 } as const;

/** Ticks a second: 90 kHz for video, the sample rate for audio. */
export function timescaleOf(track: Fmp4Track): number {
  return track.kind === "video" ? VIDEO_TIMESCALE : track.format.sampleRate;
}
