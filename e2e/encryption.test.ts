/** Lessons under a policy that encrypts: live, shifted in time and as recordings, with ffmpeg and in Chromium. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import {
  assertAmong,
  bytesOf,
  decodedFrames,
  decrypted,
  hashes,
  inTheClear,
  mediaOf,
  statusOf,
  watched,
} from "./encrypted-media.ts";
import { frames, publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done, watch } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { assertInPlace, ENOUGH, live, pushNumbered, readNumbers } from "./numbered-frames.ts";

const SETTINGS = { workers: "2", "hls.segmentSeconds": "1", "publish.graceSeconds": "1" };
const RULE = { kind: "encryption", for: "play", segmentsPerKey: 2 };

/** A viewer by RTMP is cut off within so long of a rule about encryption; where others use the machine, only a hang takes so long. */
const CHANGES_MS = runsRare ? 5000 : 30_000;

const server = () => sharedLectern(SETTINGS);

/** A recorded lesson, encrypted unless it is said otherwise. */
async function newLesson(lectern: Lectern, isEncrypted = true): Promise<Body> {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true });
  if (isEncrypted) await encrypt(lectern, lesson);
  return lesson;
}

async function encrypt(lectern: Lectern, lesson: Body): Promise<Body> {
  return await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules: [RULE] });
}

/** The addresses that one viewer gets. */
async function joined(lectern: Lectern, lesson: Body, name: string): Promise<Record<"flv" | "hls" | "rtmp", string>> {
  return (await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name })).play;
}

/** The lesson's recording, once it is complete. */
async function recordingOf(lectern: Lectern, lesson: Body): Promise<Body> {
  return await until(
    async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.find((one: Body) => one.whole) ?? null,
    "the recording",
  );
}

