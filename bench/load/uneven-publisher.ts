/**
 * Publishes lessons with key frames at uneven distances, as encoders place them that react to scene changes, by RTMP with ffmpeg. The
 * publisher disconnects when it is told to, abruptly or politely, and comes back with the same picture size or another.
 */
import { execFileSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { publishForever, type Run } from "../../e2e/ffmpeg.ts";
import type { Scope } from "../../e2e/lectern.ts";
import { cacheDirectory } from "./clip.ts";

export type PictureSize = "1280x720" | "960x540";

export type UnevenPublisher = {
  /** abruptly: it is killed. politely: it says that it stops. Resolves when the next connection is begun. */
  readonly reconnect: (how: "abruptly" | "politely", size?: PictureSize) => Promise<void>;
  /** How often it was disconnected without being told to. */
  readonly disconnected: () => number;
};

const SECONDS = 61;
const KBPS: Readonly<Record<PictureSize, number>> = { "1280x720": 3000, "960x540": 2000 };
/** Seconds from key frame to key frame, over and over. Those beyond two target durations are cut without a key frame. */
const KEY_DISTANCES = [2, 0.7, 3.1, 1.3, 2, 2, 4.6, 0.4, 2.4, 1.1, 2, 3.3, 9.4, 0.9, 2];
/** The picture is inverted at times, which is a scene change: the encoder inserts key frames of its own. */
const SCENES = "negate=enable='between(mod(t,17),5.3,8.9)'";
const AGAIN_MS = 300;

/** Begins with 1280x720. Comes back by itself when it is disconnected. */
export function publishUnevenly(t: Scope, url: string): UnevenPublisher {
  let size: PictureSize = "1280x720";
  let wanted = false;
  let disconnects = 0;
  let over = false;
  let run: Run = begin();
  t.after(() => {
    over = true;
    run.child.kill("SIGKILL");
  });

  function begin(): Run {
    const next = publishForever(t, unevenClip(size), url);
    void next.done.then(() => {
      if (over || wanted) return;
      disconnects++;
      setTimeout(() => {
        if (!over) run = begin();
      }, AGAIN_MS);
    });
    return next;
  }

  return {
    reconnect: async (how, nextSize = size) => {
      size = nextSize;
      unevenClip(size);
      wanted = true;
      run.child.kill(how === "abruptly" ? "SIGKILL" : "SIGTERM");
      await run.done;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      wanted = false;
      run = begin();
    },
    disconnected: () => disconnects,
  };
}

/** A clip of so many pixels, 30 frames a second with B-frames and sound. Made once and cached. */
export function unevenClip(size: PictureSize): string {
  const file = join(cacheDirectory(), `uneven-${size}.flv`);
  if (!existsSync(file)) {
    const rate = `${KBPS[size]}k`;
    const sources = [`testsrc2=size=${size}:rate=30`, "sine=frequency=440:beep_factor=4:sample_rate=48000"];
    const unfinished = `${file}.${process.pid}.flv`;
    execFileSync("ffmpeg", [
      ...["-v", "error", "-nostdin", "-y", ...sources.flatMap((source) => ["-f", "lavfi", "-i", source]), "-t", String(SECONDS)],
      ...["-vf", SCENES, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2"],
      ...["-g", "300", "-keyint_min", "5", "-force_key_frames", keyTimes().join(",")],
      ...["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-c:a", "aac", "-b:a", "128k", unfinished],
    ]);
    renameSync(unfinished, file);
  }
  return file;
}

/** Seconds of the clip. */
function keyTimes(): number[] {
  const times: number[] = [];
  for (let time = 0, i = 0; time < SECONDS; time += KEY_DISTANCES[i++ % KEY_DISTANCES.length] ?? 2) times.push(time);
  return times.map((time) => Math.round(time * 100) / 100);
}
