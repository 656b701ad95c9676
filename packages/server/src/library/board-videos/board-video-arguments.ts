/** Defines what ffmpeg is told to make a board video: the recording's picture alone, or in a corner of the board while a page is shown, and its sound. */

import { h264Arguments } from "../encoding/h264-arguments.ts";
import { PROGRESS_ARGUMENTS } from "../encoding/progress-arguments.ts";
import { CORNER, FILM } from "./board-video-size.ts";
import type { ShownSpan } from "./board-video-timeline.ts";

export type BoardVideoInput = {
  /** Of the recording. */
  readonly format: "mp4" | "flv";
  readonly hasVideo: boolean;
  readonly shown: readonly ShownSpan[];
  readonly seconds: number;
};

const CRF = 23;
const KEY_FRAME_SECONDS = 2;
/** Of the picture, and of sound that is made: what is copied has what the recording has. */
export const FILM_KBPS = { video: 2500, audio: 128 } as const;
/** What players take HD for that says nothing else. JPEG has BT.601 and all values (JFIF 1.02). */
const COLORS = "scale=in_range=pc:out_range=tv:in_color_matrix=bt601:out_color_matrix=bt709,format=yuv420p,setsar=1";

/**
 * The graph of filters: the recording is the first input, the board the second one. Times are positions of the recording.
 *
 * What is not shown lies beside the picture: `enable` would be asked with the time of either input's newest frame (libavfilter/avfilter.c,
 * `consume_update`), and show a frame too early; a place is asked with the time of the frame that is made.
 */
export function boardVideoGraph({ hasVideo, shown, seconds }: BoardVideoInput): string {
  const { width, height, fps } = FILM;
  const size = `${width}:${height}`;
  const isShown =
    drawnSpans(shown)
      .map(({ from, to }) => `gte(t,${from / 1000})*lt(t,${to / 1000})`)
      .join("+") || "0";
  const placeOf = (x: number) => `x='if(${isShown},${x},${width})':y=0`;
  const chains = [
    `color=c=black:s=${width}x${height}:r=${fps}:d=${seconds},format=yuv420p[empty]`,
    `[1:v:0]${COLORS}[board]`,
    `[${hasVideo ? "alone" : "empty"}][board]overlay=${placeOf(0)}:eof_action=repeat[${hasVideo ? "behind" : "video"}]`,
  ];
  if (hasVideo) {
    // Publishers change the size of their pictures: each frame is fitted by its own.
    const fitted = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
    const padded = `pad=${size}:(ow-iw)/2:(oh-ih)/2:eval=frame,setsar=1,fps=${fps},format=yuv420p`;
    chains.push(
      `[0:v:0]${fitted},${padded},split[whole][copy]`,
      `[copy]scale=${CORNER.width}:${CORNER.height}[corner]`,
      "[empty][whole]overlay=eof_action=pass[alone]",
      `[behind][corner]overlay=${placeOf(CORNER.x)}:eof_action=pass[video]`,
    );
  }
  return chains.join(";\n");
}

/** A page is seen from the picture of the board on that has it: the one before has what was there before. */
function drawnSpans(shown: readonly ShownSpan[]): ShownSpan[] {
  const each = 1000 / FILM.boardFps;
  return shown.map(({ from, to }) => ({ from: Math.ceil(from / each) * each, to })).filter(({ from, to }) => from < to);
}

/**
 * @param board the file descriptor of the board's pictures; the recording is the standard input
 * @param graph the file with the graph; @param made the file to make, MP4. Both in the working directory.
 */
export function boardVideoArguments({ format, seconds }: BoardVideoInput, board: number, graph: string, made: string): string[] {
  const { video, audio } = FILM_KBPS;
  // In FLV, the sound may change its form in the middle.
  const sound = format === "mp4" ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", `${audio}k`];
  return [
    ...PROGRESS_ARGUMENTS,
    ...["-nostdin", "-copyts"],
    // The graph stays as it is when the recording's pictures change their size.
    ...["-reinit_filter", "0", "-threads", "1", "-f", format, "-i", "pipe:0"],
    ...["-threads", "1", "-f", "image2pipe", "-framerate", String(FILM.boardFps), "-c:v", "mjpeg", "-i", `pipe:${board}`],
    ...["-filter_complex_threads", "1", "-filter_complex_script", graph, "-map", "[video]", "-map", "0:a:0?"],
    ...["-t", String(seconds)],
    ...h264Arguments({ fps: FILM.fps, keyFrameSeconds: KEY_FRAME_SECONDS, crf: CRF, kbps: video, threads: 1 }),
    ...sound,
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
    ...["-map_metadata", "-1", "-f", "mp4", `file:${made}`],
  ];
}
