/**
 * Makes the file of a download with a watermark: ffmpeg decodes the recording, draws the text, encodes the picture again and copies the sound.
 */
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DownloadProblem, DownloadWatermark } from "../../contracts/recordings/download-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import { type EncoderStop, isDiskFull, runEncoder } from "../encoding/encoder-run.ts";
import { PROGRESS_ARGUMENTS } from "../encoding/progress-arguments.ts";
import { MADE_FILE } from "../files/download-files.ts";
import type { VirtualFile } from "../replay/virtual-file.ts";
import type { Size } from "./watermark-positions.ts";
import { watermarkSubtitles } from "./watermark-subtitles.ts";
import { tryWatermark } from "./watermark-trial.ts";

export type WatermarkedFileOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** Of its own: it is removed at the end. */
  readonly folder: string;
  /** Where the whole file goes. */
  readonly path: string;
  /** Fragmented MP4. */
  readonly source: VirtualFile;
  readonly seconds: number;
  readonly picture: Size;
  /** Frames may have another size: they are fitted into the picture. */
  readonly changesSize: boolean;
  readonly mark: DownloadWatermark;
  /** Of the picture, at most. */
  readonly maxKbps: number;
  /** A file that becomes larger is given up as one for which there is no room. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Each second. @param share 0 to 1 */
  readonly onProgress: (share: number, bytes: number, cores: number | null) => void;
  /** What ffmpeg said, where it failed. */
  readonly onFailure: (reason: string) => void;
};

export type WatermarkedFile = {
  /** The size of the file, or why there is none. Nothing is left behind then. */
  readonly made: Promise<number | DownloadProblem>;
  /** Kills ffmpeg. `made` then resolves soon. May be called twice. */
  readonly stop: () => void;
};

const MARK_FILE = "mark.ass";
/** The picture is coded again: a little better than a ladder's. */
const CRF = 21;

export function makeWatermarkedFile(options: WatermarkedFileOptions): WatermarkedFile {
  const run = { stopped: false, kill: () => {} };
  return {
    made: make(options, run).finally(() => rm(options.folder, { recursive: true, force: true })),
    stop: () => {
      run.stopped = true;
      run.kill();
    },
  };
}

async function make(options: WatermarkedFileOptions, run: EncoderStop): Promise<number | DownloadProblem> {
  const { folder, path, command, mark, picture, seconds, onFailure } = options;
  try {
    await mkdir(folder, { recursive: true });
    const trial = await tryWatermark(command, folder, mark.text);
    if (trial.kind === "impossible") {
      onFailure(trial.reason);
      return "no-mark";
    }
    // Boxes instead of letters lead to nobody.
    const text = trial.kind === "missing" && !mark.text.includes(mark.id) ? `${mark.text} ${mark.id}` : mark.text;
    await writeFile(join(folder, MARK_FILE), watermarkSubtitles({ ...mark, text }, picture, seconds, Math.random));
    const problem = run.stopped ? "failed" : await encode(options, run);
    if (problem) return problem;
    await rename(join(folder, MADE_FILE), path);
    return (await stat(path)).size;
  } catch (error) {
    if (isDiskFull(error)) return "disk-full";
    onFailure(error instanceof Error ? error.message : String(error));
    return "failed";
  }
}

function encode(options: WatermarkedFileOptions, run: EncoderStop): Promise<DownloadProblem | null> {
  const { source, ...of } = options;
  const sources = [source.read({ from: 0, to: source.length })];
  return runEncoder({ ...of, args: watermarkArguments(options), file: MADE_FILE, sources }, run);
}

function watermarkArguments({ maxKbps, picture: { width, height }, changesSize }: WatermarkedFileOptions): string[] {
  const kbps = Math.round(maxKbps);
  const scaled = `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const fitted = changesSize ? `${scaled},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:eval=frame,setsar=1,` : "";
  // The graph of filters stays as it is when frames change their size.
  const kept = changesSize ? ["-reinit_filter", "0"] : [];
  return [
    ...PROGRESS_ARGUMENTS,
    // One core is what the queue has found idle.
    ...[...kept, "-threads", "1", "-f", "mp4", "-i", "pipe:0", "-filter_threads", "1"],
    ...["-map", "0:v:0", "-map", "0:a:0?", "-vf", `${fitted}ass=${MARK_FILE},format=yuv420p`],
    // A frame for each frame of the recording, at its time.
    ...["-fps_mode", "passthrough", "-enc_time_base:v", "-1"],
    ...["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-crf", String(CRF)],
    ...["-maxrate", `${kbps}k`, "-bufsize", `${2 * kbps}k`],
    ...["-c:a", "copy", "-map_metadata", "-1", "-f", "mp4", `file:${MADE_FILE}`],
  ];
}
