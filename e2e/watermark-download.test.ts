/**
 * Downloads with a watermark in the picture, made by a real ffmpeg: the text is where it should be and nowhere else, for each person another one.
 * Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { watermarkSubtitles } from "../packages/server/src/library/downloads/watermark-subtitles.ts";
import { clip } from "./clips.ts";
import { ffmpegDone, frames, publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { rare } from "./long-tests.ts";
import { differences, luma, type Person, RULE, recordedLesson, SETTINGS } from "./watermarked-recordings.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-marked-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const server = () => sharedLectern(SETTINGS);

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

async function saveFrame(t: TestContext, file: string, seconds: number, name: string): Promise<void> {
  const shots = process.env["SCREENSHOTS"];
  if (shots) await ffmpegDone(t, ["-v", "error", "-ss", String(seconds), "-i", file, "-frames:v", "1", "-y", join(shots, name)]);
}

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
  const of = await recordedLesson(t, lectern, 8, ["Anna Example", "王小明"]);
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

  const sent = clip("numbered", 8);
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
  assert.ok(sound(now).length > 300);
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
    const ass = watermarkSubtitles({ text, opacity: 1 }, picture, 1, () => 0.25);
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

rare("progress grows, a cancelled download leaves nothing behind, and a killed server no ffmpeg", async (t) => {
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
  const of = await recordedLesson(t, lectern, 20, ["Anna"]);
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
  publishForever(t, clip("numbered", 8), `${lectern.rtmp}/live/still`);
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
