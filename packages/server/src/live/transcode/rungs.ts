/**
 * Defines the rungs of a ladder: the smaller versions of a stream that it is transcoded to. A pure function of the source: never larger than
 * it, never more bits than it.
 */
import { AUDIO_CODEC, type AudioFormat, type FourCc, type Variant, VIDEO_CODEC, type VideoFormat } from "@lectern/media";
import type { CustomRung, LadderChoice, LadderName } from "../../platform/config/schema.ts";

/** A rung as it is encoded. */
export type Rung = {
  /** As in addresses: `NAME@RUNG`. */
  readonly name: string;
  /** Null for sound alone. */
  readonly video: RungVideo | null;
  /** Null: the source's sound, as it is. */
  readonly audio: RungAudio | null;
  /** The source's picture, as it is; `video` is null then. Default: false. */
  readonly isVideoCopied?: boolean;
};

export type RungAudio = {
  readonly kbps: number;
  readonly channels: 1 | 2;
  /** Default: AAC. */
  readonly codec?: "aac" | "opus";
};

export type RungVideo = {
  readonly width: number;
  readonly height: number;
  /** At most, over a second or two; still pictures need far less. */
  readonly kbps: number;
  /** For WebRTC: each frame is given out at once, by the profile that every decoder knows. Default: false. */
  readonly isLowDelay?: boolean;
};

/** A rung of the source's own sound needs no encoder. */
export function isEncoded({ video, audio }: Rung): boolean {
  return video !== null || audio !== null;
}

/** What is known of a source. */
export type LadderSource = {
  /** Null when it has no video that can be decoded. */
  readonly video: (Pick<VideoFormat, "width" | "height" | "frameRate"> & { readonly codec: FourCc }) | null;
  readonly audio: (Pick<AudioFormat, "codecString"> & { readonly codec: FourCc }) | null;
  /** 0 when it was not measured yet. */
  readonly videoKbps: number;
  readonly audioKbps: number;
};

/** By the shorter side in pixels: a phone held upright publishes 720 by 1280. Usual bit rates for lessons: faces, slides, handwriting. */
const SIZES = {
  "360p": { shortSide: 360, kbps: 550 },
  "480p": { shortSide: 480, kbps: 1000 },
  "720p": { shortSide: 720, kbps: 2200 },
  "1080p": { shortSide: 1080, kbps: 4200 },
} as const;
const SIZES_OF = {
  mobile: ["360p", "480p", "720p"],
  full: ["360p", "480p", "720p", "1080p"],
} as const;

const ENCODED_AUDIO_KBPS = 128;
/** The usual shape of a picture. */
const WIDE = 16 / 9;
/** Bits grow more slowly than pixels do. */
const PIXELS_TO_BITS = 0.75;

const SAVER = "saver";
const AUDIO = "audio";
/** The data saver has less than a fifth of the source's bits, and is small enough to look well with them. */
const SAVER_LIMITS = { share: 0.17, shortSide: 360, kbps: 300, leastKbps: 60, audioKbps: 32 } as const;
/**
 * A rung with nearly as many bits as its source would help nobody. But a source that shows a still slide just now has few bits, and will need
 * more.
 */
const SHARES = { ofSource: 0.75, leastOfUsual: 0.4 } as const;

/** The rungs of a ladder for a source, the largest first. */
export function rungsOf(ladder: LadderChoice, source: LadderSource): readonly Rung[] {
  return typeof ladder === "string" ? presetRungs(ladder, source) : ladder.flatMap((rung) => customRung(rung, source) ?? []);
}

