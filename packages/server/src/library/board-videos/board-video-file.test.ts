import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { encodePoints } from "@lectern/board";
import type { BoardLogEntry } from "../../contracts/rooms/board-log.ts";
import { systemClock } from "../../platform/clock.ts";
import { VirtualFile } from "../replay/virtual-file.ts";
import { type BoardVideoOptions, makeBoardVideo } from "./board-video-file.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-board-video-file-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SECONDS = 4;
const BEGIN = 1_000_000;
const SPANS = [{ at: BEGIN, position: 0, length: SECONDS * 1000, lasts: SECONDS * 1000 }];
const BOARD = { set: 1, title: "", count: 1, height: 3600, pages: "board", background: "blank" };
const POINTS = encodePoints([0, 1, 2, 3].map((i) => ({ x: 1000 + 1400 * i, y: 1800, pressure: 0.5, at: 20 * i })));
const FPS = 25;

let seq = 0;
const entry = (at: number, kind: string, key: string | null, body: object): BoardLogEntry => {
  return { at: BEGIN + at, epoch: "e", seq: ++seq, kind, key, gone: false, body: body as BoardLogEntry["body"] };
};
/** A page is shown from 0.9 to 3 s, and has a red stroke from 1.85 s on: the pictures of the board are those of 1 s and of 2 s. */
const LOG = [
  entry(-500, "page", "page/1", BOARD),
  entry(900, "page", "page/shown", { page: "1.1", view: null }),
  entry(1850, "stroke", null, { page: "1.1", ops: [["s", "abcd.1", "pen", "red", 400, POINTS, 1]] }),
  entry(3000, "page", "page/shown", { page: null, view: null }),
];

/** What a camera that shows green has sent, in the container of recordings. */
function recording(name: string, tracks: readonly string[]): VirtualFile {
  const file = join(folder, name);
  const camera = [
    "-f",
    "lavfi",
    "-i",
    "color=c=0x00c000:s=320x180:r=25",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=500:sample_rate=48000",
  ];
  const maps = tracks.flatMap((track) => ["-map", track]);
  const codecs = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "25",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
    "-t",
    String(SECONDS),
  ];
  const fragmented = ["-movflags", "empty_moov+default_base_moof+frag_keyframe", "-frag_duration", "1000000"];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...camera, ...maps, ...codecs, ...fragmented, file]);
  return new VirtualFile([{ bytes: statSync(file).size, make: async () => readFileSync(file) }]);
}

function optionsFor(name: string, more: Partial<BoardVideoOptions> = {}): BoardVideoOptions {
  const log = {
    entries: async function* (strokes: boolean) {
      yield* LOG.filter(({ kind }) => strokes || kind === "page");
    },
    slide: async () => null,
  };
  return {
    command: "ffmpeg",
    folder: join(folder, `${name}-making`),
    path: join(folder, `${name}-film.mp4`),
    spans: SPANS,
    log,
    source: recording(`${name}.mp4`, ["0:v", "1:a"]),
    format: "mp4",
    hasVideo: true,
    maxBytes: 50_000_000,
    clock: systemClock,
    onProgress: () => {},
    onFailure: () => {},
    ...more,
  };
}

/** What is in the middle of the picture, at its left, and in its corner, of each frame; then the sound. */
function seen(file: string): string[] {
  const spots = [
    [640, 360],
    [100, 600],
    [1120, 90],
  ];
  const crops = spots.map(([x = 0, y = 0], i) => `[s${i}]crop=16:16:${x - 8}:${y - 8},scale=1:1:flags=area[c${i}]`);
  const graph = `[0:v]split=3[s0][s1][s2];${crops.join(";")};[c0][c1][c2]hstack=inputs=3,format=rgb24`;
  const bytes = execFileSync("ffmpeg", ["-v", "error", "-i", file, "-filter_complex", graph, "-f", "rawvideo", "pipe:1"]);
  return Array.from({ length: bytes.length / 9 }, (_, frame) =>
    [0, 1, 2].map((i) => nameOf(bytes.subarray(9 * frame + 3 * i, 9 * frame + 3 * i + 3))).join(" "),
  );
}

function nameOf([red = 0, green = 0, blue = 0]: Uint8Array): string {
  if (Math.min(red, green, blue) > 225) return "white";
  if (Math.max(red, green, blue) < 30) return "black";
  if (green > 130 && Math.max(red, blue) < 90) return "green";
  return red > 150 && Math.max(green, blue) < 110 ? "red" : `${red},${green},${blue}`;
}

/** Each thing that is seen, and from which second on. */
function changes(frames: readonly string[]): string[] {
  return frames.flatMap((frame, i) => (frame === frames[i - 1] ? [] : [`${i / FPS} ${frame}`]));
}

function soundOf(file: string): string {
  const args = ["-v", "error", "-select_streams", "a", "-show_entries", "stream=codec_name", "-of", "csv=p=0", file];
  return execFileSync("ffprobe", args, { encoding: "utf8" }).trim();
}

test("the page fills the picture from its time until it is put away, with strokes from theirs on; the camera is in the corner", async (t: TestContext) => {
  const options = optionsFor("whole", { onFailure: (reason) => t.diagnostic(reason) });
  const made = await makeBoardVideo(options, { stopped: false, kill: () => {} });
  assert.equal(made, statSync(options.path).size);
  const frames = seen(options.path);
  assert.equal(frames.length, SECONDS * FPS);
  assert.deepEqual(changes(frames), ["0 green green green", "1 white white green", "2 red white green", "3 green green green"]);
  assert.equal(soundOf(options.path), "aac");
  assert.equal(existsSync(options.folder), false);
});

test("a recording without a picture has the board alone, and black while no page is shown", async () => {
  const source = recording("sound.mp4", ["1:a"]);
  const options = optionsFor("board", { source, hasVideo: false });
  assert.equal(typeof (await makeBoardVideo(options, { stopped: false, kill: () => {} })), "number");
  assert.deepEqual(changes(seen(options.path)), [
    "0 black black black",
    "1 white white white",
    "2 red white white",
    "3 black black black",
  ]);
  assert.equal(soundOf(options.path), "aac");
});

test("one that is stopped, and one whose log cannot be read leave no file", async () => {
  const stopped = { stopped: false, kill: () => {} };
  const begun = optionsFor("stopped", {
    log: {
      entries: async function* (strokes: boolean) {
        if (strokes) Object.assign(stopped, { stopped: true });
        if (strokes) stopped.kill();
        yield* LOG;
      },
      slide: async () => null,
    },
  });
  assert.equal(await makeBoardVideo(begun, stopped), "failed");
  const lost = optionsFor("lost", {
    log: {
      // biome-ignore lint/correctness/useYield: it fails before the first entry
      entries: async function* () {
        throw new Error("no answer");
      },
      slide: async () => null,
    },
  });
  assert.equal(await makeBoardVideo(lost, { stopped: false, kill: () => {} }), "storage-away");
  for (const { path, folder: making } of [begun, lost]) assert.deepEqual([existsSync(path), existsSync(making)], [false, false]);
});
