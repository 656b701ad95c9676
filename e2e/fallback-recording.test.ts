/**
 * The recording of a person whose camera falls from WHIP to the web connection: one timeline, on which picture and sound stay together, before and after.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { frames } from "./ffmpeg.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { beepsIn, flashesIn, nearest } from "./flash-clips.ts";
import { HANG_MS, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { beepsMade, FLASH, flashesDrawn, madeUpPerson } from "./made-up-person.ts";
import { seenStates, startPublishing, stateOf } from "./published-page.ts";
import { udpGate } from "./udp-gate.ts";

const HERTZ = 900;
/** Of each way: some flashes. */
const EACH_MS = 15_000;
const LEAST_MOMENTS = 3;
const MOST_APART_MS = 100;
const MOST_OFF_MS = 1000;
/** The last frames before the camera changes its way may lack what follows. */
const MOST_UNDECODED = 3;

/** A page with the library, whose camera flashes when its microphone beeps. */
async function cameraPage(t: TestContext, server: string): Promise<Page> {
  const browser = await sharedBrowser();
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(HANG_MS);
  await context.addInitScript({ content: madeUpPerson(HERTZ) });
  const page = await context.newPage();
  await page.goto(`${server}/robots.txt`);
  await page.evaluate(async () => {
    const library = "/publisher.js";
    const camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    Object.assign(globalThis, { lectern: await import(library), camera, states: [] });
  });
  return page;
}

const now = (page: Page): Promise<number> => page.evaluate(() => Date.now());

const live = (page: Page, way: string) =>
  until(async () => {
    const state = await stateOf(page);
    return state.phase === "live" && state.way === way;
  }, `the publisher by ${way}`);

type Marks = {
  readonly drawn: readonly Moment[];
  readonly made: readonly Moment[];
  readonly seen: number[];
  readonly heard: number[];
};
type Moment = { readonly due: number; readonly at: number };

/** How far sound and picture are apart in the recording, of each moment within a span. @param begin of the recording's time there; all in milliseconds since 1970 */
function apart({ drawn, made, seen, heard }: Marks, begin: number, from: number, to: number): number[] {
  return drawn
    .filter(({ at }) => at > from && at < to)
    .flatMap(({ due, at }) => {
      const beep = made.find((one) => one.due === due);
      if (!beep) return [];
      const [flashed, beeped] = [nearest(seen, at - begin), nearest(heard, beep.at - begin)];
      return Math.max(Math.abs(flashed), Math.abs(beeped)) < FLASH.everyMs / 2 ? [Math.abs(flashed - beeped)] : [];
    })
    .toSorted((a, b) => a - b);
}

long("a recording goes on from WHIP to the web connection, as long as both were, with sound and picture together", async (t) => {
  const server = await sharedLectern({ workers: "1" });
  const page = await cameraPage(t, server.http);
  const gate = await udpGate(t, page, /\/whip/, ["POST", "PATCH"]);
  const lesson = await done(server, "POST", "/lessons", { title: "Fallback", record: true });
  const { name, publishKey } = lesson.stream;
  await startPublishing(page, { address: `${server.http}/live/${name}`, key: publishKey });
  await live(page, "whip");
  await sleep(EACH_MS);
  const shutAt = await now(page);
  gate.shut();
  await live(page, "websocket");
  await sleep(EACH_MS);
  const states = await seenStates(page);
  const [drawn, made] = [await flashesDrawn(page), await beepsMade(page)];
  const [endAt, origin] = await page.evaluate(() => [Date.now(), Date.now() - performance.now()] as const);
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const overAt = await now(page);
  const recordings = await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.length > 0 && items.every(({ whole }: Body) => whole) ? items : null;
  }, "the recording");
  assert.equal(recordings.length, 1);
  const [{ id, startedAt, seconds }] = recordings;
  const begunAt = Date.parse(startedAt);
  const backAt = origin + (states.findLast(({ phase, way }) => phase === "live" && way === "websocket")?.at ?? Number.NaN);
  const least = shutAt - begunAt + (endAt - backAt);
  const most = least + overAt - endAt;
  t.diagnostic(`${seconds} s, of ${least / 1000} to ${most / 1000}`);
  assert.ok(
    seconds * 1000 > least - MOST_OFF_MS && seconds * 1000 < most + MOST_OFF_MS,
    `the recording has ${seconds} s, not ${least / 1000}`,
  );

  const { play } = await done(server, "POST", `/recordings/${id}/links`, {});
  // One file has all of both, though the picture has another form.
  const [packets, decoded] = [await frames(t, play.mp4, "packets", "0:v"), await frames(t, play.mp4, "decoded", "0:v")];
  t.diagnostic(`${packets.length} frames in the MP4, ${decoded.length} decoded`);
  assert.ok(decoded.length >= packets.length - MOST_UNDECODED, `${decoded.length} of ${packets.length} frames can be decoded`);
  const marks = { drawn, made, seen: await flashesIn(t, play.hls, null), heard: await beepsIn(t, play.hls, HERTZ) };
  const ways = {
    // The newest packets are lost with the connection.
    whip: apart(marks, begunAt, begunAt, shutAt - MOST_OFF_MS),
    websocket: apart(marks, endAt - seconds * 1000, backAt, endAt),
  };
  t.diagnostic(JSON.stringify(ways));
  for (const [way, moments] of Object.entries(ways)) {
    assert.ok(moments.length >= LEAST_MOMENTS, `by ${way}: ${moments.length} moments`);
    // A page with much to do draws some flashes late.
    const middle = moments[moments.length >> 1] ?? Number.POSITIVE_INFINITY;
    assert.ok(middle <= MOST_APART_MS, `by ${way}, sound and picture are ${middle} ms apart`);
  }
});
