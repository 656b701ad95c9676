/** Provides the clip of the benchmarks: 1280×720, 30 frames a second, about 1.08 Mbps, a key frame each 2 s. Made once and cached. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

const CACHE = join(import.meta.dirname, "../../.cache/bench");
const SECONDS = 20;

export type Clip = { readonly file: string; readonly bytesPerSecond: number };

export function benchClip(): Clip {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, "clip.flv");
  if (!existsSync(file)) {
    const video = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "940k", "-maxrate", "940k", "-bufsize", "940k"];
    const gop = ["-g", "60", "-keyint_min", "60", "-sc_threshold", "0", "-bf", "2", "-pix_fmt", "yuv420p"];
    const input = [
      "-f",
      "lavfi",
      "-i",
      "testsrc2=size=1280x720:rate=30",
      "-f",
      "lavfi",
      "-i",
      "sine=frequency=440:sample_rate=44100",
    ];
    execFileSync("ffmpeg", [
      "-v",
      "error",
      "-y",
      ...input,
      "-t",
      String(SECONDS),
      ...video,
      ...gop,
      "-c:a",
      "aac",
      "-b:a",
      "128k",
      "-f",
      "flv",
      file,
    ]);
  }
  return { file, bytesPerSecond: statSync(file).size / SECONDS };
}

/** About 1 Mbps without B-frames, as browsers publish. */
export function browserClip(): string {
  const file = join(cacheDirectory(), "webrtc.flv");
  if (existsSync(file)) return file;
  const input = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-t", String(SECONDS)];
  const rate = ["-b:v", "1000k", "-maxrate", "1000k", "-bufsize", "500k"];
  const picture = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline", "-tune", "zerolatency", "-g", "50"];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...input, ...picture, ...rate, "-pix_fmt", "yuv420p", "-f", "flv", file]);
  return file;
}

export function cacheDirectory(): string {
  mkdirSync(CACHE, { recursive: true });
  return CACHE;
}
