/**
 * Makes one video of a published recording of BigBlueButton, and a recorded file of it: everybody's cameras fill the picture, a shared screen does while it is shared, with
 * the cameras in a corner. Where there is neither, the recording has sound only.
 */
import { mkdir, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ImportedTo } from "../../contracts/recordings/imported-lesson.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { recordComposite } from "../composite-recordings/composite-recording.ts";
import { type EncoderProblem, runEncoder } from "../encoding/encoder-run.ts";
import { h264Arguments } from "../encoding/h264-arguments.ts";
import { PROGRESS_ARGUMENTS } from "../encoding/progress-arguments.ts";
import { indexPath } from "../files/disk.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { listFlvFiles, recordingFileName } from "../files/file-names.ts";
import type { PublishedLesson, PublishedSpan } from "./published-lesson.ts";

type VideoOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** Where the video is made. */
  readonly folder: string;
  readonly clock: Clock;
  /** Its priority behind that of this process, 0 to 19. */
  readonly niceness: number;
  /** @param share 0 to 1 */
  readonly onProgress: (share: number) => void;
  /** What ffmpeg said, where it failed. */
  readonly onFailure: (reason: string) => void;
};

/** A video in FLV. */
type MadeVideo = { readonly file: string };

const PICTURE = { width: 1280, height: 720, fps: 25 } as const;
const CORNER = { width: 320, height: 180 } as const;
const VIDEO_KBPS = 1500;
const AUDIO_KBPS = 96;
const CRF = 23;
const SAMPLE_RATE = 48_000;
const KEY_FRAME_SECONDS = 2;
const PROBE_MS = 60_000;
/** Twice of what the encoder is told. */
const MAX_BYTES_A_SECOND = (2 * (VIDEO_KBPS + AUDIO_KBPS) * 1000) / 8;
const MADE = "import.flv";
/**
 * What a video of a recording may be. ffmpeg goes by the content: a playlist by the name of a video would have it read other files of this machine, and put
 * them into the lesson.
 */
const CONTAINERS = ["matroska", "mov", "ogg", "mp3"];
const READ = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS.join(",")];
/** Twelve characters, as of every stream. */
const EPOCH = "import-";

/** no-media: there is neither video nor sound. */
export async function makeVideo(lesson: PublishedLesson, options: VideoOptions): Promise<MadeVideo | EncoderProblem | "no-media"> {
  const tracksOf = async (file: string | null) => (file === null ? NOTHING : await findTracks(options.command, file));
  const [webcams, audio, screen] = await Promise.all([lesson.webcams, lesson.audio, lesson.screen].map(tracksOf));
  const inputs: Inputs = {
    cameras: webcams?.video ? lesson.webcams : null,
    sound: webcams?.audio ? lesson.webcams : audio?.audio ? lesson.audio : null,
    screen: screen?.video ? lesson.screen : null,
  };
  if (Object.values(inputs).every((input) => input === null)) return "no-media";
  const { folder, clock, niceness, onProgress, onFailure, command } = options;
  await mkdir(folder, { recursive: true });
  const problem = await runEncoder(
    {
      command,
      folder,
      clock,
      niceness,
      onFailure,
      args: videoArguments(inputs, lesson.screenSpans, lesson.seconds),
      file: MADE,
      seconds: lesson.seconds,
      maxBytes: Math.max(64_000_000, lesson.seconds * MAX_BYTES_A_SECOND),
      sources: [],
      onProgress,
    },
    { stopped: false, kill: () => {} },
  );
  return problem ?? { file: join(folder, MADE) };
}

/** Puts the video where recordings of a stream are; recording maintenance finds it there. Nothing is done where that has one. */
export async function recordVideo(
  { file }: MadeVideo,
  { startedAt, seconds }: PublishedLesson,
  { app, name }: ImportedTo,
  { record, keys }: { readonly record: string; readonly keys: FileKeys },
): Promise<void> {
  const folder = join(record, app, name);
  if ((await listFlvFiles(folder)).length > 0) return;
  const recording = newId();
  const path = join(folder, `${recordingFileName(startedAt)}.flv`);
  const made = join(file, "..", `recorded-${basename(path)}`);
  const epoch = `${EPOCH}${recording.slice(-5)}`;
  await recordComposite({ source: file, path: made, recording, app, name, epoch, utc: startedAt, seconds, key: keys.create() });
  await mkdir(folder, { recursive: true });
  // A file without an index would be taken for a broken one.
  await rename(indexPath(made), indexPath(path));
  await rename(made, path);
}

