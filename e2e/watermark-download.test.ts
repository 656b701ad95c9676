/**
 * Downloads with a watermark in the picture, made by a real ffmpeg: the text is where it should be and nowhere else, for each person another one.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { markSubtitles } from "../packages/server/src/library/downloads/mark-subtitles.ts";
import { openPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { ffmpegDone, frames, publishFast, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { HANG_MS, type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-marked-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SETTINGS = { workers: "2", "publish.graceSeconds": "1", "hls.segmentSeconds": "1" };
/** Pictures are compared in blocks of four times four pixels. */
const WIDTH = 160;
const HEIGHT = 90;
/** Blocks between two parts of one line: over yellow, white letters are hardly another grey. */
const REACH = 30;
const RULE = { kind: "watermark", for: "play", shows: "both", opacity: 0.6 };
/** Differences of luma up to this are those of coding a picture again. */
const NOISE = 12;

const server = () => sharedLectern(SETTINGS);

type Person = { readonly token: string; readonly name: string };

/** A recorded lesson under a watermark, its recording, and the guests who joined it. */
async function recordedLesson(
  t: TestContext,
  lectern: Lectern,
  seconds: number,
  names: readonly string[] = [],
  rule: object = RULE,
): Promise<{ readonly lesson: Body; readonly recording: Body; readonly people: readonly Person[] }> {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules: [rule] });
  const people: Person[] = [];
  for (const name of names)
    people.push({ token: (await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name })).token, name });
  const { name, publishKey } = lesson.stream;
  const sent = await publishFast(t, clip("numbered", seconds), `${lectern.rtmp}/live/${name}?key=${publishKey}`, 4).done;
  assert.equal(sent.code, 0, sent.said);
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(
    async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.find((one: Body) => one.whole) ?? null,
    "the recording",
  );
  await done(lectern, "PATCH", `/recordings/${recording.id}`, { published: true });
  return { lesson, recording, people };
}

async function order(lectern: Lectern, of: Body, person: Person): Promise<Body> {
  const { recording, lesson } = of;
  const answer = await fetch(`${lectern.http}/api/v1/recordings/${recording.id}/downloads`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: lesson.code, token: person.token }),
  });
  const body: Body = await answer.json();
  assert.equal(answer.status, 202, JSON.stringify(body));
  return body;
}

const pathOf = (of: Body, download: Body) => `/recordings/${of.recording.id}/downloads/${download.id}`;

/** How far it was, each time that somebody asked, until it was done or failed. */
async function finished(lectern: Lectern, of: Body, download: Body): Promise<{ readonly last: Body; readonly percents: number[] }> {
  const percents: number[] = [];
  const last = await until(async () => {
    const state = await done(lectern, "GET", pathOf(of, download));
    if (state.state === "running") percents.push(state.percent);
    return state.state === "done" || state.state === "failed" ? state : null;
  }, "the download");
  return { last, percents };
}

async function fileOf(lectern: Lectern, of: Body, person: Person): Promise<string> {
  const { last } = await finished(lectern, of, await order(lectern, of, person));
  assert.equal(last.state, "done", JSON.stringify(last));
  return await saved(last.url);
}

let files = 0;
async function saved(url: string): Promise<string> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  assert.match(answer.headers.get("content-disposition") ?? "", /^attachment; /);
  const path = join(folder, `${++files}.mp4`);
  writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
  return path;
}

/** The luma of one frame, each pixel the mean of a block: what coding again changes in single pixels is not seen. */
async function luma(t: TestContext, file: string, seconds: number): Promise<Buffer> {
  const scale = `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`;
  const args = ["-v", "error", "-ss", String(seconds), "-i", file, "-frames:v", "1", "-vf", scale, "-f", "rawvideo", "pipe:1"];
  return await ffmpegDone(t, args);
}

async function saveFrame(t: TestContext, file: string, seconds: number, name: string): Promise<void> {
  const shots = process.env["SCREENSHOTS"];
  if (shots) await ffmpegDone(t, ["-v", "error", "-ss", String(seconds), "-i", file, "-frames:v", "1", "-y", join(shots, name)]);
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** Where two pictures differ by more than coding again makes: boxes with less than a letter's height between them are one. */
function differences(one: Buffer, other: Buffer): { readonly pixels: number; readonly boxes: readonly Box[] } {
  assert.equal(one.length, WIDTH * HEIGHT);
  assert.equal(other.length, one.length);
  const found: Box[] = [];
  for (let i = 0; i < one.length; i++)
    if (Math.abs((one[i] ?? 0) - (other[i] ?? 0)) > NOISE) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      let box: Box = { left: x, right: x, top: y, bottom: y };
      for (let near = 0; near >= 0; ) {
        near = found.findIndex((each) => areNear(each, box));
        const [each] = near < 0 ? [] : found.splice(near, 1);
        if (each) box = around(each, box);
      }
      found.push(box);
    }
  const pixels = found.length === 0 ? 0 : one.reduce((sum, grey, i) => sum + (Math.abs(grey - (other[i] ?? 0)) > NOISE ? 1 : 0), 0);
  return { pixels, boxes: found };
}

