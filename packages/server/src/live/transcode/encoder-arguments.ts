/** Builds the arguments of the ffmpeg that encodes the rungs of one stream: a pure function of the rungs and the encoder. */
import type { EncoderSetting } from "../../platform/config/schema.ts";
import { FIRST_OUTPUT } from "../../platform/jobs/process-group.ts";
import { levelOf, type Rung, type RungAudio, type RungVideo } from "./rungs.ts";

/** software is libx264; the others are those of graphics cards: NVIDIA's; Intel's and AMD's by VA-API; Intel's by Quick Sync. */
export type EncoderKind = Exclude<EncoderSetting, "auto">;

/** What ffmpeg calls them. */
export const ENCODER_NAMES: Readonly<Record<EncoderKind, string>> = {
  software: "libx264",
  nvenc: "h264_nvenc",
  vaapi: "h264_vaapi",
  qsv: "h264_qsv",
};

/** Frames that x264 looks ahead: enough for its rate control, and a third of a second at 25 frames a second. */
const LOOKAHEAD_FRAMES = 8;
/** Quality where the bits suffice: still slides need far fewer than the rung may have. */
const CRF = 23;
/**
 * Key frames come from the source. 65535 is the most that Quick Sync counts to; at 30 frames a second that is half an hour, which no segment
 * lasts.
 */
const NO_KEY_FRAMES_OF_ITS_OWN = "65535";
/** With a low delay: frames from key frame to key frame at most, a little more than two seconds, so that those of a source with two are enough. */
const LOW_DELAY_GOP_SECONDS = 2.2;
const DEFAULT_FRAME_RATE = 30;
/**
 * Encoders of graphics cards have no quality that they stop at within a rate (NVENC's gives up the buffer for it, VA-API's exists on Intel's
 * cards only). They aim at this share of the rung's bits, and spend no more on a picture than this quantizer needs: about what CRF uses for
 * the key frame of a slide.
 */
const HARDWARE = { share: 0.8, leastQuantizer: 18 } as const;

/**
 * The input is fragmented MP4 on standard input; the output of each rung is FLV on a pipe of its own, from `FIRST_OUTPUT` on, or MPEG-TS for
 * Opus, which ffmpeg's FLV has learned late. Frames keep their times, in FLV in milliseconds.
 * @param wantedFrom for each rung, the presentation time from which pictures are encoded, milliseconds; default: all are
 * @param frameRate of the source
 */
export function encoderArguments(
  rungs: readonly Rung[],
  encoder: EncoderKind = "software",
  wantedFrom: readonly (number | null)[] = [],
  frameRate = DEFAULT_FRAME_RATE,
): string[] {
  return [
    ...["-hide_banner", "-loglevel", "warning", "-nostats"],
    ...(rungs.some(({ video }) => video) ? deviceArguments(encoder) : []),
    ...inputArguments(),
    ...filterArguments(rungs, encoder, wantedFrom),
    // Times are the stream's, and are not moved to begin at 0.
    "-copyts",
    ...rungs.flatMap((rung, i) => outputArguments(rung, `pipe:${FIRST_OUTPUT + i}`, i, { encoder, frameRate, keys: "source" })),
  ];
}

/** The frames of a trial that have to be key frames, and how many frames there are. */
export const TRIAL = { keys: [0, 5, 12], frames: 20 } as const;
const TRIAL_RUNG: Rung = { name: "trial", video: { width: 320, height: 180, kbps: 500 }, audio: null };

/** A trial of an encoder: the same options with a generated input, and its FLV on standard output. */
export function trialArguments(encoder: EncoderKind): string[] {
  const key = `expr:${TRIAL.keys.map((frame) => `eq(n,${frame})`).join("+")}`;
  return [
    ...["-hide_banner", "-loglevel", "error", "-nostats", "-nostdin"],
    ...deviceArguments(encoder),
    // All of its frames differ, and the picture is larger than the rung.
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"],
    ...filterArguments([TRIAL_RUNG], encoder),
    ...["-frames:v", String(TRIAL.frames)],
    ...outputArguments(TRIAL_RUNG, "pipe:1", 0, { encoder, frameRate: DEFAULT_FRAME_RATE, keys: key }),
  ];
}

