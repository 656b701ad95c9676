/** Finds flashes and beeps in a recording of several people in tiles: when each began. */
import type { TestContext } from "node:test";
import { tilesOf } from "../packages/server/src/library/composite-recordings/composite-grid.ts";
import { ffmpegDone } from "./ffmpeg.ts";

const FPS = 25;
const RATE = 16_000;
const WINDOW_MS = 5;
/** Of full scale. */
const [WHITE, LOUD] = [150, 0.08];

/** When the flashes and the beeps of one person began, milliseconds of the recording. */
type Moments = { readonly flashes: readonly number[]; readonly beeps: readonly number[] };

/** @param hertz of the beeps, in the order of the tiles */
export async function flashesAndBeeps(t: TestContext, file: string, hertz: readonly number[]): Promise<Moments[]> {
  const tiles = tilesOf(hertz.length);
  const split = `[0:v]fps=${FPS}:start_time=0,split=${tiles.length}${tiles.map((_, i) => `[s${i}]`).join("")}`;
  // The middle of each tile, as one pixel: in a row, one below the other.
  const crops = tiles.map(({ x, y, width, height }, i) => {
    const [w, h] = [Math.floor(width / 4) * 2, Math.floor(height / 8) * 2];
    return `[s${i}]crop=${w}:${h}:${x + Math.floor((width - w) / 2)}:${y + Math.floor((height - h) / 2)},scale=1:1:flags=area,format=gray[c${i}]`;
  });
  const stack = `${tiles.map((_, i) => `[c${i}]`).join("")}vstack=inputs=${tiles.length}`;
  const filter = [split, ...crops, stack].join(";");
  const grey = await ffmpegDone(t, ["-copyts", "-i", file, "-filter_complex", filter, "-an", "-f", "rawvideo", "pipe:1"]);
  const sound = await ffmpegDone(t, [
    ...["-copyts", "-i", file, "-vn", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", String(RATE)],
    ...["-f", "s16le", "pipe:1"],
  ]);
  return hertz.map((frequency, i) => {
    const shades = Array.from(
      { length: Math.floor(grey.length / tiles.length) },
      (_, frame) => grey[frame * tiles.length + i] ?? 0,
    );
    const levels = levelsOf(sound, frequency);
    return {
      flashes: rises(shades.map((shade) => shade > WHITE)).map((frame) => (frame * 1000) / FPS),
      // The middle of the four windows.
      beeps: rises(levels.map((level) => level > LOUD)).map((window) => (window + 2) * WINDOW_MS),
    };
  });
}

/** How loud a pitch is, each few milliseconds. */
function levelsOf(sound: Buffer, frequency: number): number[] {
  const size = (RATE * WINDOW_MS) / 1000;
  const levels: number[] = [];
  for (let at = 0; at + 4 * size <= sound.length / 2; at += size) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 4 * size; i++) {
      const angle = (2 * Math.PI * frequency * i) / RATE;
      const value = sound.readInt16LE(2 * (at + i)) / 32_768;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    levels.push((2 * Math.hypot(re, im)) / (4 * size));
  }
  return levels;
}

/** Where it becomes true. */
function rises(on: readonly boolean[]): number[] {
  return on.flatMap((isOn, i) => (isOn && on[i - 1] === false ? [i] : []));
}

/** How much later than a time the nearest one is, milliseconds. */
export function nearest(times: readonly number[], ms: number): number {
  return times.reduce((best, time) => (Math.abs(time - ms) < Math.abs(best) ? time - ms : best), Number.POSITIVE_INFINITY);
}
