/**
 * Provides the clips that tests publish. Each is made once by ffmpeg, kept in .cache under a hash of its arguments, and used by all later runs. `node
 * e2e/prepare.ts` makes those that are missing before a run.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "./ffmpeg.ts";

const CACHE = join(import.meta.dirname, "../.cache/clips");

const pictures = (rate: string, size = "320x180") => ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}`];
const tone = (rate: number) => ["-f", "lavfi", "-i", `sine=frequency=500:sample_rate=${rate}`];
const h264 = (gop: number, bf = 0) => ["-c:v", "libx264", "-preset", "veryfast", "-g", String(gop), "-bf", String(bf)];
const quick = (gop: number, bf = 0) => ["-c:v", "libx264", "-preset", "ultrafast", "-g", String(gop), "-bf", String(bf)];
const aac = ["-c:a", "aac", "-b:a", "64k"];
/** A constant rate, which a player's buffer or a file of so many bytes is measured with. */
const constant = (rate: string) => ["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", "1M"];

/** Of the small clips with a frame number: width of a box of the number, how many there are, and frames in a second. */
export const NUMBER = { box: 20, bits: 12, fps: 10 } as const;

/** A picture with its frame number burnt in, as a row of black and white boxes, and a key frame each two seconds. */
function numbered(size: string, { box, bits, fps }: { box: number; bits: number; fps: number } = NUMBER): readonly string[] {
  const boxes = Array.from(
    { length: bits },
    (_, i) => `drawbox=x=${i * box}:y=0:w=${box}:h=${box}:color=white:t=fill:enable='mod(floor(n/${2 ** i})\\,2)'`,
  );
  const filter = [`drawbox=x=0:y=0:w=${bits * box}:h=${box}:color=black:t=fill`, ...boxes].join(",");
  return [
    ...pictures(String(fps), size),
    ...tone(48_000),
    "-vf",
    filter,
    ...quick(2 * fps),
    "-tune",
    "zerolatency",
    ...aac,
    "-ac",
    "2",
  ];
}

/** Clips of each kind that a viewer may meet: how each is made, and how it is pushed where that is not the usual way. */
export const CLIPS: { readonly [name: string]: { readonly make: readonly string[]; readonly push?: readonly string[] } } = {
  "b-frames": { make: [...pictures("25"), ...tone(44100), ...h264(25, 3), ...aac] },
  "60 fps": { make: [...pictures("60"), ...tone(48000), ...h264(60, 2), ...aac] },
  "29.97 fps": { make: [...pictures("30000/1001"), ...tone(48000), ...h264(30), ...aac] },
  "audio only": { make: [...tone(44100), ...aac] },
  "video only": { make: [...pictures("25"), ...h264(25, 2)] },
  "mono at 22 kHz": { make: [...pictures("25"), ...tone(22050), ...h264(25), ...aac, "-ac", "1"] },
  "no metadata": { make: [...pictures("25"), ...tone(44100), ...h264(25), ...aac], push: ["-flvflags", "no_metadata"] },
};

