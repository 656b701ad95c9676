/**
 * The board video of a lesson: its recording and its board in one video. A lesson is recorded while staff shows pages and draws; in the MP4, the pages are
 * shown when they were, with what was drawn, and the camera is in the corner meanwhile. Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { encodePoints } from "@lectern/board";
import { ffmpegDone, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-board-video-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SETTINGS = { workers: "2", "publish.graceSeconds": "1", "hls.segmentSeconds": "1" };
const server = () => sharedLectern(SETTINGS);
/** How long the lesson shows the same. */
const PHASE_MS = 1800;
const MOST_OFF_MS = 400;
const MS_OF_FRAME = 40;
const SIZE = { width: 1280, height: 720 } as const;
/** Squares of pixels whose mean color is looked at. */
const PLACES = {
  /** Between the corner and the edges: the camera when it is alone, the page when one is shown. */
  left: { x: 100, y: 600 },
  /** Where the strokes are. */
  middle: { x: 640, y: 360 },
  below: { x: 640, y: 560 },
  corner: { x: 1120, y: 90 },
} as const;
const SQUARE = 16;

type Place = keyof typeof PLACES;
type Colors = Readonly<Record<Place, string>>;

/** A camera that shows green, with a tone. */
function greenClip(): string {
  const file = join(folder, "green.flv");
  if (existsSync(file)) return file;
  const inputs = [
    "-f",
    "lavfi",
    "-i",
    "color=c=0x00c000:s=640x360:r=25",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=500:sample_rate=48000",
  ];
  const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", "-t", "20"];
  execFileSync("ffmpeg", ["-hide_banner", "-loglevel", "error", "-y", ...inputs, ...codecs, file]);
  return file;
}

function nameOfColor(red: number, green: number, blue: number): string {
  if (Math.min(red, green, blue) > 225) return "white";
  if (green > 130 && Math.max(red, blue) < 80) return "green";
  if (red > 150 && Math.max(green, blue) < 110) return "red";
  if (blue > 150 && red < 90) return "blue";
  return `${red},${green},${blue}`;
}

/** The colors of all places in each frame. */
async function colorsOf(t: TestContext, file: string): Promise<Colors[]> {
  const names = Object.keys(PLACES) as Place[];
  const crops = names.map((name, i) => {
    const { x, y } = PLACES[name];
    return `[s${i}]crop=${SQUARE}:${SQUARE}:${x - SQUARE / 2}:${y - SQUARE / 2},scale=1:1:flags=area,format=rgb24[c${i}]`;
  });
  const outs = names.map((_, i) => `[c${i}]`).join("");
  const graph = [
    `[0:v]fps=25:start_time=0,split=${names.length}${names.map((_, i) => `[s${i}]`).join("")}`,
    ...crops,
    `${outs}hstack=inputs=${names.length}`,
  ].join(";");
  const bytes = await ffmpegDone(t, ["-v", "error", "-i", file, "-filter_complex", graph, "-f", "rawvideo", "pipe:1"]);
  const frames: Colors[] = [];
  for (let at = 0; at < bytes.length; at += 3 * names.length) {
    const color = (i: number) => nameOfColor(bytes[at + 3 * i] ?? 0, bytes[at + 3 * i + 1] ?? 0, bytes[at + 3 * i + 2] ?? 0);
    frames.push(Object.fromEntries(names.map((name, i) => [name, color(i)])) as Colors);
  }
  return frames;
}

/** The programs that make board videos below a directory. */
const pidsOfBoardVideos = (directory: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return (
          command.startsWith("ffmpeg\0") && command.includes("image2pipe") && readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
        );
      } catch {
        return false;
      }
    })
    .map(Number);

/** Files of the recording's downloads; the server is lent to others too, who have theirs. */
const left = ({ directory }: Lectern, { id }: Body) => {
  const path = join(directory, "downloads");
  return existsSync(path) ? readdirSync(path).filter((name) => name.includes(id)) : [];
};

let actions = 0;
type Done = { readonly answer: Body; readonly at: number };

/** Staff does something in the room. With the time of its entry. */
async function act(lectern: Lectern, lesson: Body, kind: string, body: object): Promise<Done> {
  const path = `/lessons/${lesson.id}/room/entries`;
  const { seq, answer } = await done(lectern, "POST", path, { id: `action-${++actions}`, kind, ...body });
  const { items } = await done(lectern, "GET", `${path}?kind=${kind}&limit=500`);
  const entry = items.find((one: Body) => one.seq === seq);
  return { answer, at: typeof entry?.at === "number" ? entry.at : Date.parse(entry?.at) };
}

function stroke(page: string, id: string, color: string, y: number) {
  const points = [0, 1, 2, 3, 4].map((i) => ({ x: 800 + 1200 * i, y, pressure: 0.5, at: 20 * i }));
  return { page, ops: [["s", id, "pen", color, 400, encodePoints(points), 1]] };
}

