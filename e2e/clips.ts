/** The clips that every way of watching is measured with, and how what was seen is compared with what was sent. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Frame, ffmpegDone } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";

const SECONDS = "4";
export const pictures = (rate: string, size = "320x180") => ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}`];
export const tone = (rate: number) => ["-f", "lavfi", "-i", `sine=frequency=500:sample_rate=${rate}`];
export const h264 = (gop: number, bf = 0) => ["-c:v", "libx264", "-preset", "veryfast", "-g", String(gop), "-bf", String(bf)];
export const aac = ["-c:a", "aac", "-b:a", "64k"];

/** How each clip is made, and how it is pushed where that is not the usual way. */
export const CLIPS: { readonly [name: string]: { readonly make: readonly string[]; readonly push?: readonly string[] } } = {
  "b-frames": { make: [...pictures("25"), ...tone(44100), ...h264(25, 3), ...aac] },
  "60 fps": { make: [...pictures("60"), ...tone(48000), ...h264(60, 2), ...aac] },
  "29.97 fps": { make: [...pictures("30000/1001"), ...tone(48000), ...h264(30), ...aac] },
  "audio only": { make: [...tone(44100), ...aac] },
  "video only": { make: [...pictures("25"), ...h264(25, 2)] },
  "mono at 22 kHz": { make: [...pictures("25"), ...tone(22050), ...h264(25), ...aac, "-ac", "1"] },
  "no metadata": { make: [...pictures("25"), ...tone(44100), ...h264(25), ...aac], push: ["-flvflags", "no_metadata"] },
};

/** Makes a clip, and gives its file. */
export async function clip(t: Scope, directory: string, name: string, seconds = SECONDS): Promise<string> {
  const file = join(directory, `${name.replaceAll(/[^a-z0-9]/g, "-")}.flv`);
  await ffmpegDone(t, [...(CLIPS[name]?.make ?? []), "-t", seconds, "-pix_fmt", "yuv420p", "-f", "flv", file]);
  return file;
}

/** Asserts that `seen` is the end of `sent`, from some frame on, in its order, and as far apart in time. */
export function assertTail(seen: readonly Frame[], sent: readonly Frame[], what: string): void {
  assert.ok(seen.length > 20, `${what}: only ${seen.length} of ${sent.length} frames`);
  const tail = sent.slice(sent.length - seen.length);
  assert.deepEqual(
    seen.map((frame) => frame.hash),
    tail.map((frame) => frame.hash),
    what,
  );
  const differences = seen.map((frame, i) => frame.time - (tail[i]?.time ?? 0));
  differences.forEach((difference, i) => {
    const error = difference - (differences[0] ?? 0);
    assert.ok(Math.abs(error) <= 2, `${what}: frame ${i} is ${error} ms off`);
  });
}

export const ofStream = (all: readonly Frame[], stream: number) => all.filter((frame) => frame.stream === stream);
