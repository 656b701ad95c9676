/** The composite recording of a lesson by a real ffmpeg, of recordings that are made here: people who come late, change their picture's size, or send no sound. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../platform/clock.ts";
import { NO_FILE_KEYS } from "../files/file-keys.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { Timeline } from "../files/timeline.ts";
import { type MadeComposite, makeComposite } from "./composite-file.ts";
import { recordComposite } from "./composite-recording.ts";

const UTC = 1_700_000_000_000;

/** A recording of a picture of one colour, and of a tone. */
async function recorded(
  t: TestContext,
  folder: string,
  name: string,
  of: { readonly from: number; readonly seconds: number; readonly size: string; readonly args: readonly string[] },
): Promise<Timeline> {
  const source = join(folder, `${name}.flv`);
  const picture = ["-f", "lavfi", "-i", `color=c=white:s=${of.size}:r=25`, "-f", "lavfi", "-i", "sine=frequency=500"];
  const coded = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...picture, ...coded, ...of.args, "-t", String(of.seconds), "-f", "flv", source]);
  const path = join(folder, `${name}.recorded.flv`);
  const at = { recording: name, app: "live", name, epoch: "e", utc: UTC + of.from * 1000, seconds: of.seconds };
  await recordComposite({ source, path, key: null, ...at });
  const file = await IndexedFile.open(path);
  assert.ok(file);
  t.diagnostic(`${name}: ${file.length} segments`);
  return new Timeline([file]);
}

function greyAt(path: string, seconds: number): Buffer {
  const filter = "scale=4:4:flags=area,format=gray";
  return execFileSync("ffmpeg", [
    "-v",
    "error",
    "-ss",
    String(seconds),
    "-i",
    path,
    "-frames:v",
    "1",
    "-vf",
    filter,
    "-f",
    "rawvideo",
    "pipe:1",
  ]);
}

test("who comes late, whose picture changes its size, and who has no sound, is seen in time; the file is a whole recording", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-picture-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const large = { size: "640x360", args: [] };
  const people = [
    { person: "first", timelines: [await recorded(t, folder, "first", { from: 0, seconds: 3, ...large })] },
    {
      person: "changing",
      timelines: [
        await recorded(t, folder, "changing1", { from: 1, seconds: 2, ...large }),
        await recorded(t, folder, "changing2", { from: 7, seconds: 2, size: "180x320", args: ["-ac", "2"] }),
      ],
    },
    {
      person: "silent",
      timelines: [await recorded(t, folder, "silent", { from: 5, seconds: 4, size: "320x180", args: ["-an"] })],
    },
    { person: "heard", timelines: [await recorded(t, folder, "heard", { from: 5, seconds: 4, size: "320x180", args: ["-vn"] })] },
  ];
  const shares: number[] = [];
  const made = await makeComposite(
    {
      command: "ffmpeg",
      folder: join(folder, "making"),
      record: join(folder, "record"),
      keys: NO_FILE_KEYS,
      people,
      maxBytes: 1e9,
      order: { app: "live", name: "lesson", result: "0".repeat(26), epoch: "picture-0000" },
      clock: systemClock,
      onProgress: (share) => shares.push(share),
      onFailure: (reason) => assert.fail(reason),
    },
    { stopped: false, kill: () => {} },
  );
  assert.equal(typeof made, "object", String(made));
  const { path, bytes } = made as MadeComposite;
  assert.equal(readFileSync(path).length, bytes);
  assert.ok(!existsSync(join(folder, "making")));
  const file = await IndexedFile.open(path);
  assert.ok(file?.end);
  const timeline = new Timeline([file]);
  assert.ok(Math.abs(timeline.duration - 9) < 0.3, `${timeline.duration} s`);
  assert.ok(Math.abs((timeline.segment(0)?.utc ?? 0) - UTC) < 50);
  // Two tiles, in the middle of the picture: the place of who has left for good is free again.
  const bright = (seconds: number) => {
    const grey = greyAt(path, seconds);
    return [grey[4] ?? 0, grey[6] ?? 0].map((value) => value > 60);
  };
  assert.deepEqual(bright(0.5), [true, false]);
  assert.deepEqual(bright(2), [true, true]);
  assert.deepEqual(bright(4.5), [false, false]);
  assert.deepEqual(bright(6), [true, false]);
  assert.deepEqual(bright(8), [true, true]);
});

test("whose camera is off is a plain tile with the name, and not a picture that stands still, until pictures come again", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-picture-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const off = { from: 2, to: 5 } as const;
  const camera = ["-vf", `select='lt(t,${off.from})+gte(t,${off.to})'`, "-fps_mode", "vfr", "-force_key_frames", String(off.to)];
  const of = { from: 0, seconds: 7, size: "320x180" } as const;
  const people = [
    { person: "a", title: "Anna Berg", timelines: [await recorded(t, folder, "a", { ...of, args: camera })] },
    { person: "b", title: "Ben", timelines: [await recorded(t, folder, "b", { ...of, args: [] })] },
  ];
  const options = {
    command: "ffmpeg",
    folder: join(folder, "making"),
    record: join(folder, "record"),
    keys: NO_FILE_KEYS,
    people,
    maxBytes: 1e9,
    order: { app: "live", name: "lesson", result: "0".repeat(26), epoch: "picture-0000" },
    clock: systemClock,
    onProgress: () => {},
    onFailure: (reason: string) => assert.fail(reason),
  };
  const made = await makeComposite(options, { stopped: false, kill: () => {} });
  assert.equal(typeof made, "object", String(made));
  const { path } = made as MadeComposite;
  const [size, fps] = [64, 5];
  const filter = `fps=${fps}:start_time=0,crop=640:360:0:180,scale=${size}:${size}:flags=area,format=gray`;
  const grey = execFileSync("ffmpeg", ["-v", "error", "-copyts", "-i", path, "-vf", filter, "-f", "rawvideo", "pipe:1"]);
  for (let frame = 0; (frame + 1) * size * size <= grey.length; frame++) {
    const at = frame / fps;
    const pixels = [...grey.subarray(frame * size * size, (frame + 1) * size * size)].sort((a, b) => a - b);
    const [darkest = 0, middle = 0, brightest = 0] = [pixels[0], pixels[pixels.length >> 1], pixels.at(-1)];
    if ((at > 0.2 && at < off.from - 0.2) || (at > off.to + 0.2 && at < of.seconds - 0.4))
      assert.ok(darkest > 200, `${at} s: the camera is on, and there is ${darkest}`);
    if (at > off.from + 0.3 && at < off.to - 0.2)
      assert.ok(middle < 60 && brightest > 90, `${at} s: a plain tile with a name, not ${middle} and ${brightest}`);
  }
  // A try after that, as when the worker died before it could say so, makes nothing.
  const again = await makeComposite({ ...options, command: "nothing" }, { stopped: false, kill: () => {} });
  assert.deepEqual(again, made);
});