function presetRungs(ladder: LadderName, source: LadderSource): readonly Rung[] {
  const rungs: Rung[] = [];
  const audio = encodedAudio(source);
  if (ladder === "mobile" || ladder === "full") {
    for (const name of SIZES_OF[ladder]) {
      const video = videoOf(source, SIZES[name].shortSide, SIZES[name].kbps);
      if (video) rungs.unshift({ name, video, audio });
    }
    const largest = playableOf(source, SIZES[SIZES_OF[ladder].at(-1) ?? "360p"]);
    if (largest) rungs.unshift(largest);
  }
  if (ladder !== "none" && ladder !== "audio" && source.video) {
    const rung = saverOf(source);
    if (rung) rungs.push(rung);
  }
  if (ladder !== "none" && source.audio) rungs.push({ name: AUDIO, video: null, audio });
  return rungs;
}

/** Null where the source has no such track. Its size is the source's where that is smaller. */
function customRung({ name, height, videoKbps, audioKbps }: CustomRung, source: LadderSource): Rung | null {
  const audio = audioKbps === null ? encodedAudio(source) : source.audio && { kbps: audioKbps, channels: channelsOf(audioKbps) };
  if (height === null) return source.audio && { name, video: null, audio };
  const { video } = source;
  if (!video) return null;
  const most = source.videoKbps > 0 ? Math.max(source.videoKbps, videoKbps * SHARES.leastOfUsual) : videoKbps;
  const size = scaled(video, Math.min(height, video.width, video.height));
  return { name, video: { ...size, kbps: Math.round(Math.min(videoKbps, most)) }, audio };
}

/** Two channels need about so many kbps to sound better than one. */
const STEREO_KBPS = 48;

function channelsOf(kbps: number): 1 | 2 {
  return kbps < STEREO_KBPS ? 1 : 2;
}

/** Null where the rung would not be smaller than the source. */
function videoOf({ video, videoKbps }: LadderSource, shortSide: number, kbps: number): RungVideo | null {
  if (!video || Math.min(video.width, video.height) <= shortSide) return null;
  const most = videoKbps > 0 ? Math.max(videoKbps * SHARES.ofSource, kbps * SHARES.leastOfUsual) : kbps;
  return { ...scaled(video, shortSide), kbps: Math.round(Math.min(kbps, most)) };
}

/** The devices that need a rung are often those that know no codec but AAC. Null: the source has it, or no sound. */
function encodedAudio({ audio }: LadderSource): Rung["audio"] {
  return audio && audio.codec !== AUDIO_CODEC.aac ? { kbps: ENCODED_AUDIO_KBPS, channels: 2 } : null;
}

/** Many devices cannot play HEVC, AV1 and VP9: such a source has a rung of its own size, or of the ladder's largest. */
function playableOf(source: LadderSource, most: { readonly shortSide: number; readonly kbps: number }): Rung | null {
  const { video } = source;
  if (!video || video.codec === VIDEO_CODEC.h264) return null;
  const shortSide = Math.min(video.width, video.height);
  if (shortSide > most.shortSide) return null;
  const picture = pictureOf(video, most);
  return { name: `${Math.min(picture.width, picture.height)}p`, video: picture, audio: encodedAudio(source) };
}

/** A picture of the source's size, or of the largest that there may be, with the usual bits for that size. */
export function pictureOf(
  video: { readonly width: number; readonly height: number },
  most: { readonly shortSide: number; readonly kbps: number },
): RungVideo {
  const size = scaled(video, Math.min(most.shortSide, video.width, video.height));
  const pixels = (size.width * size.height) / (most.shortSide * most.shortSide * WIDE);
  return { ...size, kbps: Math.ceil(most.kbps * pixels ** PIXELS_TO_BITS) };
}

function saverOf({ video, audio, videoKbps, audioKbps: sourceAudioKbps }: LadderSource): Rung | null {
  if (!video) return null;
  const { share, shortSide, kbps: most, audioKbps, leastKbps } = SAVER_LIMITS;
  const all = videoKbps > 0 ? Math.min(most, Math.round((videoKbps + sourceAudioKbps) * share)) : most;
  const picture = Math.max(leastKbps, all - (audio ? audioKbps : 0));
  const side = Math.min(shortSide, video.width, video.height);
  return {
    name: SAVER,
    video: { ...scaled(video, side), kbps: picture },
    audio: audio ? { kbps: audioKbps, channels: 1 } : null,
  };
}

