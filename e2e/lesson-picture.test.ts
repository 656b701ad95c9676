/**
 * The picture of a small lesson: three people flash and beep at the same moments, one of them leaves for some seconds, a fourth one sends what
 * nobody can decode. In the one recording that is made, each flash and each beep is where it was. Runs alone. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { TAG_TYPE, writeTag } from "@lectern/media";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage, signInBrowser } from "./chromium.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { enterRoom } from "./room-client.ts";
import { readTags } from "./rtmp-client.ts";
import { WebSocketPublisher } from "./websocket-publisher.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-picture-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SHOTS = process.env["SCREENSHOTS"];
const PASSWORD = "sunlit-harbour-42";
const SECONDS = 30;
/** From flash to flash; each is so long. */
const EVERY_MS = 3000;
const FLASH_SECONDS = 0.16;
const MOST_OFF_MS = 80;
/** Ben is absent between these, in milliseconds of the clip. */
const AWAY = { from: 10_500, to: 18_300 } as const;
const TICK_MS = 10;
const FPS = 25;
const RATE = 16_000;
/** Of each person's beep. */
const HERTZ = { teacher: 700, anna: 1300, ben: 2300 } as const;
const TILE = { width: 640, height: 360 } as const;
const PLACES = { teacher: { x: 0, y: 0 }, anna: { x: 640, y: 0 }, ben: { x: 320, y: 360 } } as const;
type Name = keyof typeof PLACES;

/** A grey picture that is white for a moment, each three seconds, with a beep. */
function flashes(hertz: number): string {
  const file = join(folder, `${hertz}.flv`);
  const isOn = `lt(mod(t\\,${EVERY_MS / 1000})\\,${FLASH_SECONDS})`;
  const args = [
    ...["-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", `color=c=0x404040:s=320x180:r=${FPS}`],
    ...[
      "-f",
      "lavfi",
      "-i",
      `aevalsrc=0.3*sin(2*PI*${hertz}*t)*${isOn}:s=48000`,
      "-vf",
      `drawbox=color=white:t=fill:enable='${isOn}'`,
    ],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ...["-t", String(SECONDS), "-f", "flv", file],
  ];
  execFileSync("ffmpeg", args);
  return file;
}

type Member = { readonly name: string; readonly key: string };

async function openLesson(t: TestContext, server: Lectern) {
  const { id: schoolId } = (await done(server, "GET", "/schools")).items[0];
  const person = { schoolId, login: "wang", name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", person);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, mode: "small", record: true });
  const { token } = (await ask(server, "POST", "/sessions", { login: "wang", password: PASSWORD }, null)).body;
  const member = async (name: string, session: string | null): Promise<Member> => {
    const { status, body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, session === null ? { name } : {}, session);
    assert.equal(status, 200, JSON.stringify(body));
    const client = await enterRoom(server.http, lesson.code, body.play.flv);
    t.after(() => client.close());
    return (await client.send("stage", { action: "key" })).answer.publish;
  };
  return { lesson, token, teacher: await member("", token), student: (name: string) => member(name, null) };
}

type Sending = { readonly close: () => void };

/**
 * Sends a clip so that each of its moments comes at `begunAt` and its time.
 * @param begunAt milliseconds since 1970; @param broken replaces what is in the frames
 */
async function send(t: TestContext, server: Lectern, to: Member, file: string, begunAt: number, broken = false): Promise<Sending> {
  const publisher = new WebSocketPublisher(t, `${server.http}/live/${to.name}/publish?key=${to.key}`);
  await until(() => publisher.has("started"), `${to.name} to publish`);
  const tags = readTags(file);
  const isConfiguration = ({ type, body }: (typeof tags)[number]) => type !== TAG_TYPE.script && body[1] === 0;
  for (const tag of tags) if (isConfiguration(tag)) publisher.send(writeTag(tag.type, 0, [tag.body]));
  const now = () => Date.now() - begunAt;
  let next = tags.findIndex(
    (tag) => tag.type === TAG_TYPE.video && !isConfiguration(tag) && (tag.body[0] ?? 0) >> 4 === 1 && tag.timestamp >= now(),
  );
  const timer = setInterval(() => {
    for (let tag = tags[next]; tag && tag.timestamp <= now(); tag = tags[++next]) {
      if (tag.type === TAG_TYPE.script || isConfiguration(tag)) continue;
      publisher.send(writeTag(tag.type, tag.timestamp, [broken ? garbled(tag.type, tag.body) : tag.body]));
    }
  }, TICK_MS);
  const close = (): void => {
    clearInterval(timer);
    publisher.socket.terminate();
  };
  t.after(close);
  return { close };
}

/** The heads stay, of the tag and of the first NAL unit. */
function garbled(type: number, body: Uint8Array): Uint8Array {
  const from = type === TAG_TYPE.video ? 10 : 2;
  return body.map((byte, i) => (i < from ? byte : (i * 151 + 17) & 0xff));
}

function pidOfFfmpeg(directory: string): number | null {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const isIt = readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("ffmpeg\0");
      if (
        isIt &&
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("graph.txt") &&
        readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
      )
        return Number(pid);
    } catch {
      // It has ended.
    }
  }
  return null;
}

