/** Provides clips with a click every half second, and when the clicks of an address or a file are heard. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ffmpeg } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";

const CACHE = join(import.meta.dirname, "../.cache/clips");
/** A click lasts 5 ms. */
const CLICKS = "aevalsrc=exprs='if(lt(mod(t,0.5),0.005),0.8*sin(2*PI*2000*t),0)':s=48000";
const SOUND = {
  aac: ["-c:a", "aac", "-b:a", "128k"],
  opus: ["-c:a", "libopus", "-b:a", "96k", "-frame_duration", "20"],
} as const;

/** The file of a clip with H.264 and clicks, made where it is missing. @param bFrames of the picture */
export function clickClip(sound: keyof typeof SOUND | "none", seconds: number, bFrames = 2): string {
  const file = join(CACHE, `clicks-${sound}-${seconds}-${bFrames}.mp4`);
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  const part = `${file}.${process.pid}.part`;
  const inputs = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", ...(sound === "none" ? [] : ["-f", "lavfi", "-i", CLICKS])];
  const video = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", String(bFrames), "-pix_fmt", "yuv420p"];
  const coded = [...video, ...(sound === "none" ? [] : [...SOUND[sound], "-ac", "2"])];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...inputs, "-t", String(seconds), ...coded, "-f", "mp4", part]);
  renameSync(part, file);
  return file;
}

/** When clicks begin, milliseconds of the stream. @param seconds of it that are listened to */
export async function clicksOf(t: Scope, input: string, seconds: number): Promise<number[]> {
  const detect = ["-af", "silencedetect=noise=-26dB:d=0.1"];
  const args = [
    "-loglevel",
    "info",
    "-copyts",
    "-i",
    input,
    "-vn",
    ...detect,
    "-frames:a",
    String(Math.round(seconds * 48)),
    "-f",
    "null",
    "-",
  ];
  const { code, said } = await ffmpeg(t, args).done;
  if (code !== 0) throw new Error(said);
  // The last silence is ended by the end of what was read.
  return [...said.matchAll(/silence_end: ([\d.]+)/g)].map(([, at]) => Number(at) * 1000).slice(0, -1);
}