/** VA-API encodes what is in the card's memory only: filters need to know the card. The first that works is taken. */
function deviceArguments(encoder: EncoderKind): string[] {
  return encoder === "vaapi" ? ["-init_hw_device", "vaapi=card", "-filter_hw_device", "card"] : [];
}

function inputArguments(): string[] {
  return [
    // The header has told everything: no frames are read ahead to guess it. (`-fflags nobuffer` would lose those that are.)
    ...["-probesize", "32", "-analyzeduration", "0"],
    // Frame threads of the decoder hold back a frame each.
    ...["-flags", "low_delay", "-threads", "1"],
    ...["-f", "mp4", "-i", "pipe:0"],
  ];
}

/** One decoding, one graph: each frame is scaled for each rung from the same picture. */
function filterArguments(rungs: readonly Rung[], encoder: EncoderKind, wantedFrom: readonly (number | null)[] = []): string[] {
  const sizes = rungs.flatMap(({ video }, i) => (video ? [{ ...video, i }] : []));
  if (sizes.length === 0) return [];
  const pads = sizes.map(({ i }) => `[in${i}]`).join("");
  // A frame is copied to the card once, and scaled there.
  const upload = encoder === "vaapi" ? "format=nv12,hwupload," : "";
  const scales = sizes.map((size) => `[in${size.i}]${trimming(wantedFrom[size.i])}${scaling(size, encoder)}[out${size.i}]`);
  return ["-filter_complex", [`[0:v:0]${upload}split=${sizes.length}${pads}`, ...scales].join(";")];
}

/** The first picture after the trimming is a key frame, as the first one of an encoder always is. */
function trimming(wantedFrom: number | null | undefined): string {
  return wantedFrom === null || wantedFrom === undefined ? "" : `trim=start=${(wantedFrom / 1000).toFixed(4)},`;
}

function scaling({ width, height }: RungVideo, encoder: EncoderKind): string {
  if (encoder === "vaapi") return `scale_vaapi=w=${width}:h=${height}:mode=hq:format=nv12`;
  // NVENC and Quick Sync copy frames to the card themselves. Quick Sync takes NV12 only.
  return `scale=${width}:${height}:flags=bicubic,format=${encoder === "qsv" ? "nv12" : "yuv420p"}`;
}

type Encoding = { readonly encoder: EncoderKind; readonly frameRate: number; readonly keys: string };

function outputArguments({ video, audio }: Rung, to: string, index: number, encoding: Encoding): string[] {
  return [
    ...(video ? videoArguments(video, index, encoding) : ["-vn"]),
    ...(audio ? audioArguments(audio) : ["-an"]),
    // Each frame is written at once.
    ...["-flush_packets", "1", "-avoid_negative_ts", "disabled"],
    ...(audio?.codec === "opus" ? OPUS_CONTAINER : ["-flvflags", "no_duration_filesize", "-f", "flv"]),
    to,
  ];
}

/** A packet is a PES packet of its own, which is written at once, with its time as it is. */
const OPUS_CONTAINER = [
  "-pes_payload_size",
  "0",
  "-muxdelay",
  "0",
  "-muxpreload",
  "0",
  "-mpegts_copyts",
  "1",
  "-f",
  "mpegts",
] as const;

function audioArguments({ codec = "aac", kbps, channels }: RungAudio): string[] {
  const common = ["-b:a", `${kbps}k`, "-ac", String(channels)];
  if (codec === "aac") return ["-map", "0:a:0", "-c:a", "aac", ...common];
  // Frames of 20 ms, as WebRTC has them.
  return ["-map", "0:a:0", "-c:a", "libopus", "-ar", "48000", "-frame_duration", "20", "-application", "audio", ...common];
}

