/**
 * A change of quality by the menu, in Chromium: to another rung frame by frame, and remembered. Runs late: it measures whether the picture stands
 * still. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip, NUMBER } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { assertInPlace, live, readNumbers } from "./numbered-frames.ts";

/** Requests for a stream or one of its rungs, as their ends: `.flv`, `@saver.flv`, `@saver` for a playlist. */
function rungRequests(page: Page, name: string): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const [, end] = new RegExp(`/${name}((?:@[a-z]+)?(?:\\.flv|(?=/s/)))`).exec(request.url()) ?? [];
    if (end !== undefined && asked.at(-1) !== end) asked.push(end);
  });
  return asked;
}

/**
 * Longer than the player has media for just after it has gone over to a rung, which comes some 400 ms later than its source: the machine has no time for
 * the encoder, or for the page. Batches come every 200 ms.
 */
const HELD_UP_MS = 300;

/** Watches how evenly a stream arrives, and how evenly the page gets its turns. Gives the longest gap of either, milliseconds. */
function watchForHolds(page: Page, url: string): () => Promise<number> {
  const abort = new AbortController();
  let longest = 0;
  let last: number | null = null;
  const stream = fetch(url, { signal: abort.signal }).then(async ({ body }) => {
    for await (const _chunk of body ?? []) {
      const now = performance.now();
      longest = Math.max(longest, now - (last ?? now));
      last = now;
    }
  });
  stream.catch(() => {});
  const turns = page.evaluate(() => {
    let before = performance.now();
    const state = { longest: 0 };
    setInterval(() => {
      const now = performance.now();
      state.longest = Math.max(state.longest, now - before);
      before = now;
    }, 20);
    Reflect.set(window, "turns", state);
  });
  return async () => {
    await turns;
    const ofPage = await page.evaluate(() => (Reflect.get(window, "turns") as { longest: number }).longest);
    abort.abort();
    return Math.round(Math.max(longest, ofPage));
  };
}

test("the quality menu goes over to another rung without losing a frame, and the device remembers the choice in every engine", async (t) => {
  const lectern = await sharedLectern({ "ladder.rungs": "data-saver", "ladder.cores": "8" });
  // The sound of the data saver is mono.
  publish(t, clip("counted", 90), `${lectern.rtmp}/live/lesson7`);
  await lectern.stream("lesson7", (stream) => stream.video?.gopSeconds != null);
  const page = await openSmallPage(t, { expected: /ERR_/ });
  const asked = rungRequests(page, "lesson7");
  await page.goto(`${lectern.http}/embed/lesson7`);
  await live(page);
  const menu = page.getByLabel("Quality");
  await until(() => menu.isVisible(), "the menu");
  assert.match((await menu.locator("option").allTextContents()).join(), /^Auto \(180p\),180p,Data saver: saves \d+ %,Sound only$/);
  const reading = readNumbers(page, 8000);
  const heldUpMs = watchForHolds(page, `${lectern.http}/live/lesson7@saver.flv`);
  await menu.selectOption("saver");
  let numbers = await reading;
  assert.deepEqual(asked, [".flv", "@saver.flv"]);
  await until(async () => (await lectern.stream("lesson7")).viewers.total === 0, "the end of the other rung");
  assertInPlace(numbers);
  // Where the rungs are joined, both show the same picture, one of them for two milliseconds.
  numbers = numbers.filter(
    ({ number, time }, i) => number !== numbers[i - 1]?.number || time - (numbers[i - 1]?.time ?? 0) > 0.003,
  );
  const steps = numbers.slice(1).map(({ number }, i) => number - (numbers[i]?.number ?? 0));
  assert.ok(
    steps.every((step) => step > 0 && step < NUMBER.fps),
    `steps of ${steps}`,
  );
  const { stalls } = await playerState(page);
  const heldMs = await heldUpMs();
  assert.ok(stalls === 0 || heldMs > HELD_UP_MS, `${stalls} stalls, though nothing was held up for longer than ${heldMs} ms`);

  asked.length = 0;
  await page.reload();
  await live(page);
  assert.deepEqual(asked, ["@saver.flv"]);
  assert.equal(await menu.inputValue(), "saver");
  asked.length = 0;
  await page.goto(`${lectern.http}/embed/lesson7?protocol=hls`);
  await live(page);
  assert.deepEqual(asked, ["@saver"]);
  await menu.selectOption({ label: "Auto" });
  assert.equal(await page.evaluate(() => localStorage.getItem("lectern.quality")), null);
});