/** When the grey value of a tile rises above the middle, milliseconds. */
async function flashesIn(
  t: TestContext,
  file: string,
  place: { readonly x: number; readonly y: number } | null,
): Promise<number[]> {
  const crop = place ? `crop=${TILE.width}:${TILE.height}:${place.x}:${place.y},` : "";
  const filter = `fps=${FPS}:start_time=0,${crop}scale=1:1:flags=area,format=gray`;
  const grey = await ffmpegDone(t, ["-copyts", "-i", file, "-vf", filter, "-f", "rawvideo", "pipe:1"]);
  return rises([...grey].map((value) => value > 160)).map((frame) => (frame * 1000) / FPS);
}

const WINDOW_MS = 5;

/** When a person's beep begins, milliseconds. */
async function beepsIn(t: TestContext, file: string, name: Name): Promise<number[]> {
  const bytes = await ffmpegDone(t, [
    "-copyts",
    "-i",
    file,
    "-af",
    "aresample=async=1:first_pts=0",
    "-ac",
    "1",
    "-ar",
    String(RATE),
    "-f",
    "s16le",
    "pipe:1",
  ]);
  const size = (RATE * WINDOW_MS) / 1000;
  const levels: number[] = [];
  // Two windows at a time, so that the beeps of others have little in it.
  for (let at = 0; at + 4 * size <= bytes.length / 2; at += size) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 4 * size; i++) {
      const angle = (2 * Math.PI * HERTZ[name] * i) / RATE;
      const value = bytes.readInt16LE(2 * (at + i)) / 32_768;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    levels.push((2 * Math.hypot(re, im)) / (4 * size));
  }
  // The middle of the four windows.
  return rises(levels.map((level) => level > 0.12)).map((window) => (window + 2) * WINDOW_MS);
}

/** Where it becomes true, when it was not within the second before. */
function rises(on: readonly boolean[]): number[] {
  return on.flatMap((isOn, i) => (isOn && on[i - 1] === false ? [i] : []));
}

