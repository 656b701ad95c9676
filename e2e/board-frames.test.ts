/**
 * A page of the board with 5000 strokes in Chromium, with a processor that is four times as slow: what a frame costs the teacher who writes on and a student who
 * looks on, one after the other, since each has a device of their own; and how long a latecomer waits for the page. Runs alone: its figures are times. Only by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { ActedTeacher } from "./acted-teacher.ts";
import { joinLesson, openBoard, teach } from "./board-lessons.ts";
import { type BoardWait, noteFirstBoard, openPenPage, sameBoard, waitedForBoard } from "./board-pages.ts";
import { CHROMIUM } from "./browser.ts";
import { fillPage } from "./filled-page.ts";
import { type FrameCosts, frameCosts, percentile, throttle } from "./frame-costs.ts";
import { DESKTOP, openWorld, PHONE } from "./stage-pages.ts";

const STROKES = 5000;
const SLOWER = 4;
const WRITING_MS = 15_000;
/** Browsers compile what a page does again and again. */
const WARM_MS = 10_000;
const LEAST_FRAMES = 100;
const LATECOMERS = 5;
/** What is promised: of the frames of a page, in milliseconds of the processor; and of the wait for the page. */
const LIMITS = { frameMs: 8, firstBoardMs: 500 } as const;

/** What the frames of a page on a slow device cost while somebody writes, who has written before. */
async function written(writer: ActedTeacher, page: Page): Promise<FrameCosts> {
  await writer.fixBoard();
  await throttle(page, SLOWER);
  await writer.write(WARM_MS);
  const costs = await frameCosts(page, () => writer.write(WRITING_MS));
  await throttle(page, 1);
  return costs;
}

const told = (values: readonly number[]): string =>
  `${[0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(1)).join(" / ")} ms (median / p95 / most) of ${values.length}`;

const waitText = ({ first, whole }: BoardWait): string => `ink after ${Math.round(first)} ms, all after ${Math.round(whole)} ms`;

test("on a page with 5000 strokes, frames of the teacher and of a student are cheap on a slow device, and latecomers see it at once", async (t) => {
  const { server, browser } = await openWorld({ browser: CHROMIUM });
  const { lesson, studio } = await teach(t);
  await openBoard(studio);
  await fillPage(server, lesson, STROKES);
  const empty = await openPenPage(browser);
  const floor = await written(await ActedTeacher.on(empty, 5), empty);
  t.diagnostic(`frames of a page with a pen and nothing else: ${told(floor)}`);
  await empty.close();
  const writer = await ActedTeacher.on(studio, 5);
  const teacher = await written(writer, studio);

  const student = await joinLesson(t, lesson, "Anna", DESKTOP);
  await sameBoard(studio, { student }, "the full page", 10_000);
  const costs = { teacher, student: await written(writer, student) };
  for (const [name, values] of Object.entries(costs)) t.diagnostic(`frames of the ${name}: ${told(values)}`);
  await sameBoard(studio, { student }, "the full page, written on", 10_000);

  const waits: number[] = [];
  for (let i = 0; i < LATECOMERS; i++) {
    const late = await joinLesson(t, lesson, `Late ${i}`, PHONE, noteFirstBoard);
    const joined = await waitedForBoard(late);
    await late.reload();
    const loaded = await waitedForBoard(late);
    t.diagnostic(`latecomer ${i + 1}: ${waitText(joined)} after joining; page loaded again: ${waitText(loaded)}`);
    waits.push(joined.first);
    await late.context().close();
  }

  for (const [name, values] of Object.entries(costs)) {
    assert.ok(values.length >= LEAST_FRAMES, `${name}: ${values.length} frames`);
    assert.ok(percentile(values, 0.95) < LIMITS.frameMs, `${name}: ${told(values)}; a pen and nothing else: ${told(floor)}`);
  }
  assert.ok(percentile(waits, 0.5) < LIMITS.firstBoardMs, `latecomers: ${told(waits)}`);
});