const areNear = (one: Box, other: Box): boolean =>
  one.left - REACH <= other.right && other.left - REACH <= one.right && one.top - 2 <= other.bottom && other.top - 2 <= one.bottom;

const around = (one: Box, other: Box): Box => ({
  left: Math.min(one.left, other.left),
  right: Math.max(one.right, other.right),
  top: Math.min(one.top, other.top),
  bottom: Math.max(one.bottom, other.bottom),
});

const pidsOfFfmpeg = (directory: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("mark.ass") &&
          execFileSync("readlink", [`/proc/${pid}/cwd`], { encoding: "utf8" }).startsWith(directory)
        );
      } catch {
        return false;
      }
    })
    .map(Number);

const left = (lectern: Lectern) => {
  const path = join(lectern.directory, "downloads");
  return existsSync(path) ? readdirSync(path) : [];
};

test("the text is in the picture twice, and nothing else changes; sound and times stay; two persons get different ones", async (t) => {
  const lectern = await server();
  const of = await recordedLesson(t, lectern, 20, ["Anna Example", "王小明"]);
  const [anna = assert.fail(), wang = assert.fail()] = of.people;
  const download = await order(lectern, of, anna);
  const { last, percents } = await finished(lectern, of, download);
  assert.equal(last.state, "done", JSON.stringify(last));
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
  );
  const one = await saved(last.url);
  const other = await fileOf(lectern, of, wang);
  await saveFrame(t, one, 5, "anna.png");
  await saveFrame(t, other, 5, "wang.png");

  const sent = clip("numbered", 20);
  const plain = await luma(t, sent, 5);
  const marked = differences(plain, await luma(t, one, 5));
  assert.equal(marked.boxes.length, 2, JSON.stringify(marked.boxes));
  // Two copies of one line, as wide as the text, half of the picture apart.
  for (const { left, right, top, bottom } of marked.boxes)
    assert.ok(bottom - top < 8 && right - left > 20, JSON.stringify(marked.boxes));
  const between = differences(await luma(t, one, 5), await luma(t, other, 5));
  assert.ok(between.pixels > 50, `${between.pixels} blocks`);

  const [before, now] = [await frames(t, sent, "packets"), await frames(t, one, "packets")];
  const sound = (all: typeof before) => all.filter(({ stream }) => stream === 1).map(({ hash }) => hash);
  assert.ok(sound(now).length > 500);
  assert.deepEqual(sound(now), sound(before));
  const pictures = (all: typeof before) => all.filter(({ stream }) => stream === 0);
  assert.equal(pictures(now).length, pictures(before).length);
  const duration = (file: string) =>
    Number(
      execFileSync("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file], { encoding: "utf8" }),
    );
  assert.ok(Math.abs(duration(one) - duration(sent)) < 0.1, `${duration(one)} and ${duration(sent)} s`);

  // The same person and text: the same file.
  assert.equal((await order(lectern, of, anna)).id, download.id);
  // Whole files without the mark stay closed.
  const { play } = await done(lectern, "POST", `/recordings/${of.recording.id}/links`, {});
  assert.equal((await fetch(play.mp4)).status, 403);
  assert.equal((await fetch(play.flv)).status, 403);
  // A range, an address without a signature, and another recording's.
  const range = await fetch(last.url, { headers: { range: "bytes=4-7" } });
  assert.equal(`${range.status} ${await range.text()}`, "206 ftyp");
  assert.equal((await fetch(last.url.replace(/\?.*/, ""))).status, 401);
  await done(lectern, "DELETE", pathOf(of, download));
  assert.equal((await fetch(last.url)).status, 404);
});