test("everybody is seen and heard where they were, within 80 ms; ffmpeg that dies is begun again; a broken track stops nobody", async (t) => {
  const server = await startLectern(t, { workers: "2", "publish.graceSeconds": "1" });
  const { lesson, token, teacher, student } = await openLesson(t, server);
  const [anna, ben, dan] = [await student("Anna"), await student("Ben"), await student("Dan")];
  const files = { teacher: flashes(HERTZ.teacher), anna: flashes(HERTZ.anna), ben: flashes(HERTZ.ben) };
  const path = `/lessons/${lesson.id}/picture`;
  assert.equal((await ask(server, "POST", path)).body.code, "no-such-recording");

  const begunAt = Date.now() + 300;
  const begun = (ms: number) => until(() => Date.now() - begunAt >= ms, `${ms} ms of the lesson`);
  const sendings = [await send(t, server, teacher, files.teacher, begunAt)];
  await begun(1200);
  sendings.push(await send(t, server, anna, files.anna, begunAt));
  await begun(3300);
  const first = await send(t, server, ben, files.ben, begunAt);
  sendings.push(await send(t, server, dan, files.anna, begunAt, true));
  await begun(AWAY.from);
  first.close();
  assert.equal((await ask(server, "POST", path)).body.code, "conflict", "it is live");
  await begun(AWAY.to);
  sendings.push(await send(t, server, ben, files.ben, begunAt));
  await begun(SECONDS * 1000 - 2000);
  for (const sending of sendings) sending.close();
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const tracks = async (): Promise<Body[]> => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items;
  await until(async () => (await tracks()).every(({ whole }) => whole) && (await tracks()).length >= 4, "everybody's recordings");

  // Nobody has to ask for it; who does gets the same one.
  await until(async () => (await done(server, "GET", path)).state !== "none", "it to begin by itself");
  assert.match((await done(server, "POST", path)).state, /^(waiting|running)$/);
  const killed = await until(() => pidOfFfmpeg(server.directory), "ffmpeg");
  await until(async () => (await done(server, "GET", path)).percent > 0, "its progress");
  process.kill(killed, "SIGKILL");
  const again = await until(() => {
    const pid = pidOfFfmpeg(server.directory);
    return pid === killed ? null : pid;
  }, "another ffmpeg");
  assert.notEqual(again, killed);
  const picture = await until(async () => {
    const state = await done(server, "GET", path);
    assert.notEqual(state.state, "failed", JSON.stringify(state));
    return state.state === "done" ? state : null;
  }, "the picture");
  const { recording } = picture;
  assert.equal(recording.title, "Fractions");
  assert.equal((await done(server, "POST", path)).recording.id, recording.id);

  const { play } = await done(server, "POST", `/recordings/${recording.id}/links`, {});
  const saved = join(SHOTS ?? folder, "picture.mp4");
  writeFileSync(saved, Buffer.from(await (await fetch(play.mp4)).arrayBuffer()));
  const offset = begunAt - Date.parse(recording.startedAt);
  const worst = { flash: 0, beep: 0, between: 0 };
  for (const name of ["teacher", "anna", "ben"] as const) {
    const [seen, heard] = [await flashesIn(t, saved, PLACES[name]), await beepsIn(t, saved, name)];
    // An encoder's sound begins before its picture, and its file with the sound.
    const [sent = Number.NaN] = (await flashesIn(t, files[name], null)).filter((ms) => ms > 1000);
    const [said = Number.NaN] = (await beepsIn(t, files[name], name)).filter((ms) => ms > 1000);
    const before = { flash: sent - EVERY_MS, beep: said - EVERY_MS };
    t.diagnostic(`${name}: flashes ${seen.join(" ")}; beeps ${heard.join(" ")}; from ${offset}; sent ${sent} and ${said}`);
    const isThere = (ms: number) => name !== "ben" || (ms > 4500 && ms + 500 < AWAY.from) || ms > AWAY.to + 1500;
    for (let ms = EVERY_MS; ms < SECONDS * 1000 - 3000; ms += EVERY_MS) {
      const [flash, beep] = [nearest(seen, ms + offset + before.flash), nearest(heard, ms + offset + before.beep)];
      if (!isThere(ms)) {
        if (ms > AWAY.from + 1000 && ms < AWAY.to - 500)
          assert.ok(Math.min(Math.abs(flash), Math.abs(beep)) > 500, `${name} at ${ms} ms: nothing`);
        continue;
      }
      worst.flash = Math.max(worst.flash, Math.abs(flash));
      worst.beep = Math.max(worst.beep, Math.abs(beep));
      worst.between = Math.max(worst.between, Math.abs(flash - beep));
      assert.ok(
        Math.abs(flash) <= MOST_OFF_MS && Math.abs(beep) <= MOST_OFF_MS,
        `${name} at ${ms} ms: flash ${flash} ms off, beep ${beep} ms off`,
      );
      assert.ok(Math.abs(flash - beep) <= MOST_OFF_MS, `${name} at ${ms} ms: flash and beep ${flash - beep} ms apart`);
    }
  }
  t.diagnostic(`at most off: ${JSON.stringify(worst)} ms`);

  // The studio: a picture that was deleted is not made again by itself, but by the button, which can be thought better of.
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/studio/${lesson.id}`);
  const tile = page.getByRole("region", { name: "Recordings" });
  await tile.getByText("One picture of everybody is in the list").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await tile.getByRole("button", { name: "Delete: Fractions", exact: true }).click();
  await tile.getByRole("button", { name: "Make one picture" }).click();
  await tile.getByRole("progressbar", { name: "One picture of everybody" }).waitFor();
  if (SHOTS) await page.screenshot({ path: join(SHOTS, "lesson-picture.png"), fullPage: true });
  assert.deepEqual(await axeFaults(page), []);
  await tile.getByRole("button", { name: "Cancel the picture" }).click();
  await tile.getByRole("button", { name: "Make one picture" }).waitFor();
  await until(() => pidOfFfmpeg(server.directory) === null, "ffmpeg to end");
  assert.equal((await done(server, "GET", path)).state, "none");
});

/** How much later than a time the nearest one is, milliseconds. */
function nearest(times: readonly number[], ms: number): number {
  return times.reduce((best, time) => (Math.abs(time - ms) < Math.abs(best) ? time - ms : best), Number.POSITIVE_INFINITY);
}
