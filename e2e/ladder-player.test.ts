/**
 * The player with a ladder in Chromium: it goes to a smaller rung on a slow connection, and comes back. Runs alone: it measures how long the
 * picture stands still. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import { live } from "./numbered-frames.ts";

const MAX_STALL_MS = 1000;

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

test("on a slow connection the picture goes on, smaller, and comes back when the connection does", async (t: TestContext) => {
  const lectern = await startLectern(t, { "ladder.rungs": "mobile", "ladder.start": "publish" });
  publishForever(t, clip("4 Mb/s", 16), `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  // 480p, 360p, the data saver and the sound.
  await until(async () => (await lectern.metric("lectern_rungs")) === 4, "the rungs");
  const page = await openPage(t, { expected: /ERR_|503/ });
  await page.goto(`${lectern.http}/embed/math?protocol=hls`);
  await live(page);
  await until(async () => (await playerState(page)).width === 1280, "the largest picture");
  const options = await page.locator("lectern-player select.quality option").allTextContents();
  assert.match(options.join(), /^Auto,720p,480p,360p,Data saver: saves 9\d %$/);
  const limit = await limiter(page);
  const stalled: number[] = [];
  // A machine that stands still itself makes another attempt necessary.
  for (let attempt = 0; attempt < 3 && (stalled.at(-1) ?? Number.POSITIVE_INFINITY) > MAX_STALL_MS; attempt++) {
    const [before, from] = [await stallMs(page), (await playerState(page)).time];
    await limit(500);
    await until(async () => (await playerState(page)).time > from + 15, "a quarter of a minute of it");
    assert.equal((await playerState(page)).width, 640);
    stalled.push((await stallMs(page)) - before);
    await limit(null);
    await until(async () => (await playerState(page)).width === 1280, "the largest picture again");
  }
  t.diagnostic(`at 500 kbps, stalled for ${stalled.map(Math.round).join(", ")} ms`);
  assert.ok((stalled.at(-1) ?? 0) <= MAX_STALL_MS, `stalled for ${stalled.join(", ")} ms`);
  const { state, reconnects } = await playerState(page);
  assert.deepEqual([state, reconnects], ["live", 0]);
});