test("the page of the lesson shows how far the file is, and saves it when it is done", async (t) => {
  const lectern = await server();
  const of = await recordedLesson(t, lectern, 20);
  const page = await openPage(t, { expected: /ERR_ABORTED/ });
  await page.goto(`${lectern.http}/class/${of.lesson.code}`);
  await page.getByRole("button", { name: "Download" }).click();
  await page
    .getByRole("status")
    .getByText(/^(?:\s*Your copy is made|\s*Making your copy: \d+ %)/)
    .waitFor();
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "page-waiting.png") });
  const saving = page.waitForEvent("download", { timeout: HANG_MS });
  await page.getByRole("progressbar").waitFor({ timeout: HANG_MS });
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "page-running.png") });
  const download = await saving;
  assert.match(download.suggestedFilename(), /\.mp4$/);
  const path = join(folder, "page.mp4");
  await download.saveAs(path);
  await page.getByRole("link", { name: "Save file" }).waitFor();
  // Nothing else is known of who comes after the lesson: the address is in the picture.
  const { boxes } = differences(await luma(t, clip("numbered", 20), 2), await luma(t, path, 2));
  assert.equal(boxes.length, 2);
});

test("hostile names are only a text in the picture", async (t) => {
  const lectern = await server();
  const names = ["%{pts}:text='x'", "{\\pos(0,0)}{\\an7}", "'; -f null , [in]", "محمد علي", "x".repeat(60), "\"\\\\'\\N"];
  const of = await recordedLesson(t, lectern, 4, names);
  const plain = await luma(t, clip("numbered", 4), 2);
  const orders: Body[] = [];
  for (const person of of.people) orders.push(await order(lectern, of, person));
  for (const [i, download] of orders.entries()) {
    const { last } = await finished(lectern, of, download);
    assert.equal(last.state, "done", `${names[i]}: ${JSON.stringify(last)}`);
    const file = await saved(last.url);
    await saveFrame(t, file, 2, `name${i}.png`);
    const { boxes, pixels } = differences(plain, await luma(t, file, 2));
    assert.ok(pixels > 20 && pixels < plain.length / 8, `${names[i]}: ${pixels} blocks`);
    assert.ok(boxes.length >= 2, `${names[i]}: ${JSON.stringify(boxes)}`);
  }
});

test("no text leaves its place in the picture, whatever is in it", async (t) => {
  const picture = { width: 640, height: 360 };
  const texts = [
    "{\\pos(0,0)}M",
    "M\\N\\n\\hM",
    "a\u202eb\u2067c",
    "%{n}",
    "x\ny\r\u0000z",
    `${"王".repeat(100)}${"x".repeat(100)}`,
    "{".repeat(30),
    "\\",
  ];
  for (const [i, text] of texts.entries()) {
    const ass = markSubtitles({ text, opacity: 1 }, picture, 1, () => 0.25);
    writeFileSync(join(folder, `text${i}.ass`), ass);
    const corners = [...ass.matchAll(/,0:00:00\.00,[^,]+,Mark.*?pos\((\d+),(\d+)\)/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
    assert.equal(corners.length, 2);
    const args = [
      "-v",
      "error",
      "-f",
      "lavfi",
      "-i",
      "color=black:s=640x360",
      "-frames:v",
      "1",
      "-vf",
      `ass=${join(folder, `text${i}.ass`)}`,
    ];
    const grey = await ffmpegDone(t, [...args, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]);
    let seen = 0;
    for (let at = 0; at < grey.length; at++) {
      if ((grey[at] ?? 0) < 100) continue;
      seen++;
      const [x, y] = [at % 640, Math.floor(at / 640)];
      // Right of and below a corner, and no wider than half of the picture.
      const isIn = corners.some((corner) => x >= corner.x - 4 && x < corner.x + 330 && y >= corner.y - 4 && y < corner.y + 200);
      assert.ok(isIn, `${JSON.stringify(text)}: a pixel at ${x}, ${y}, with corners ${JSON.stringify(corners)}`);
    }
    assert.ok(seen > 10, `${JSON.stringify(text)}: ${seen} pixels`);
  }
});

test("progress grows, a cancelled download leaves nothing behind, and a killed server no ffmpeg", async (t) => {
  const lectern = await startLectern(t, SETTINGS);
  const of = await recordedLesson(t, lectern, 120, ["Anna"]);
  const [person = assert.fail()] = of.people;
  const running = async (download: Body, percent: number) =>
    await until(async () => {
      const state = await done(lectern, "GET", pathOf(of, download));
      return state.state === "running" && state.percent >= percent ? state : null;
    }, `${percent} %`);
  const first = await order(lectern, of, person);
  const early = await running(first, 1);
  const later = await running(first, early.percent + 1);
  assert.ok(later.percent > early.percent);
  assert.equal(pidsOfFfmpeg(lectern.directory).length > 0, true);
  await done(lectern, "DELETE", pathOf(of, first));
  assert.deepEqual(left(lectern), []);
  // It has the lowest priority, also for its end.
  await until(() => pidsOfFfmpeg(lectern.directory).length === 0, "the end of ffmpeg");
  assert.equal((await ask(lectern, "GET", pathOf(of, first))).status, 404);

  const second = await order(lectern, of, person);
  assert.notEqual(second.id, first.id);
  await running(second, 1);
  lectern.process.kill("SIGKILL");
  await until(async () => pidsOfFfmpeg(lectern.directory).length === 0, "the end of ffmpeg");
});

test("a disk that becomes full leaves nothing behind, and the person is told; before, it is refused", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "lectern-full-"));
  const disk = join(data, "downloads");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=128m", "tmpfs", disk]);
  t.after(() => execFileSync("umount", ["-l", disk]));
  const lectern = await startLectern(t, { ...SETTINGS, dataDir: data, "downloads.maxBytes": "60000000" });
  const of = await recordedLesson(t, lectern, 60, ["Anna"]);
  const [person = assert.fail()] = of.people;
  const download = await order(lectern, of, person);
  await until(async () => left(lectern).length > 0, "the beginning");
  execFileSync("sh", ["-c", `head -c 200000000 /dev/zero > ${join(disk, "filler")} || true`], { stdio: "ignore" });
  const { last } = await finished(lectern, of, download);
  assert.equal(`${last.state} ${last.problem}`, "failed disk-full");
  assert.deepEqual(left(lectern), ["filler"]);
  const answer = await ask(lectern, "POST", `/recordings/${of.recording.id}/downloads`, {
    code: of.lesson.code,
    token: person.token,
  });
  assert.equal(`${answer.status} ${answer.body.code}`, "503 disk-full");
});

