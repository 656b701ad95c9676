/**
 * The player with a ladder in Chromium: it goes to a smaller rung on a slow connection, or to sound alone, and comes back. Where the file is
 * named, the picture may not stand for longer than a second. Runs late. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever, type Run } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { rare, runsRare } from "./long-tests.ts";
import { live } from "./numbered-frames.ts";
import { type Seen, watchScreen } from "./screen-watch.ts";
import { type SlowLink, slowLink } from "./slow-link.ts";
import { SMALL_LADDER, SMALL_RUNGS } from "./small-ladder.ts";
import { publishTags } from "./tag-publisher.ts";

/** In a run of all tests, only what hangs stands for longer. */
const MAX_STALL_MS = runsRare ? 1000 : 20_000;
/** A machine that stands still itself makes another attempt necessary. */
const ATTEMPTS = 3;

let publisher: Run | null = null;

/**
 * A server with a live stream `math` of 1.5 Mbit/s at 360p, and its rungs: 180p, the data saver and the sound. Where a machine was too slow for a
 * moment and gave one up, it is published again.
 */
async function lessonWithLadder(): Promise<Lectern> {
  const lectern = await sharedLectern(SMALL_LADDER);
  const hasRungs = async () => (await lectern.metric("lectern_rungs")) === SMALL_RUNGS.length;
  if (publisher && (await hasRungs())) return lectern;
  publisher?.child.kill("SIGKILL");
  await until(async () => (await lectern.metric("lectern_rungs")) === 0, "the end of the rungs");
  publisher = publishForever(wholeFile, clip("1.5 Mb/s of filler", 20), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  await until(hasRungs, "the rungs");
  return lectern;
}

/** Limits what a page receives, in kbit/s. */
async function limiter(page: Page): Promise<(kbps: number | null) => Promise<void>> {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  return async (kbps) => {
    const downloadThroughput = kbps === null ? -1 : (kbps * 1000) / 8;
    await network.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 20,
      uploadThroughput: -1,
      downloadThroughput,
    });
  };
}

/** How long the player has stalled so far, milliseconds. */
const stallMs = (page: Page) =>
  page
    .locator("lectern-player")
    .evaluate((element) => Number((element as unknown as { statistics: Record<string, unknown> }).statistics["stallMs"]));

/** What the page says over the picture while sound plays alone; empty while the picture plays. */
const soundOnlyWords = (page: Page) =>
  page.locator("lectern-player .sound-only").evaluate((sign) => (sign.hasAttribute("hidden") ? "" : (sign.textContent ?? "")));

/** Opens a page of the server behind a link whose speed the test sets. */
async function openBehindLink(t: TestContext, path: string, viewport = { width: 640, height: 360 }) {
  const lectern = await lessonWithLadder();
  const link = await slowLink(t, lectern.httpPort);
  // A machine that cannot encode all rungs gives the largest one up.
  const page = await openPage(t, { expected: /ERR_|404|50[0-9]/, viewport });
  await page.goto(`http://127.0.0.1:${link.port}${path}`);
  await live(page);
  return { lectern, link, page };
}

/** Waits for the picture of 360p, which the player shows again when the connection is fast. */
const largest = (page: Page) => until(async () => (await playerState(page)).width === 640, "the largest picture");

/** Slows a link down for a while, and says how long the picture stood still. */
async function slowDown(page: Page, link: SlowLink, kbps: number, seen: () => Promise<Seen>) {
  const before = await stallMs(page);
  await seen();
  link.limit(kbps);
  await until(async () => (await playerState(page)).width === 320, "a smaller picture");
  const from = (await playerState(page)).time;
  await until(async () => (await playerState(page)).time > from + 6, "a while of it");
  assert.ok((await playerState(page)).width < 640);
  return { stalledMs: (await stallMs(page)) - before, ...(await seen()) };
}

/** @param by how the player reads FLV */
async function followsTheConnection(t: TestContext, by: "fetch" | "WebSocket"): Promise<void> {
  const { link, page } = await openBehindLink(t, "/embed/math");
  if (by === "WebSocket") {
    const src = `ws://127.0.0.1:${link.port}/live/math.flv`;
    await page.evaluate((src) => document.querySelector("lectern-player")?.setAttribute("src", src), src);
    await live(page);
  }
  await largest(page);
  const seen = await watchScreen(page);
  const stops: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && (stops.at(-1) ?? Number.POSITIVE_INFINITY) > MAX_STALL_MS; attempt++) {
    const { stalledMs, longestStopMs } = await slowDown(page, link, 500, seen);
    stops.push(Math.max(stalledMs, longestStopMs));
    link.limit(null);
    const before = performance.now();
    await largest(page);
    t.diagnostic(`stood still for ${Math.round(stops.at(-1) ?? 0)} ms; 360p after ${Math.round(performance.now() - before)} ms`);
  }
  assert.ok((stops.at(-1) ?? 0) <= MAX_STALL_MS, `stood still for ${stops.join(", ")} ms`);
  assert.equal((await seen()).blackFrames, 0);
  const { state, reconnects, engine } = await playerState(page);
  assert.deepEqual([state, reconnects, engine], ["live", 0, "flv"]);
}

