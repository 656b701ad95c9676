/**
 * A teacher's pen in Chromium: workers send what is written, past the page. What is on the board stays what it is when processes die in the middle of strokes, when a
 * worker is slow, and when one cannot be loaded.
 * Only with --all.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { joinLesson, openBoardForInk, openStudio, teachSilently } from "./board-lessons.ts";
import { boardOf, inkOf, Stylus, sameBoard, showsBoard } from "./board-pages.ts";
import { type PenPoint, word } from "./handwriting.ts";
import { until } from "./lectern.ts";
import { openWorld } from "./stage-pages.ts";
import { pidOf } from "./worker-connections.ts";

/** About the ink of a word, in pixels. */
const INK = 150;
const WORKERS = /\/(room-socket|pen)-worker-/;

function workersOf(page: Page): readonly (string | undefined)[] {
  return page
    .workers()
    .map((worker) => WORKERS.exec(worker.url())?.[1])
    .filter((name) => name !== undefined)
    .toSorted();
}

/** What the page shows once no stroke is live. */
async function committedBoard(page: Page): Promise<Buffer> {
  await page.locator('.live-strokes[style*="opacity: 0"]').waitFor({ state: "attached" });
  return await boardOf(page);
}

/** @param act in the middle of the stroke */
async function writeWhile(stylus: Stylus, points: readonly PenPoint[], act: () => Promise<void>): Promise<void> {
  const middle = Math.floor(points.length / 2);
  await stylus.down(points.slice(0, middle));
  await act();
  await stylus.move(points.slice(middle));
  await stylus.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
}

/** The pen rests on the page until there is a line again. */
async function lineReturns(studio: Page): Promise<void> {
  const status = studio.getByRole("status").filter({ hasText: /reconnect/i });
  await status.waitFor();
  await status.waitFor({ state: "hidden" });
  await studio.locator('.live-strokes:not([style*="opacity: 0;"])').waitFor();
}

test("processes are killed in the middle of strokes: all points are there once, for who followed and for who comes late", async (t) => {
  const { server } = await openWorld({ isAlone: true });
  const { lesson, studio } = await teachSilently(t);
  const anna = await joinLesson(t, lesson, "Anna");
  const stylus = await openBoardForInk(studio);
  assert.deepEqual(workersOf(studio), ["pen", "room-socket"]);
  await stylus.draw(word(4, { x: 40, y: 60 }));
  await sameBoard(studio, { anna }, "a word", INK);
  for (const [i, name] of ["media-1", "control", "media-1"].entries()) {
    const y = 110 + 60 * i;
    await writeWhile(stylus, word(12, { x: 40, y }), async () => {
      process.kill(pidOf(server, name), "SIGKILL");
      // Lines end in the other one.
      if (name !== "control") await lineReturns(studio);
    });
    await stylus.draw(word(4, { x: 380, y }));
    const own = await committedBoard(studio);
    await showsBoard(anna, own, `what was written while ${name} died`);
    const late = await joinLesson(t, lesson, `Late ${i}`);
    await showsBoard(late, own, `what was written while ${name} died, for who comes late`);
    assert.ok((await boardOf(studio)).equals(own), "nothing that was drawn changes when it is stored");
    await late.context().close();
  }
});

/** Runs in the page: it hears what its workers tell a third of a second late. */
function slowWorkers(): void {
  const { addEventListener } = Worker.prototype;
  Worker.prototype.addEventListener = function (this: Worker, name: string, listen: unknown) {
    addEventListener.call(this, name, (event) => void setTimeout(() => (listen as (event: Event) => void)(event), 300));
  };
}

test("a stroke that the page has not heard the end of is taken back and restored as any other", async (t) => {
  const { lesson, studio } = await teachSilently(t, slowWorkers);
  const anna = await joinLesson(t, lesson, "Anna");
  const stylus = await openBoardForInk(studio);
  assert.deepEqual(workersOf(studio), ["pen", "room-socket"]);
  await stylus.draw(word(4, { x: 40, y: 60 }));
  const first = await sameBoard(studio, { anna }, "a word", INK);
  await stylus.draw(word(4, { x: 40, y: 160 }));
  await studio.keyboard.press("Control+z");
  await showsBoard(studio, first, "a word that is taken back at once");
  await showsBoard(anna, first, "a word that is taken back at once, at Anna's");
  await studio.keyboard.press("Control+Shift+z");
  const both = await sameBoard(studio, { anna }, "it is there again", inkOf(first) + INK);
  await stylus.draw(word(4, { x: 40, y: 260 }));
  await studio.keyboard.press("Control+z");
  await studio.keyboard.press("Control+z");
  await showsBoard(studio, first, "two are taken back at once");
  await studio.keyboard.press("Control+Shift+z");
  await showsBoard(studio, both, "one of them is there again");
  await showsBoard(anna, both, "one of them is there again, at Anna's");
  // In the middle of a stroke, the one before it is meant.
  await writeWhile(stylus, word(6, { x: 260, y: 60 }), () => studio.keyboard.press("Control+z"));
  await sameBoard(studio, { anna }, "a stroke in whose middle the one before was taken back", inkOf(first) + INK);
  await studio.keyboard.press("Control+z");
  await showsBoard(studio, first, "it is taken back");
  await showsBoard(anna, first, "it is taken back, at Anna's");
});

test("where one of the workers cannot be loaded, the page does its work", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  await openBoardForInk(studio);
  const anna = await joinLesson(t, lesson, "Anna");
  await studio.context().close();
  let least = 0;
  for (const [i, scripts] of [/room-socket-worker/, /pen-worker/, WORKERS].entries()) {
    const page = await openStudio(t, lesson.id, (page) => page.route(scripts, (route) => route.abort()));
    const stylus = await Stylus.on(page);
    const expected = ["pen", "room-socket"].filter((name) => !scripts.test(`/${name}-worker-`));
    await until(() => workersOf(page).join() === expected.join(), `the workers ${expected}`);
    await stylus.draw(word(5, { x: 40, y: 60 + 90 * i }));
    least += INK;
    await sameBoard(page, { anna }, `a word without ${scripts}`, least);
    await page.context().close();
  }
});