test("a still of a live stream is small as soon as its players show a watermark", async (t) => {
  const lectern = await server();
  publishForever(t, clip("numbered", 20), `${lectern.rtmp}/live/still`);
  await lectern.stream("still", ({ video }) => video !== null);
  const size = async () => {
    const answer = await fetch(`${lectern.http}/live/still.jpg`);
    if (answer.status !== 200) return null;
    const path = join(folder, "still.jpg");
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
    const args = ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0:s=x", path];
    return execFileSync("ffprobe", args, { encoding: "utf8" }).trim();
  };
  assert.equal(await until(size, "a still"), "640x360");
  await done(lectern, "POST", "/policies", { target: { level: "stream", id: "live/still" }, rules: [RULE] });
  await until(async () => (await size()) === "320x180", "a small still");
});

test("without a way to draw the text there is no file, and the reason is told", async (t) => {
  // An ffmpeg that knows no filter `ass`.
  const bin = mkdtempSync(join(tmpdir(), "lectern-bin-"));
  t.after(() => rmSync(bin, { recursive: true, force: true }));
  const real = execFileSync("sh", ["-c", "command -v ffmpeg"], { encoding: "utf8" }).trim();
  symlinkSync(real, join(bin, "real-ffmpeg"));
  const script = `#!/bin/sh\ncase "$*" in *ass=*) echo "No such filter: 'ass'" >&2; exit 1;; esac\nexec ${join(bin, "real-ffmpeg")} "$@"\n`;
  writeFileSync(join(bin, "ffmpeg"), script, { mode: 0o755 });
  const lectern = await startLectern(t, SETTINGS, { env: { PATH: `${bin}${delimiter}${process.env["PATH"]}` } });
  const of = await recordedLesson(t, lectern, 4, ["Anna"]);
  const [person = assert.fail()] = of.people;
  const { last } = await finished(lectern, of, await order(lectern, of, person));
  assert.equal(`${last.state} ${last.problem} ${last.url}`, "failed no-mark null");
  assert.deepEqual(left(lectern), []);
});

test("a recording without a watermark is there at once, at its usual address; an encrypted one is refused", async (t) => {
  const lectern = await server();
  const plain = await recordedLesson(t, lectern, 4, [], { ...RULE, mode: "dry-run" });
  const answer = await done(lectern, "POST", `/recordings/${plain.recording.id}/downloads`, {});
  assert.equal(`${answer.id} ${answer.state} ${answer.percent}`, "null done 100");
  assert.match(answer.url, /\/vod\/[0-9a-z]{26}\.mp4\?/);
  assert.equal((await fetch(answer.url)).status, 200);
  const encrypted = await recordedLesson(t, lectern, 4, [], { kind: "encryption", for: "play", segmentsPerKey: 2 });
  const refused = await ask(lectern, "POST", `/recordings/${encrypted.recording.id}/downloads`, {});
  assert.equal(`${refused.status} ${refused.body?.code}`, "403 refused-by-rule");
});
