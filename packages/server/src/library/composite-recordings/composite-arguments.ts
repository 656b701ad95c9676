/** Defines what ffmpeg is told to make a lesson's picture: everybody in a tile of their own while they are there, and the sound of all. */

import { h264Arguments } from "../encoding/h264-arguments.ts";
import { PROGRESS_ARGUMENTS } from "../encoding/progress-arguments.ts";
import { COMPOSITE, type Tile } from "./composite-grid.ts";
import type { Span } from "./composite-tracks.ts";

export type CompositeInput = {
  /** Where the person is seen; null: heard only. */
  readonly tile: Tile | null;
  readonly spans: readonly Span[];
  readonly hasAudio: boolean;
};

const SAMPLE_RATE = 48_000;
/** Sound that is later or earlier than this by its timestamps is moved there. FLV's times are whole milliseconds. */
const SOUND_OFF_SECONDS = 0.03;
/** Loudness of the loudest moment, of 1. */
const LIMIT = 0.95;
const CRF = 23;
const KEY_FRAME_SECONDS = 2;

/** Of the picture, and of its sound. */
export const PICTURE_KBPS = { video: 2500, audio: 128 } as const;

/** The graph of filters. Times are those of the picture, since inputs have timestamps of it. */
export function compositeGraph(inputs: readonly CompositeInput[], milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const { width, height, fps } = COMPOSITE;
  const chains = [
    `color=c=black:s=${width}x${height}:r=${fps}:d=${seconds},format=yuv420p[p0]`,
    `anullsrc=r=${SAMPLE_RATE}:cl=stereo:d=${seconds}[quiet]`,
  ];
  let pictures = 0;
  const sounds: string[] = [];
  for (const [i, { tile, spans, hasAudio }] of inputs.entries()) {
    if (tile) {
      const size = `${tile.width}:${tile.height}`;
      // Browsers change the size of their pictures: each frame is fitted by its own.
      const fitted = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
      chains.push(`[${i}:v:0]${fitted},pad=${size}:(ow-iw)/2:(oh-ih)/2:eval=frame,setsar=1,fps=${fps},format=yuv420p[v${i}]`);
      const place = `x=${tile.x}:y=${tile.y}`;
      chains.push(`[p${pictures}][v${i}]overlay=${place}:eof_action=pass:enable='${whenOf(spans)}'[p${++pictures}]`);
    }
    if (hasAudio) {
      const exact = `aresample=${SAMPLE_RATE}:async=1:min_hard_comp=${SOUND_OFF_SECONDS}:first_pts=0`;
      chains.push(`[${i}:a:0]${exact},aformat=sample_fmts=fltp:channel_layouts=stereo[a${i}]`);
      sounds.push(`[a${i}]`);
    }
  }
  const mixed = `amix=inputs=${sounds.length + 1}:duration=first:normalize=0,alimiter=limit=${LIMIT}:level=disabled`;
  chains.push(`[p${pictures}]null[video]`, `[quiet]${sounds.join("")}${mixed}[audio]`);
  return chains.join(";\n");
}

function whenOf(spans: readonly Span[]): string {
  return spans.map(({ from, to }) => `between(t,${from / 1000},${to / 1000})`).join("+");
}

/**
 * @param descriptors of the inputs, which are FLV
 * @param graph the file with the graph; @param made the file to make, FLV. Both in the working directory.
 */
export function compositeArguments(descriptors: readonly number[], seconds: number, graph: string, made: string): string[] {
  // The graph stays as it is when an input's pictures change their size. Times of inputs are those of the picture, and stay, too.
  const input = (fd: number) => ["-reinit_filter", "0", "-threads", "1", "-f", "flv", "-i", `pipe:${fd}`];
  const { video, audio } = PICTURE_KBPS;
  return [
    ...PROGRESS_ARGUMENTS,
    ...["-nostdin", "-copyts"],
    ...descriptors.flatMap(input),
    ...["-filter_complex_threads", "1", "-filter_complex_script", graph, "-map", "[video]", "-map", "[audio]"],
    ...["-t", String(seconds)],
    ...h264Arguments({ fps: COMPOSITE.fps, keyFrameSeconds: KEY_FRAME_SECONDS, crf: CRF, kbps: video, threads: 1 }),
    ...["-c:a", "aac", "-b:a", `${audio}k`, "-ar", String(SAMPLE_RATE)],
    ...["-map_metadata", "-1", "-flvflags", "no_duration_filesize", "-f", "flv", `file:${made}`],
  ];
}