async function waitMs(ms: number, what: string): Promise<void> {
  const end = Date.now() + ms;
  await until(() => Date.now() >= end, what);
}

/** When the recording's positions are, by the clock. */
async function positions(hls: string): Promise<(at: number) => number> {
  const first = await (await fetch(hls)).text();
  const playlist = await (await fetch(new URL(/^[^#\n].*$/m.exec(first)?.[0] ?? "", hls))).text();
  const begin = Date.parse(/PROGRAM-DATE-TIME:(\S+)/.exec(playlist)?.[1] ?? "");
  return (at) => at - begin;
}

/** A lesson with a board, recorded; its recording, and when what happened. */
async function recordedLesson(t: TestContext, lectern: Lectern) {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  const set = (await act(lectern, lesson, "page", { action: "board", background: "blank" })).answer.set;
  await act(lectern, lesson, "page", { action: "add", set });
  // Before the recording begins.
  await act(lectern, lesson, "stroke", stroke(`${set}.1`, "abcd.1", "blue", 2800));
  const publisher = publishForever(t, greenClip(), `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, ({ video }) => video !== null);
  await waitMs(PHASE_MS, "the camera alone");
  const shown = await act(lectern, lesson, "page", { action: "show", page: `${set}.1` });
  await waitMs(PHASE_MS, "the page");
  const drawn = await act(lectern, lesson, "stroke", stroke(`${set}.1`, "abcd.2", "red", 1800));
  await waitMs(PHASE_MS, "the stroke");
  const turned = await act(lectern, lesson, "page", { action: "show", page: `${set}.2` });
  await waitMs(PHASE_MS, "the other page");
  const hidden = await act(lectern, lesson, "page", { action: "show", page: null });
  await waitMs(PHASE_MS, "the camera alone again");
  publisher.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(async () => {
    const { items } = await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.find((one: Body) => one.whole) ?? null;
  }, "the recording");
  return { lesson, recording, times: { shown: shown.at, drawn: drawn.at, turned: turned.at, hidden: hidden.at } };
}

const pathOf = ({ id }: Body) => `/recordings/${id}/film`;

async function finished(lectern: Lectern, recording: Body): Promise<Body> {
  return await until(async () => {
    const film = await done(lectern, "GET", pathOf(recording));
    return film.state === "done" || film.state === "failed" ? film : null;
  }, "the film");
}

/** When a place becomes a color, and is not it before, milliseconds of the board video. */
function beginsAt(frames: readonly Colors[], place: Place, color: string, from = 0): number {
  const found = frames.findIndex((frame, i) => i * MS_OF_FRAME >= from && frame[place] === color);
  assert.ok(found >= 0, `${place} is never ${color} after ${from} ms: ${frames.map((frame) => frame[place]).join(" ")}`);
  return found * MS_OF_FRAME;
}

test("pages, strokes and the camera are in the film where they were; it is made again when ffmpeg dies, and cancelled without a trace", async (t) => {
  const lectern = await server();
  const { lesson, recording, times } = await recordedLesson(t, lectern);
  const path = pathOf(recording);
  assert.equal((await done(lectern, "GET", path)).state, "none");

  const order = await done(lectern, "POST", path);
  assert.match(order.state, /^(waiting|running)$/);
  const killed = await until(() => pidsOfBoardVideos(lectern.directory)[0] ?? null, "ffmpeg");
  process.kill(killed, "SIGKILL");
  await until(() => pidsOfBoardVideos(lectern.directory).some((pid) => pid !== killed), "another ffmpeg");
  const film = await finished(lectern, recording);
  assert.equal(film.state, "done", JSON.stringify(film));
  assert.equal((await done(lectern, "POST", path)).url.split("?")[0], film.url.split("?")[0], "the same one");
  const answer = await fetch(film.url);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-disposition") ?? "", /^attachment; .*Fractions/);
  const file = join(process.env["SCREENSHOTS"] ?? folder, "film.mp4");
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  assert.equal(film.bytes, readFileSync(file).length);
  assert.equal((await fetch(film.url.replace(/\?.*/, ""))).status, 401);

  const probed = execFileSync(
    "ffprobe",
    ["-v", "error", "-show_entries", "stream=codec_name,width,height,r_frame_rate,duration", "-of", "json", file],
    { encoding: "utf8" },
  );
  const [video, audio] = JSON.parse(probed).streams;
  assert.deepEqual([video.codec_name, video.width, video.height, video.r_frame_rate], ["h264", SIZE.width, SIZE.height, "25/1"]);
  assert.equal(audio.codec_name, "aac");
  for (const { duration } of [video, audio])
    assert.ok(Math.abs(Number(duration) - recording.seconds) < 0.3, `${duration} of ${recording.seconds} s`);

  const { play } = await done(lectern, "POST", `/recordings/${recording.id}/links`, {});
  const positionOf = await positions(play.hls);
  const frames = await colorsOf(t, file);
  const seen = {
    shown: beginsAt(frames, "left", "white"),
    drawn: beginsAt(frames, "middle", "red"),
    turned: beginsAt(frames, "middle", "white", positionOf(times.drawn) + 1000),
    hidden: beginsAt(frames, "left", "green", positionOf(times.shown) + 1000),
  };
  const off = Object.entries(seen).map(
    ([name, ms]) => [name, Math.round(ms - positionOf(times[name as keyof typeof times]))] as const,
  );
  t.diagnostic(`seen ${JSON.stringify(seen)}, late by ${JSON.stringify(Object.fromEntries(off))} ms`);
  // What staff has done is never seen before its time, but for the frame that it is in.
  for (const [name, ms] of off) assert.ok(ms >= -MS_OF_FRAME && ms <= MOST_OFF_MS, `${name} is ${ms} ms late`);

  const phases: readonly (readonly [from: number, to: number, colors: Partial<Colors>])[] = [
    [0, seen.shown, { left: "green", middle: "green", below: "green", corner: "green" }],
    [seen.shown, seen.drawn, { left: "white", middle: "white", below: "blue", corner: "green" }],
    [seen.drawn, seen.turned, { left: "white", middle: "red", below: "blue", corner: "green" }],
    [seen.turned, seen.hidden, { left: "white", middle: "white", below: "white", corner: "green" }],
    [seen.hidden, frames.length * MS_OF_FRAME, { left: "green", middle: "green", below: "green", corner: "green" }],
  ];
  for (const [from, to, wanted] of phases) {
    assert.ok(to - from >= 1000, `${from} to ${to} ms`);
    // The camera begins with its first frame, and ends with its last one.
    for (let ms = Math.max(from, 5 * MS_OF_FRAME); ms < Math.min(to, (frames.length - 5) * MS_OF_FRAME); ms += MS_OF_FRAME)
      assert.deepEqual(frames[ms / MS_OF_FRAME], wanted, `at ${ms} ms`);
  }

  await done(lectern, "DELETE", path);
  assert.equal((await fetch(film.url)).status, 404);
  assert.deepEqual(left(lectern, recording), []);
  assert.equal((await done(lectern, "GET", path)).state, "none");

  // One that is being made.
  await done(lectern, "POST", path);
  await until(() => pidsOfBoardVideos(lectern.directory).length > 0, "ffmpeg");
  await done(lectern, "DELETE", path);
  assert.deepEqual(left(lectern, recording), []);
  await until(() => pidsOfBoardVideos(lectern.directory).length === 0, "the end of ffmpeg");

  await t.test(
    "students have it as they have the recording, and not under a watermark; staff orders it, and nobody else",
    async () => {
      const { id: schoolId } = (await done(lectern, "GET", "/schools")).items[0];
      const password = "sunlit-harbour-42";
      await done(lectern, "POST", "/users", { schoolId, login: "mei", name: "Mei", role: "student", password });
      const { token } = (await ask(lectern, "POST", "/sessions", { login: "mei", password }, null)).body;
      assert.equal((await ask(lectern, "POST", path, undefined, token)).status, 403);
      assert.equal((await ask(lectern, "GET", path, undefined, token)).body.code, "no-such-recording");
      await done(lectern, "PATCH", `/lessons/${lesson.id}`, { openToSchool: true });
      await done(lectern, "PATCH", `/recordings/${recording.id}`, { published: true });
      assert.equal((await ask(lectern, "GET", path, undefined, token)).body.state, "none");
      const rule = { kind: "watermark", for: "play", shows: "both", opacity: 0.6 };
      await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules: [rule] });
      const refused = await ask(lectern, "GET", path, undefined, token);
      assert.equal(`${refused.status} ${refused.body.code}`, "403 refused-by-rule");
      assert.equal((await done(lectern, "GET", path)).state, "none");
    },
  );
});

test("a lesson that has shown no page has no film", async (t) => {
  const lectern = await server();
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true });
  await act(lectern, lesson, "page", { action: "board", background: "blank" });
  const publisher = publishForever(t, greenClip(), `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, ({ video }) => video !== null);
  const recording = await until(
    async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items[0] ?? null,
    "it",
  );
  const refused = async () => (await ask(lectern, "POST", pathOf(recording))).body;
  assert.match((await refused()).detail, /no page/);
  const { answer } = await act(lectern, lesson, "page", { action: "board", background: "blank" });
  await act(lectern, lesson, "page", { action: "show", page: `${answer.set}.1` });
  assert.equal((await refused()).code, "conflict");
  assert.doesNotMatch((await refused()).detail, /no page/, "it is still recorded");
  publisher.child.kill("SIGKILL");
});