/** Constrained baseline, where the decoder of every browser and phone begins. */
const PROFILES: Readonly<Record<EncoderKind, string>> = {
  software: "baseline",
  nvenc: "baseline",
  vaapi: "constrained_baseline",
  qsv: "baseline",
};

function videoArguments(video: RungVideo, index: number, { encoder, frameRate, keys }: Encoding): string[] {
  const gop = video.isLowDelay ? String(Math.ceil(frameRate * LOW_DELAY_GOP_SECONDS)) : NO_KEY_FRAMES_OF_ITS_OWN;
  return [
    ...["-map", `[out${index}]`],
    // A frame for each frame of the source, at its time: no frame is repeated or left out to reach a steady rate.
    ...["-fps_mode", "passthrough", "-enc_time_base:v", "-1"],
    ...["-c:v", ENCODER_NAMES[encoder], "-profile:v", video.isLowDelay ? PROFILES[encoder] : "high"],
    // Key frames where the source has them, each one an IDR frame, so that all rungs can be cut alike; and nowhere else, where nobody may join.
    ...["-force_key_frames", keys, "-g", gop],
    // B-frames would delay each frame by as many; decoding times would differ from the source's.
    ...["-bf", "0"],
    ...OPTIONS_OF[encoder](video),
    // A buffer of 0.5 s: a segment of two seconds exceeds the rung's bits by a quarter at most, as its playlist says.
    ...["-maxrate", `${video.kbps}k`, "-bufsize", `${Math.round(video.kbps / 2)}k`],
  ];
}

const OPTIONS_OF: Readonly<Record<EncoderKind, (video: RungVideo) => readonly string[]>> = {
  software: (video) => [
    ...["-preset", "veryfast", "-level", (levelOf(video) / 10).toFixed(1), "-forced-idr", "1"],
    ...["-x264-params", x264Parameters(video.isLowDelay ? 0 : LOOKAHEAD_FRAMES), "-crf", String(CRF)],
  ],
  nvenc: (video) => [
    // The middle one of seven presets. Low latency: no frame is looked ahead, and so no scene cut is found.
    ...["-preset", "p4", "-tune", "ll", "-rc-lookahead", "0", "-no-scenecut", "1"],
    ...["-level", String(levelOf(video)), "-forced-idr", "1"],
    // Each frame is given out as soon as it is encoded, and not when others are waiting.
    ...["-delay", "0", "-zerolatency", "1"],
    ...["-rc", "vbr", ...hardwareRate(video)],
  ],
  vaapi: (video) => [
    // A forced key frame is always an IDR frame, and there are no scene cuts.
    ...["-level", String(levelOf(video)), "-idr_interval", "0"],
    // One frame at a time is in work: with more, each waits for the next ones.
    ...["-async_depth", "1"],
    ...["-rc_mode", "VBR", ...hardwareRate(video)],
  ],
  qsv: (video) => [
    ...["-preset", "veryfast", "-level", String(levelOf(video)), "-forced_idr", "1", "-idr_interval", "0"],
    // No key frame at a scene cut. It looks ahead only when it is told to.
    ...["-adaptive_i", "0", "-adaptive_b", "0"],
    // One frame at a time is in work.
    ...["-async_depth", "1"],
    // A rate that differs from the most is a variable one: a constant one would fill a still slide's bits with nothing.
    ...hardwareRate(video),
  ],
};

function hardwareRate({ kbps }: RungVideo): string[] {
  return ["-b:v", `${Math.round(kbps * HARDWARE.share)}k`, "-qmin", String(HARDWARE.leastQuantizer)];
}

function x264Parameters(lookahead: number): string {
  return [
    "scenecut=0",
    // One thread for each rung: slices cost bits, frame threads a frame of delay each.
    ...["threads=1", "lookahead-threads=1", "sync-lookahead=0"],
    `rc-lookahead=${lookahead}`,
    // Without frames to look ahead to, a macroblock tree has nothing to go by.
    ...(lookahead === 0 ? ["mbtree=0"] : []),
    // The parameter sets stand in FLV's sequence header, and not in each key frame again.
    "repeat-headers=0",
  ].join(":");
}