/** The same shape with a shorter side of so many pixels. Both sides are even, as 4:2:0 needs. */
function scaled({ width, height }: { width: number; height: number }, shortSide: number): { width: number; height: number } {
  const ratio = shortSide / Math.min(width, height);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * ratio) / 2));
  return { width: even(width), height: even(height) };
}

/** Assumed of a source that does not say so. */
const DEFAULT_FRAME_RATE = 30;
/**
 * Work for a megapixel: encoded, decoded from the source, and scaled from the source, of which the encoding is the unit; and for a track of
 * encoded sound, per second. By the CPU time of ffmpeg 5.1 with a clip of 720p.
 */
const WORK = { encode: 1, decode: 0.2, scale: 0.13, audio: 3 } as const;

/** The work of a ladder, in encoded megapixels a second. What a core can do of it is measured. */
export function workOf(rungs: readonly Rung[], { video }: LadderSource): number {
  const frames = video?.frameRate ?? DEFAULT_FRAME_RATE;
  const megapixels = ({ width, height }: { readonly width: number; readonly height: number }) => (width * height * frames) / 1e6;
  const pictures = rungs.flatMap((rung) => rung.video ?? []);
  const decoded = video && pictures.length > 0 ? megapixels(video) * (WORK.decode + WORK.scale * pictures.length) : 0;
  const encoded = pictures.reduce((sum, picture) => sum + megapixels(picture) * WORK.encode, 0);
  return decoded + encoded + rungs.filter(({ audio }) => audio !== null).length * WORK.audio;
}

/** A second of a rung may have so many times its bits: the encoder's buffer is half a second, and a segment lasts two as a rule. */
const PEAK = 1.25;
/** Of a stream whose sound was not measured yet. */
const DEFAULT_AUDIO_KBPS = 128;
/** fMP4's boxes. */
const OVERHEAD = 1.03;
/** H.264 High and Constrained Baseline, as the encoder is told. */
const PROFILES = { usual: "avc1.6400", lowDelay: "avc1.42c0" } as const;
/** RFC 6381: AAC LC, as the encoder makes it. */
const ENCODED_AUDIO = "mp4a.40.2";

/** Levels by macroblocks a second: ITU-T H.264 table A-1. Rungs are declared for 60 frames a second, before the first is encoded. */
const LEVELS = [
  { level: 31, macroblocks: 108_000 },
  { level: 32, macroblocks: 216_000 },
  { level: 40, macroblocks: 245_760 },
  { level: 42, macroblocks: 522_240 },
] as const;
const MOST_FRAMES = 60;
const LARGEST_LEVEL = 52;

/** The level that a rung is encoded with, times ten. */
export function levelOf({ width, height }: RungVideo): number {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16) * MOST_FRAMES;
  return LEVELS.find((one) => macroblocks <= one.macroblocks)?.level ?? LARGEST_LEVEL;
}

/** A rung as HLS lists it, before its first segment exists. */
export function variantOf({ video, audio }: Rung, source: LadderSource): Omit<Variant, "uri"> {
  const audioKbps = source.audio ? (audio?.kbps ?? (source.audioKbps || DEFAULT_AUDIO_KBPS)) : 0;
  const videoCodec = video && `${PROFILES[video.isLowDelay ? "lowDelay" : "usual"]}${levelOf(video).toString(16)}`;
  const audioCodec = source.audio && (audio ? ENCODED_AUDIO : source.audio.codecString);
  return {
    bandwidth: ((video?.kbps ?? 0) * PEAK + audioKbps) * OVERHEAD * 1000,
    averageBandwidth: ((video?.kbps ?? 0) + audioKbps) * OVERHEAD * 1000,
    codecs: [videoCodec, audioCodec].filter((codec) => codec !== null),
    resolution: video && { width: video.width, height: video.height },
    frameRate: video && (source.video?.frameRate ?? null),
  };
}