test("FLV by fetch: on a slow connection the picture goes on, smaller, and comes back when the connection does", (t) =>
  followsTheConnection(t, "fetch"));

rare("FLV by WebSocket: on a slow connection the picture goes on, smaller, and comes back when the connection does", (t) =>
  followsTheConnection(t, "WebSocket"),
);

for (const protocol of ["flv", "hls"]) {
  test(`${protocol}: where not even the smallest picture arrives in time, the sound goes on alone, also for who begins then, and the picture comes back by itself`, async (t) => {
    const { link, page } = await openBehindLink(t, `/embed/math?protocol=${protocol}`);
    const soundGoesOn = async (): Promise<void> => {
      await until(async () => /Sound only.*too slow for the picture/.test(await soundOnlyWords(page)), "the sound alone");
      await live(page);
      const { time } = await playerState(page);
      await until(async () => (await playerState(page)).time > time + 3, "the sound that goes on");
    };
    link.limit(110);
    await soundGoesOn();
    // As after a lost connection, and as for a viewer who comes now.
    await page.evaluate((protocol) => document.querySelector("lectern-player")?.setAttribute("protocol", protocol), protocol);
    await soundGoesOn();
    link.limit(null);
    await until(async () => (await soundOnlyWords(page)) === "", "the picture");
    await until(async () => (await playerState(page)).width >= 320, "the picture");
    assert.equal((await playerState(page)).state, "live");
  });
}

test("a small player has a small picture, and a larger one a larger picture", async (t) => {
  const lectern = await lessonWithLadder();
  const page = await openPage(t, { viewport: { width: 280, height: 158 } });
  await page.goto(`${lectern.http}/embed/math`);
  await live(page);
  await until(async () => (await playerState(page)).width === 320, "the small picture");
  await page.setViewportSize({ width: 640, height: 360 });
  await largest(page);
  const { state, reconnects } = await playerState(page);
  assert.deepEqual([state, reconnects], ["live", 0]);
});

for (const protocol of ["flv", "hls"]) {
  test(`${protocol}: a source that this browser cannot play is shown as the first rung that it can, or heard as sound alone`, async (t) => {
    for (const [settings, expected] of [
      [SMALL_LADDER, 320],
      [{ "ladder.rungs": "audio", "ladder.cores": "8" }, 0],
    ] as const) {
      const lectern = await sharedLectern(settings);
      const name = `hevc-${protocol}`;
      await publishTags(t, lectern, name, new URL("clips/hevc.flv", import.meta.url).pathname);
      await lectern.stream(name, (stream) => stream.video?.codec === "hevc");
      const page = await openPage(t, { expected: /./ });
      await page.goto(`${lectern.http}/embed/${name}?protocol=${protocol}`);
      await live(page);
      const { time } = await playerState(page);
      await until(async () => (await playerState(page)).time > time + 2, "a stream that goes on");
      assert.equal((await playerState(page)).width, expected);
      assert.match(await soundOnlyWords(page), expected === 0 ? /Sound only.*cannot play the picture/ : /^$/);
    }
  });
}

rare("HLS: on a slow connection the picture goes on, smaller, and comes back when the connection does", async (t: TestContext) => {
  const lectern = await lessonWithLadder();
  // A machine that cannot encode all rungs gives the largest one up.
  const page = await openPage(t, { expected: /ERR_|404|50[0-9]/ });
  await page.goto(`${lectern.http}/embed/math?protocol=hls`);
  await live(page);
  await until(async () => (await playerState(page)).width === 640, "the largest picture");
  const options = await page.locator("lectern-player .quality option").allTextContents();
  assert.match(options.join(), /^Auto \(360p\),360p,180p,Data saver: saves \d\d %,Sound only$/);
  const limit = await limiter(page);
  const stalled: number[] = [];
  // A machine that stands still itself makes another attempt necessary.
  for (let attempt = 0; attempt < 3 && (stalled.at(-1) ?? Number.POSITIVE_INFINITY) > MAX_STALL_MS; attempt++) {
    const [before, from] = [await stallMs(page), (await playerState(page)).time];
    await limit(500);
    await until(async () => (await playerState(page)).time > from + 15, "a quarter of a minute of it");
    await until(async () => (await playerState(page)).width === 320, "a smaller picture");
    stalled.push((await stallMs(page)) - before);
    await limit(null);
    await until(async () => (await playerState(page)).width === 640, "the largest picture again");
  }
  t.diagnostic(`at 500 kbps, stalled for ${stalled.map(Math.round).join(", ")} ms`);
  assert.ok((stalled.at(-1) ?? 0) <= MAX_STALL_MS, `stalled for ${stalled.join(", ")} ms`);
  const { state, reconnects } = await playerState(page);
  assert.deepEqual([state, reconnects], ["live", 0]);
});
