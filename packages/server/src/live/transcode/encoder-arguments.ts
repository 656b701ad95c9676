/** Builds the arguments of the ffmpeg that encodes the rungs of one stream: a pure function of the rungs. */
import { FIRST_OUTPUT } from "../../platform/jobs/process-group.ts";
import { levelOf, type Rung, type RungVideo } from "./rungs.ts";

/** Frames that x264 looks ahead: enough for its rate control, and a third of a second at 25 frames a second. */
const LOOKAHEAD_FRAMES = 8;
/** Quality where the bits suffice: still slides need far fewer than the rung may have. */
const CRF = 23;

/**
 * The input is fragmented MP4 on standard input; the output of each rung is FLV on a pipe of its own, from `FIRST_OUTPUT` on. Frames keep
 * their times in milliseconds.
 */
export function encoderArguments(rungs: readonly Rung[]): string[] {
  return [
    ...["-hide_banner", "-loglevel", "warning", "-nostats"],
    ...inputArguments(),
    ...filterArguments(rungs),
    // Times are the stream's, and are not moved to begin at 0.
    "-copyts",
    ...rungs.flatMap((rung, i) => outputArguments(rung, i)),
  ];
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
function filterArguments(rungs: readonly Rung[]): string[] {
  const sizes = rungs.flatMap(({ video }, i) => (video ? [{ ...video, i }] : []));
  if (sizes.length === 0) return [];
  const split = `[0:v:0]split=${sizes.length}${sizes.map(({ i }) => `[in${i}]`).join("")}`;
  const scales = sizes.map(({ width, height, i }) => `[in${i}]scale=${width}:${height}:flags=bicubic,format=yuv420p[out${i}]`);
  return ["-filter_complex", [split, ...scales].join(";")];
}

function outputArguments({ video, audio }: Rung, index: number): string[] {
  return [
    ...(video ? videoArguments(video, index) : ["-vn"]),
    ...(audio ? ["-map", "0:a:0", "-c:a", "aac", "-b:a", `${audio.kbps}k`, "-ac", String(audio.channels)] : ["-an"]),
    // Each frame is written at once.
    ...["-flush_packets", "1", "-avoid_negative_ts", "disabled", "-flvflags", "no_duration_filesize"],
    ...["-f", "flv", `pipe:${FIRST_OUTPUT + index}`],
  ];
}

function videoArguments(video: RungVideo, index: number): string[] {
  return [
    ...["-map", `[out${index}]`],
    // A frame for each frame of the source, at its time: no frame is repeated or left out to reach a steady rate.
    ...["-fps_mode", "passthrough", "-enc_time_base:v", "-1"],
    ...["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-level", (levelOf(video) / 10).toFixed(1)],
    // Key frames where the source has them and nowhere else, each one an IDR frame, so that all rungs can be cut alike.
    ...["-force_key_frames", "source", "-forced-idr", "1", "-g", "100000"],
    ...["-x264-params", x264Parameters()],
    // A buffer of 0.5 s: a segment of two seconds exceeds the rung's bits by a quarter at most, as its playlist says.
    ...["-crf", String(CRF), "-maxrate", `${video.kbps}k`, "-bufsize", `${Math.round(video.kbps / 2)}k`],
  ];
}

function x264Parameters(): string {
  return [
    "scenecut=0",
    // B-frames would delay each frame by as many; decoding times would differ from the source's.
    "bframes=0",
    // One thread for each rung: slices cost bits, frame threads a frame of delay each.
    ...["threads=1", "lookahead-threads=1", "sync-lookahead=0"],
    `rc-lookahead=${LOOKAHEAD_FRAMES}`,
    // The parameter sets stand in FLV's sequence header, and not in each key frame again.
    "repeat-headers=0",
  ].join(":");
}