/** Clips that single tests need. */
const SPECIAL = {
  /** A key frame each second, no sound, and by its noise about 100 kB each second. */
  camera: [...pictures("25"), "-vf", "noise=alls=30:allf=t", ...quick(25), "-tune", "zerolatency", ...constant("800k")],
  /** The same for a browser that plays it for long and is not asked what it shows: it draws each frame without a graphics card. */
  calm: [...pictures("10"), ...quick(10), "-tune", "zerolatency"],
  numbered: numbered("640x360", { ...NUMBER, box: 40, fps: 25 }),
  /** What browsers play where the size of the picture is not the subject: they decode and draw without a graphics card. */
  counted: numbered("320x180"),
  "counted, small": numbered("256x144"),
  /** As WebRTC takes it, without sound and without B-frames. */
  "for WebRTC": [...pictures("25"), ...quick(50), "-profile:v", "baseline", "-tune", "zerolatency"],
  /** Another size than the clips above. */
  larger: [...pictures("25", "480x270"), ...tone(44_100), ...h264(25, 2), ...aac],
  /** Four slices in each picture, one channel of sound. */
  sliced: [
    ...[...pictures("25"), ...tone(44_100), ...quick(25), "-tune", "zerolatency"],
    ...["-x264-params", "slices=4:sliced-threads=0", ...aac, "-ac", "1"],
  ],
  tiny: [...pictures("25", "160x90"), ...tone(44_100), ...h264(25), ...aac],
  "tiny with MP3": [...pictures("25", "160x90"), ...tone(44_100), ...quick(25), "-c:a", "libmp3lame"],
  "tiny with B-frames": [...pictures("25", "160x90"), ...tone(44_100), ...quick(50, 2), ...aac],
  "4 Mb/s": [...pictures("25", "1280x720"), ...tone(44_100), ...quick(50, 2), ...constant("4M"), ...aac],
  "720p": [...pictures("10", "1280x720"), ...tone(44_100), ...quick(20, 2), ...constant("4M"), ...aac],
  /** Noise, which keeps an encoder from staying below its rate. */
  "12 Mb/s": [
    ...[...pictures("25", "1280x720"), ...tone(44_100), ...quick(50, 2)],
    ...["-vf", "noise=alls=40:allf=t", ...constant("12M"), ...aac],
  ],
  /** As many bytes as the one before, of which nearly all are filler (ITU-T H.264, 7.3.2.7), so that nobody has to decode much. */
  "12 Mb/s of filler": [
    ...["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10", ...tone(44_100), ...quick(5, 2)],
    ...["-x264-params", "nal-hrd=cbr:filler=1", ...constant("12M"), ...aac],
  ],
  /** Of a small picture. With fewer frames in a second, rungs would come later than players have in hand: an encoder waits for some frames. */
  "1.5 Mb/s of filler": [
    ...[...pictures("25", "640x360"), ...tone(44_100), ...quick(50, 2)],
    ...["-x264-params", "nal-hrd=cbr:filler=1", ...constant("1500k"), ...aac],
  ],
  /** The picture is white, and the sound a beep, for the first tenth of each second. */
  flashes: [
    ...["-f", "lavfi", "-i", "color=black:size=160x90:rate=50,drawbox=color=white:t=fill:enable='lt(mod(t\\,1)\\,0.099)'"],
    ...["-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t\\,1)\\,0.1)\\,0.5*sin(2*PI*1000*t)\\,0)':s=48000"],
    ...[...quick(50), "-tune", "zerolatency", ...aac],
  ],
  "29.97 fps, odd GOP": [...pictures("30000/1001"), ...tone(48_000), ...quick(47, 2), ...aac],
  "10 fps, B-frames": [...pictures("10"), ...tone(48_000), ...quick(20, 2), ...aac],
  /** One key frame at its beginning, the next where it is played again. */
  "one key frame": [...pictures("10", "160x90"), ...quick(10_000), "-tune", "zerolatency"],
  "2 s GOP": [...pictures("25"), ...tone(48_000), ...quick(50, 2), ...aac],
  "16 s GOP": [...pictures("25"), ...tone(48_000), ...quick(400, 2), ...aac],
} as const satisfies Record<string, readonly string[]>;

/** What most runs need: name and seconds. */
const PREPARED: readonly (readonly [string, number])[] = [
  ...Object.keys(CLIPS).map((name) => [name, 4] as const),
  ...[["audio only", 12] as const, ["b-frames", 9] as const, ["b-frames", 16] as const, ["b-frames", 40] as const],
  ...[
    ["camera", 20] as const,
    ["calm", 20] as const,
    ["counted", 90] as const,
    ["counted, small", 60] as const,
    ["for WebRTC", 20] as const,
    ["larger", 2] as const,
  ],
  ...[["tiny", 60] as const, ["tiny", 8] as const, ["4 Mb/s", 16] as const, ["12 Mb/s of filler", 20] as const],
  ...[["720p", 14] as const, ["numbered", 8] as const],
  ...[["29.97 fps, odd GOP", 40] as const, ["2 s GOP", 40] as const, ["16 s GOP", 40] as const],
];

/** Gives the file of a clip, which is made where it is missing. */
export function clip(name: keyof typeof CLIPS | keyof typeof SPECIAL, seconds = 4): string {
  const special: { readonly [other: string]: readonly string[] } = SPECIAL;
  const make = CLIPS[name]?.make ?? special[name];
  if (!make) throw new Error(`there is no clip ${name}`);
  const args = [...make, "-t", String(seconds), "-pix_fmt", "yuv420p", "-f", "flv"];
  const file = join(CACHE, `${createHash("sha256").update(args.join("\0")).digest("hex").slice(0, 20)}.flv`);
  if (!existsSync(file)) write(file, args);
  return file;
}

function write(file: string, args: readonly string[]): void {
  mkdirSync(CACHE, { recursive: true });
  const own = `${file}.${process.pid}`;
  try {
    execFileSync("ffmpeg", ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...args, own], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    renameSync(own, file);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Makes the clips that most runs need. */
export function makeClips(): void {
  for (const [name, seconds] of PREPARED) clip(name, seconds);
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
