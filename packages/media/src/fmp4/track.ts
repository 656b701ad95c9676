/** What fragments and their initialisation know of a track. */
import type { AudioFormat } from "../codecs/audio-format.ts";
import type { VideoFormat } from "../codecs/video-format.ts";
import { AUDIO_CODEC, type FourCc, VIDEO_CODEC } from "../flv/four-cc.ts";

/** Ticks a second of a video track. */
export const VIDEO_TIMESCALE = 90_000;

export type VideoTrack = {
  readonly kind: "video";
  readonly codec: FourCc;
  /** avcC, hvcC, av1C, vpcC: what stands in the box of that name. */
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

/** Whether a codec can stand in fragmented MP4 as HLS has it. */
export function fitsFmp4(codec: FourCc): boolean {
  const known: readonly FourCc[] = [
    VIDEO_CODEC.h264,
    VIDEO_CODEC.hevc,
    VIDEO_CODEC.av1,
    VIDEO_CODEC.vp9,
    AUDIO_CODEC.aac,
    AUDIO_CODEC.opus,
  ];
  return known.includes(codec);
}

/** Ticks a second: 90 kHz for video, the sample rate for audio. */
export function timescaleOf(track: Fmp4Track): number {
  return track.kind === "video" ? VIDEO_TIMESCALE : track.format.sampleRate;
}