export async function hasRecording(record: string, { app, name }: ImportedTo): Promise<boolean> {
  return (await listFlvFiles(join(record, app, name))).length > 0;
}

type Inputs = { readonly cameras: string | null; readonly sound: string | null; readonly screen: string | null };
type Tracks = { readonly video: boolean; readonly audio: boolean };
const NOTHING: Tracks = { video: false, audio: false };

/** By what ffmpeg says of a file: its tracks are lines "Stream #0:1(eng): Audio: …". */
async function findTracks(command: string, file: string): Promise<Tracks> {
  if ((await stat(file).catch(() => null)) === null) return NOTHING;
  const args = ["-hide_banner", "-nostdin", ...READ, "-i", `file:${file}`, "-t", "0", "-f", "null", "-"];
  const { stderr } = await runProgram({ command, args, withinMs: PROBE_MS, maxBytes: 1_000_000 });
  return { video: /^\s*Stream #0:.*: Video: /m.test(stderr), audio: /^\s*Stream #0:.*: Audio: /m.test(stderr) };
}

/** Pictures of web pages have no steady rate, and begin when the first of them came. */
function videoArguments({ cameras, sound, screen }: Inputs, spans: readonly PublishedSpan[], seconds: number): string[] {
  const { width, height, fps } = PICTURE;
  const files = [...new Set([cameras, sound, screen].filter((file) => file !== null))];
  const input = (file: string): number => files.indexOf(file);
  const fitted = (size: typeof PICTURE | typeof CORNER): string =>
    `scale=${size.width}:${size.height}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=${size.width}:${size.height}:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=${fps},format=yuv420p`;
  const when = spans.length === 0 ? "1" : spans.map(({ from, to }) => `between(t,${from},${to})`).join("+");
  const chains: string[] = [];
  if (cameras !== null || screen !== null) {
    chains.push(`color=c=black:s=${width}x${height}:r=${fps}:d=${seconds},format=yuv420p[p0]`);
    let last = "p0";
    const lay = (label: string, options: string): void => {
      chains.push(`[${last}][${label}]overlay=eof_action=pass${options}[${label}p]`);
      last = `${label}p`;
    };
    const corner = cameras !== null && screen !== null;
    if (cameras !== null) {
      chains.push(`[${input(cameras)}:v:0]${corner ? "split[c1][c2];[c1]" : ""}${fitted(PICTURE)}[cameras]`);
      lay("cameras", "");
    }
    if (screen !== null) {
      chains.push(`[${input(screen)}:v:0]${fitted(PICTURE)}[screen]`);
      lay("screen", `:enable='${when}'`);
    }
    if (corner) {
      chains.push(`[c2]${fitted(CORNER)}[corner]`);
      lay("corner", `:x=${width - CORNER.width}:y=0:enable='${when}'`);
    }
    chains.push(`[${last}]null[video]`);
  }
  const silence = `anullsrc=r=${SAMPLE_RATE}:cl=stereo:d=${seconds}`;
  const heard =
    sound === null ? silence : `[${input(sound)}:a:0]aresample=${SAMPLE_RATE}:async=1:first_pts=0,apad=whole_dur=${seconds}`;
  chains.push(`${heard},aformat=sample_fmts=fltp:channel_layouts=stereo[audio]`);
  const video = ["-map", "[video]", ...h264Arguments({ fps, keyFrameSeconds: KEY_FRAME_SECONDS, crf: CRF, kbps: VIDEO_KBPS })];
  return [
    ...PROGRESS_ARGUMENTS,
    "-nostdin",
    ...files.flatMap((file) => [...READ, "-i", `file:${file}`]),
    ...["-filter_complex", chains.join(";"), ...(cameras !== null || screen !== null ? video : [])],
    ...["-map", "[audio]", "-c:a", "aac", "-b:a", `${AUDIO_KBPS}k`, "-ar", String(SAMPLE_RATE), "-t", String(seconds)],
    ...["-map_metadata", "-1", "-flvflags", "no_duration_filesize", "-f", "flv", "-y", `file:${MADE}`],
  ];
}
