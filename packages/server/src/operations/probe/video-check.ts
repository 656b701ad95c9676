/**
 * Decodes what a probe has received, at the lowest priority, and measures for how long the picture was black or stood still and the sound was silent:
 * ffmpeg's filters blackdetect, freezedetect and silencedetect. All times are the media's, so a slow decoder changes none of them.
 */
import { type ProcessGroup, startBackgroundGroup } from "../../platform/jobs/process-group.ts";

const LOWEST_PRIORITY = 19;
/** Faults shorter than this are not looked for. */
const LEAST_SECONDS = 0.5;
/**
 * Mean difference of two pictures, of the largest. A still picture changes by less where it is coded at a low bitrate, at each key frame; a teacher who
 * only moves their lips, by more within seconds (both measured with x264).
 */
const FREEZE_NOISE = "-55dB";
const SILENCE_NOISE = "-60dB";
const SHARE_OF_BLACK_PIXELS = 0.98;
/** What ffmpeg has not read yet; with more, the rest is left out. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const MAX_LOG_CHARACTERS = 256 * 1024;

const PICTURE_FILTERS = [
  // A small picture is enough, and its noise is smaller.
  "scale=160:90:flags=area",
  `blackdetect=d=${LEAST_SECONDS}:pic_th=${SHARE_OF_BLACK_PIXELS}:pix_th=0.10`,
  `freezedetect=n=${FREEZE_NOISE}:d=${LEAST_SECONDS}`,
].join(",");
const SOUND_FILTERS = `silencedetect=n=${SILENCE_NOISE}:d=${LEAST_SECONDS}`;

export type VideoFigures = {
  readonly frames: number;
  /** Longest times, milliseconds. */
  readonly blackMs: number;
  readonly frozenMs: number;
  readonly silentMs: number;
};

export class VideoCheck {
  private readonly group: ProcessGroup;
  private log = "";
  private progress = "";
  private truncated = false;
  private readonly hasVideo: boolean;

  constructor(hasVideo: boolean) {
    this.hasVideo = hasVideo;
    const picture = hasVideo ? ["-map", "0:v:0", "-vf", PICTURE_FILTERS] : [];
    const args = [
      ...["-hide_banner", "-loglevel", "info", "-nostats", "-progress", "pipe:1", "-threads", "1"],
      // The format is read from the bytes, which may name no other address.
      ...["-protocol_whitelist", "pipe", "-i", "pipe:0", ...picture, "-map", "0:a:0?", "-af", SOUND_FILTERS, "-f", "null", "-"],
    ];
    this.group = startBackgroundGroup("ffmpeg", args, 0, LOWEST_PRIORITY);
    this.group.stderr.on("data", (text: Buffer) => {
      if (this.log.length < MAX_LOG_CHARACTERS) this.log += text;
    });
    this.group.stdout.on("data", (text: Buffer) => {
      this.progress = `${this.progress}${text}`.slice(-2000);
    });
  }

  push(bytes: Uint8Array): void {
    if (this.truncated) return;
    this.truncated = this.group.stdin.writableLength > MAX_WAITING_BYTES;
    if (!this.truncated) this.group.stdin.write(bytes);
  }

  /** Ends the input, and waits for the figures. Null: there is no ffmpeg, it did not finish in time, or it cannot read this. */
  async finish(withinMs: number): Promise<VideoFigures | null> {
    this.group.stdin.end();
    const timer = setTimeout(() => this.group.kill(), withinMs);
    const { code } = await this.group.exited;
    clearTimeout(timer);
    if (code !== 0) return null;
    return readFigures(this.log, this.progress, this.hasVideo);
  }

  close(): void {
    this.group.kill();
  }
}

/** @param log what the filters have written @param progress what `-progress` has written */
export function readFigures(log: string, progress: string, hasVideo: boolean): VideoFigures {
  const end = Number(lastOf(progress, /out_time_us=(\d+)/g) ?? 0) / 1e6;
  return {
    frames: hasVideo ? Number(lastOf(progress, /frame=(\d+)/g) ?? 0) : 0,
    blackMs: Math.round(1000 * Math.max(0, ...numbers(log, /black_duration:\s*([\d.]+)/g))),
    frozenMs: longest(log, /freezedetect\.freeze_(start|end): ([\d.]+)/g, end),
    silentMs: longest(log, /silence_(start|end): (-?[\d.]+)/g, end),
  };
}

/** The longest span between a start and its end, which may be that of the media. */
function longest(log: string, pattern: RegExp, end: number): number {
  let from: number | null = null;
  let most = 0;
  for (const [, edge, at] of log.matchAll(pattern)) {
    if (edge === "start") from = Math.max(0, Number(at));
    else if (from !== null) {
      most = Math.max(most, Number(at) - from);
      from = null;
    }
  }
  if (from !== null) most = Math.max(most, end - from);
  return Math.round(1000 * most);
}

function numbers(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map(([, value]) => Number(value));
}

function lastOf(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}