test("ffmpeg plays an encrypted lesson live, shifted and as replay with the frames that were sent; its files do not decode without keys", async (t) => {
  const lectern = await server();
  const lesson = await newLesson(lectern);
  const { name } = lesson.stream;
  const file = clip("b-frames", 40);
  const sent = hashes(await frames(t, file, "packets"));
  const pushing = publish(t, file, `${lectern.rtmp}/live/${name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(name, (stream) => stream.video !== null);
  const play = await joined(lectern, lesson, "Anna");
  const media = await until(async () => {
    const found = await mediaOf(play.hls).catch(() => null);
    return found && found.keys.length > 2 ? found : null;
  }, "two changes of the key");
  assert.deepEqual(new Set(media.keys.map(({ METHOD }) => METHOD)), new Set(["AES-128"]));
  assert.ok(media.text.indexOf("#EXT-X-MAP") < media.text.indexOf("#EXT-X-KEY"));
  assertAmong(sent, await watched(t, play.hls, 5), "live");
  const shifted = await until(() => mediaOf(play.hls.replace("?", "?time_delay=4&")).catch(() => null), "what was before");
  assert.ok(shifted.keys.length > 0);
  assertAmong(sent, await watched(t, play.hls.replace("?", "?time_delay=4&"), 4), "shifted");

  const [address = ""] = media.segments;
  const segment = await bytesOf(address);
  const map = await bytesOf(media.map);
  assert.equal(await decodedFrames(t, Buffer.concat([map, segment])), 0);
  assert.equal(segment.indexOf("moof"), -1);
  assert.ok((await decodedFrames(t, Buffer.concat([map, await decrypted(media, address)]))) > 20);
  assert.equal(await statusOf(inTheClear(address)), 404);

  pushing.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await recordingOf(lectern, lesson);
  const { play: vod } = await done(lectern, "POST", `/recordings/${recording.id}/links`, {});
  const replay = await mediaOf(vod.hls);
  assert.ok(replay && replay.keys.length > 4);
  const all = hashes(await frames(t, vod.hls, "packets"));
  assert.ok(all.length > 200);
  assertAmong(sent, all, "replay");
  const [stored = ""] = replay.segments;
  assert.equal(await decodedFrames(t, Buffer.concat([await bytesOf(replay.map), await bytesOf(stored)])), 0);
  assert.equal(await statusOf(inTheClear(stored)), 404);
  for (const address of [vod.mp4, vod.flv]) assert.equal(await statusOf(address), 403);
});

const statistics = async (page: Page) => {
  const { engine, time, stalls, reconnects, state } = await playerState(page);
  return { engine, time, stalls, reconnects, state };
};

/** Encrypted bytes that the page has got, by what they are. */
function counting(page: Page) {
  const got = { keys: new Set<string>(), encrypted: 0, plain: 0 };
  page.on("response", (response) => {
    if (response.status() !== 200) return;
    const { pathname } = new URL(response.url());
    if (/\/key-[^/]+$/.test(pathname)) got.keys.add(pathname);
    else if (/\.k[^/]+\.m4s$/.test(pathname)) got.encrypted++;
    else if (pathname.endsWith(".m4s") || pathname.endsWith(".flv")) got.plain++;
  });
  return got;
}

async function numbersMove(page: Page, what: string): Promise<number> {
  const first = await until(async () => (await readNumbers(page, 100))[0]?.number ?? null, what);
  await until(async () => ((await readNumbers(page, 100))[0]?.number ?? 0) > first + 20, `${what} that moves`);
  return first;
}

test("a student watches an encrypted lesson in Chromium: live without being asked for a protocol, back in time, and as replay", async (t) => {
  const lectern = await server();
  const lesson = await newLesson(lectern);
  const sending = pushNumbered(t, lectern, `${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, lectern.http);
  const got = counting(page);
  await page.goto(`${lectern.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await live(page);
  const first = await numbersMove(page, "the live picture");
  assert.equal((await statistics(page)).engine, "hls");
  assertInPlace(await readNumbers(page, 4000, ENOUGH));
  assert.ok(got.keys.size >= 2 && got.encrypted > 5 && got.plain === 0, JSON.stringify([got.keys.size, got.encrypted, got.plain]));

  await page.getByRole("button", { name: "Rewind" }).click();
  await page.locator("lectern-replay").waitFor();
  const back = await numbersMove(page, "the picture of before");
  assert.ok(back < first + 25 * 60 && got.plain === 0);

  sending.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  await recordingOf(lectern, lesson);
  const before = got.encrypted;
  await page.getByText("The lesson has ended.").first().waitFor();
  await page.reload();
  await page.locator("lectern-replay").waitFor();
  await numbersMove(page, "the replay");
  assert.ok(got.encrypted > before && got.plain === 0);
});

test("a rule that comes and goes while a lesson is live: FLV viewers change to HLS, HLS players go on", async (t) => {
  const lectern = await server();
  const lesson = await newLesson(lectern, false);
  pushNumbered(t, lectern, `${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const [anna, ben] = [await joined(lectern, lesson, "Anna"), await joined(lectern, lesson, "Ben")];
  const pages = await Promise.all([openOwnPage(t, {}, lectern.http), openOwnPage(t, {}, lectern.http)]);
  const [byHls, byFlv] = pages;
  const got = counting(byHls);
  const embed = (play: { flv: string }, protocol: string) =>
    `${lectern.http}/embed/${lesson.stream.name}${new URL(play.flv).search}${protocol}`;
  await byHls.goto(embed(anna, "&protocol=hls"));
  await byFlv.goto(embed(ben, ""));
  for (const page of pages) await live(page);
  assert.equal((await statistics(byFlv)).engine, "flv");
  const rtmp = watch((await joined(lectern, lesson, "Cleo")).rtmp);
  await until(() => rtmp.bytes() > 0, "a picture by RTMP");

  const policy = await encrypt(lectern, lesson);
  const at = performance.now();
  await rtmp.ended;
  assert.ok(performance.now() - at < CHANGES_MS, `RTMP ended after ${performance.now() - at} ms`);
  await until(() => got.keys.size > 1 && got.encrypted > 5, "encrypted parts");
  await until(async () => (await statistics(byFlv)).engine === "hls", "the change to HLS");
  await live(byFlv);
  const { plain } = got;
  await numbersMove(byFlv, "the picture by HLS");
  assert.equal(got.plain, plain);

  await done(lectern, "DELETE", `/policies/${policy.id}`);
  await until(() => got.plain > plain + 5, "parts that are not encrypted");
  await numbersMove(byHls, "the picture afterwards");
  const { reconnects, stalls, state } = await statistics(byHls);
  assert.deepEqual([reconnects, state], [0, "live"], `${stalls} stalls`);
  assertInPlace(await readNumbers(byHls, 2000, ENOUGH));
});

test("keys and files go to permitted sessions only, and no cache keeps a key", async (t) => {
  const lectern = await server();
  const [lesson, other] = [await newLesson(lectern), await newLesson(lectern)];
  for (const { stream } of [lesson, other]) pushNumbered(t, lectern, `${stream.name}?key=${stream.publishKey}`);
  const playOf = async (one: Body, name: string) => {
    await lectern.stream(one.stream.name, (stream) => stream.video !== null);
    const { play, viewer } = await done(lectern, "POST", `/lessons/${one.code}/join`, { name });
    const media = await until(() => mediaOf(play.hls).catch(() => null), "a playlist");
    return { play, viewer, media };
  };
  const anna = await playOf(lesson, "Anna");
  const keyOf = ({ media }: typeof anna) => new URL(media.keys[0]?.["URI"] ?? "", media.at).href;
  const key = keyOf(anna);
  const answer = await fetch(key);
  assert.deepEqual(
    [
      answer.status,
      answer.headers.get("cache-control"),
      answer.headers.get("content-type"),
      (await answer.arrayBuffer()).byteLength,
    ],
    [200, "no-store", "application/octet-stream", 16],
  );
  const [segment = ""] = anna.media.segments;
  assert.match((await fetch(segment)).headers.get("cache-control") ?? "", /immutable/);
  const session = /\/s\/[^/]+/.exec(key)?.[0] ?? "";
  // With a session of another lesson, or none.
  const foreign = /\/s\/[^/]+/.exec(keyOf(await playOf(other, "Ben")))?.[0] ?? "";
  for (const address of [key, segment]) {
    assert.notEqual(session, foreign);
    assert.equal(await statusOf(address.replace(session, foreign)), 401, address);
    assert.ok([401, 404].includes(await statusOf(address.replace(session, ""))), address);
  }
  // No playlist has named these keys.
  const tag = /-([0-9a-f]{12})$/.exec(key)?.[1];
  for (const name of [`999-${tag}`, "0-000000000000", "0"])
    assert.equal(await statusOf(key.replace(/key-.*$/, `key-${name}`)), 404);
  // The same key, at another worker.
  for (let i = 0; i < 10; i++) assert.equal((await fetch(key, { headers: { connection: "close" } })).status, 200);

  assert.deepEqual([anna.play.flv, anna.play.rtmp], [null, null]);
  const flv: string = anna.play.hls.replace(".m3u8", ".flv");
  for (const address of [flv, flv.replace(".flv", ".rungs.json"), flv.replace("?", "?time_delay=5&")]) {
    const refused = await fetch(address);
    assert.deepEqual([refused.status, ((await refused.json()) as Body).code], [403, "refused-by-rule"], address);
  }
  assert.equal(await watch(flv.replace("http:", "ws:")).ended, "refused-by-rule");
  assert.equal(await statusOf(flv.replace(".flv", ".jpg")), 200);

  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
  await until(async () => (await statusOf(key)) === 403, "no key for the viewer who was removed");
  assert.equal(await statusOf(segment), 403);
});
