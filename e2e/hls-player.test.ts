/** The player with HLS in Chromium: low latency by hls.js, configuration changes, fallback to the other protocol. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeCertificate } from "./certificate.ts";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever, type Run } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { freePort, startLectern, until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { assertInPlace, ENOUGH, live, pushNumbered, readNumbers } from "./numbered-frames.ts";

/** A page that is closed has its held request cut off, and one whose publisher left may ask too early. */
const CUT_OFF = /503|ERR_CONNECTION/;

/** Publishes a lesson, and opens a page that plays it by HLS. */
async function watchLesson(t: TestContext, name: string, which: "counted" | "counted, small" = "counted") {
  const lectern = await sharedLectern();
  const publisher = pushNumbered(t, lectern, name, which);
  await lectern.stream(name, (stream) => stream.video !== null);
  const page = await openSmallPage(t, { expected: CUT_OFF });
  await page.goto(`${lectern.http}/embed/${name}?protocol=hls`);
  await live(page);
  return { lectern, publisher, page };
}

long("a publisher that comes back with another picture: the player goes on by itself, without starting over", async (t) => {
  const { lectern, publisher: first, page } = await watchLesson(t, "lesson2");
  await until(async () => (await playerState(page)).width === 320, "the first picture");
  first.child.kill("SIGKILL");
  await lectern.stream("lesson2", (stream) => stream.publisher === null);
  const second = pushNumbered(t, lectern, "lesson2", "counted, small");
  await until(async () => (await playerState(page)).width === 256, "the second picture");
  const { time } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 2, "moving pictures");
  second.child.kill("SIGKILL");
  await lectern.stream("lesson2", (stream) => stream.publisher === null);
  pushNumbered(t, lectern, "lesson2", "counted, small");
  const before = (await playerState(page)).time;
  await until(async () => (await playerState(page)).time > before + 3, "moving pictures, again");
  const state = await playerState(page);
  assert.deepEqual([state.state, state.reconnects], ["live", 0]);
});

long("a publisher that comes back with another codec: H.264, then AV1, and the player goes on", async (t) => {
  const { lectern, publisher: first, page } = await watchLesson(t, "lesson3");
  await until(async () => (await playerState(page)).time > 1, "moving pictures");
  first.child.kill("SIGKILL");
  await lectern.stream("lesson3", (stream) => stream.publisher === null);
  const source = join(import.meta.dirname, "clips/av1.source.mp4");
  const pusher = spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), source, `${lectern.rtmp}/live/lesson3`], {
    stdio: "ignore",
  });
  t.after(() => pusher.kill("SIGKILL"));
  await lectern.stream("lesson3", (stream) => stream.video?.codec === "av1");
  await until(async () => (await playerState(page)).width === 320, "the AV1 picture");
  const { time } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 2, "moving pictures");
  const state = await playerState(page);
  assert.deepEqual([state.state, state.reconnects], ["live", 0]);
});

long("a publisher that comes back without sound, and with it again: the player goes on", async (t) => {
  const { lectern, publisher: first, page } = await watchLesson(t, "lesson9", "counted, small");
  await until(async () => (await playerState(page)).time > 1, "moving pictures");
  let before: Run = first;
  for (const [file, width] of [
    [clip("camera", 20), 320],
    [clip("tiny", 60), 160],
  ] as const) {
    before.child.kill("SIGKILL");
    await lectern.stream("lesson9", (stream) => stream.publisher === null);
    before = publishForever(t, file, `${lectern.rtmp}/live/lesson9`);
    await until(async () => (await playerState(page)).width === width, "the other picture");
    const { time } = await playerState(page);
    await until(async () => (await playerState(page)).time > time + 2, "moving pictures");
  }
  assert.equal((await playerState(page)).state, "live");
});

long("over HTTPS: low-latency HLS by HTTP/2, and FLV by WebSocket", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-https-player-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const port = await freePort();
  const lectern = await startLectern(t, { "http.tls": JSON.stringify({ ...makeCertificate(directory, "localhost"), port }) });
  pushNumbered(t, lectern, "lesson4");
  await lectern.stream("lesson4", (stream) => stream.video !== null);
  const page = await openSmallPage(t, { ignoreHTTPSErrors: true, expected: CUT_OFF });
  await page.goto(`https://127.0.0.1:${port}/embed/lesson4?protocol=hls`);
  await live(page);
  assertInPlace(await readNumbers(page, 4000, ENOUGH));
  const protocols = await page.evaluate(() => {
    const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return entries.filter(({ name }) => /\.m4s$|_HLS_/.test(name)).map(({ nextHopProtocol }) => nextHopProtocol);
  });
  assert.ok(protocols.length > 10);
  assert.deepEqual([...new Set(protocols)], ["h2"]);
  await page.goto(`https://127.0.0.1:${port}/embed/lesson4`);
  await live(page);
  assert.equal((await playerState(page)).engine, "flv");
  await lectern.stream("lesson4", (stream) => stream.viewers.ws === 1);
});

test("where FLV does not get through, HLS does, by itself; with one rung there is no menu", async (t) => {
  const lectern = await sharedLectern();
  pushNumbered(t, lectern, "lesson5");
  await lectern.stream("lesson5", (stream) => stream.video !== null);
  const page = await openSmallPage(t, { expected: /ERR_|Failed to load/ });
  await page.route(/\.flv/, (route) => route.abort());
  await page.goto(`${lectern.http}/embed/lesson5`);
  await live(page);
  const state = await playerState(page);
  assert.equal(state.engine, "hls");
  assert.equal(await page.getByLabel("Quality").isVisible(), false);
  await until(async () => (await playerState(page)).time > state.time + 1, "moving pictures");
});

long("without Media Source Extensions, as on an iPhone, the browser's own HLS plays", async (t) => {
  const lectern = await sharedLectern();
  pushNumbered(t, lectern, "lesson8");
  await lectern.stream("lesson8", (stream) => stream.video !== null);
  const page = await openSmallPage(t, { expected: /Failed to load/ });
  await page.addInitScript(() => Reflect.deleteProperty(window, "MediaSource"));
  await page.goto(`${lectern.http}/embed/lesson8`);
  await live(page);
  const state = await playerState(page);
  assert.equal(state.engine, "native");
  await until(async () => (await playerState(page)).time > state.time + 2, "moving pictures");
});
