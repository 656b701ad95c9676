/** Provides clips in which people flash and beep at known moments, and what a picture made of them shows: when each flash and each beep is. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ffmpegDone } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";

/** From flash to flash. */
export const FLASH_EVERY_MS = 3000;
const FLASH_SECONDS = 0.16;
const FPS = 25;
const RATE = 16_000;
const WINDOW_MS = 5;

export type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** A grey picture that is white for a moment, each three seconds, with a beep. */
export function flashes(folder: string, hertz: number, seconds: number): string {
  const file = join(folder, `${hertz}.flv`);
  const isOn = `lt(mod(t\\,${FLASH_EVERY_MS / 1000})\\,${FLASH_SECONDS})`;
  const args = [
    ...["-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", `color=c=0x404040:s=320x180:r=${FPS}`],
    ...[
      "-f",
      "lavfi",
      "-i",
      `aevalsrc=0.3*sin(2*PI*${hertz}*t)*${isOn}:s=48000`,
      "-vf",
      `drawbox=color=white:t=fill:enable='${isOn}'`,
    ],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ...["-t", String(seconds), "-f", "flv", file],
  ];
  execFileSync("ffmpeg", args);
  return file;
}

/** When the grey value of a tile rises above the middle, milliseconds. */
export async function flashesIn(t: Scope, file: string, place: Place | null): Promise<number[]> {
  const crop = place ? `crop=${place.width}:${place.height}:${place.x}:${place.y},` : "";
  const filter = `fps=${FPS}:start_time=0,${crop}scale=1:1:flags=area,format=gray`;
  const grey = await ffmpegDone(t, ["-copyts", "-i", file, "-vf", filter, "-f", "rawvideo", "pipe:1"]);
  return rises([...grey].map((value) => value > 160)).map((frame) => (frame * 1000) / FPS);
}

/** When a person's beep begins, milliseconds. */
export async function beepsIn(t: Scope, file: string, hertz: number): Promise<number[]> {
  const bytes = await ffmpegDone(t, [
    "-copyts",
    "-i",
    file,
    "-af",
    "aresample=async=1:first_pts=0",
    "-ac",
    "1",
    "-ar",
    String(RATE),
    "-f",
    "s16le",
    "pipe:1",
  ]);
  const size = (RATE * WINDOW_MS) / 1000;
  const levels: number[] = [];
  // Two windows at a time, so that the beeps of others have little in it.
  for (let at = 0; at + 4 * size <= bytes.length / 2; at += size) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 4 * size; i++) {
      const angle = (2 * Math.PI * hertz * i) / RATE;
      const value = bytes.readInt16LE(2 * (at + i)) / 32_768;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    levels.push((2 * Math.hypot(re, im)) / (4 * size));
  }
  // The middle of the four windows.
  return rises(levels.map((level) => level > 0.12)).map((window) => (window + 2) * WINDOW_MS);
}

/** Where it becomes true, when it was not within the second before. */
function rises(on: readonly boolean[]): number[] {
  return on.flatMap((isOn, i) => (isOn && on[i - 1] === false ? [i] : []));
}

/** How much later than a time the nearest one is, milliseconds. */
export function nearest(times: readonly number[], ms: number): number {
  return times.reduce((best, time) => (Math.abs(time - ms) < Math.abs(best) ? time - ms : best), Number.POSITIVE_INFINITY);
}
