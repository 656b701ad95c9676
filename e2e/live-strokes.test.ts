/**
 * Live strokes in Chromium, the writer's and what others see of it: a worker draws it on a canvas of its own until the board has it; and where workers cannot, the board's
 * canvas shows it. Only with --all.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { joinLesson, openBoard, openBoardForInk, openStudio, teachSilently } from "./board-lessons.ts";
import { chooseTool, Stylus, sameBoard, showsBoard } from "./board-pages.ts";
import { fillPage } from "./filled-page.ts";
import { line, type PenPoint, word } from "./handwriting.ts";
import { until } from "./lectern.ts";
import type { Body } from "./lesson-client.ts";
import { openWorld } from "./stage-pages.ts";

const WORD = word(5, { x: 60, y: 100 }, 40);
/** More than are in hand at a time. */
const LINES = 12;
/** Strokes, and about how many pixels each has, of which many lie over others. */
const STROKES = 600;
const INK_OF_STROKE = 10;
/** Samples of a stroke that takes ten seconds. */
const LONG = 1200;
/** Of a word, in pixels. */
const INK = 200;

/** How many pixels have ink, on the canvases that a selector finds. @param isDark only ink that no marker has */
function inked(page: Page, selector: string, isDark = false): Promise<number> {
  const look = { selector, least: isDark ? 100 : 200, channels: isDark ? 3 : 1 };
  return page.evaluate(({ selector, least, channels }) => {
    let count = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(selector)) {
      if (canvas.hidden) continue;
      const context = new OffscreenCanvas(canvas.clientWidth, canvas.clientHeight).getContext("2d");
      context?.drawImage(canvas, 0, 0, canvas.clientWidth, canvas.clientHeight);
      const { data } = context?.getImageData(0, 0, canvas.clientWidth, canvas.clientHeight) ?? { data: [] };
      // Paper is white. Without an array for each pixel, which took twenty times as long.
      for (let i = 0; i < data.length; i += 4) {
        let low = 0;
        for (let channel = i; channel < i + 3; channel++) if ((data[channel] ?? 0) < least) low++;
        if ((data[i + 3] ?? 0) > 0 && low >= channels) count++;
      }
    }
    return count;
  }, look);
}

type Where = { readonly worker: boolean; readonly board: boolean };

/** Where the ink is. */
async function whereInk(page: Page, more = 0): Promise<Where> {
  const [worker, board] = [await inked(page, ".live-strokes"), await inked(page, ".board-layer")];
  return { worker: worker > INK, board: board > more + INK };
}

/** Writes a word, and looks where it is while the pen is down, and once it is up. */
async function assertSeen(page: Page, stylus: Stylus, expected: Where, points: readonly PenPoint[] = WORD): Promise<void> {
  const before = await inked(page, ".board-layer");
  await stylus.down(points);
  await until(async () => same(await whereInk(page, before), expected), `ink in hand: ${JSON.stringify(expected)}`);
  await stylus.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await until(async () => same(await whereInk(page, before), { worker: false, board: true }), "the board has it, and it alone");
}

const same = (one: Where, other: Where): boolean => one.worker === other.worker && one.board === other.board;

/** Another studio of the same lesson, in which something is otherwise from the beginning. @param ink there is so much on the page already */
async function otherStudio(
  t: TestContext,
  lesson: string,
  ink: number,
  prepare: (page: Page) => Promise<void>,
): Promise<{ page: Page; stylus: Stylus }> {
  const page = await openStudio(t, lesson, prepare);
  const stylus = await Stylus.on(page);
  await until(async () => (await inked(page, ".board-layer")) >= ink, "what was written before");
  return { page, stylus };
}

test("a stroke in hand is drawn by a worker, also while the page is moved under it, and then the board has it as others see it", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const stylus = await openBoardForInk(studio);
  await assertSeen(studio, stylus, { worker: true, board: false });
  const student = await joinLesson(t, lesson, "Anna");
  await stylus.down(WORD.slice(0, 60));
  await studio.locator(".draw-surface").press("+");
  await stylus.move(WORD.slice(60));
  await stylus.up(WORD.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await sameBoard(studio, { student }, "a word during which the page was enlarged", INK);
  await until(async () => (await inked(studio, ".live-strokes")) === 0, "nothing in hand");
  await studio.locator(".draw-surface").press("0");
  await chooseTool(studio, "Marker");
  await assertSeen(studio, stylus, { worker: false, board: true }, line({ x: 40, y: 200 }, { x: 300, y: 210 }, 40));
});

/** How much ink the screen has where the board is, in each frame that is shown while something is done. */
async function inkOnScreen(page: Page, act: () => Promise<void>): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const frames: { readonly at: number; readonly data: string }[] = [];
  session.on("Page.screencastFrame", ({ data, sessionId, metadata }) => {
    frames.push({ at: metadata.timestamp ?? 0, data });
    void session.send("Page.screencastFrameAck", { sessionId });
  });
  await session.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  await act();
  await session.send("Page.stopScreencast");
  const pictures = frames.toSorted((a, b) => a.at - b.at).map(({ data }) => data);
  return await page.evaluate(async (pictures) => {
    const counts: number[] = [];
    const { left, top, width, height } = document.querySelector(".board")?.getBoundingClientRect() ?? new DOMRect();
    for (const picture of pictures) {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const map = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context?.drawImage(map, -left, -top);
      const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (Math.max(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0) < 100) count++;
      counts.push(count);
    }
    return counts;
  }, pictures);
}

/** Of a word that is lifted. @param page of the writer, or of another who looks on */
async function assertSteady(page: Page, stylus: Stylus, points: readonly PenPoint[]): Promise<void> {
  const before = await inked(page, ".board-layer");
  await stylus.down(points);
  await until(async () => (await whereInk(page)).worker, "live strokes");
  // It appears as it was written.
  let appeared = 0;
  await until(async () => {
    const known = appeared;
    appeared = await inked(page, ".live-strokes");
    return appeared === known;
  }, "all that is written");
  const counts = await inkOnScreen(page, async () => {
    await stylus.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
    await until(async () => same(await whereInk(page, before), { worker: false, board: true }), "the board has it, and it alone");
  });
  const last = counts.at(-1) ?? 0;
  assert.ok(counts.length > 1 && last > INK, `${counts.length} frames, ${last} pixels of ink`);
  for (const count of counts) assert.ok(Math.abs(count - last) < 0.1 * last, `ink: ${counts.join(" ")}`);
}

test("a stroke that is lifted neither blinks nor gets bolder for a moment", async (t) => {
  const { studio } = await teachSilently(t);
  await assertSteady(studio, await openBoardForInk(studio), WORD);
});

/** A student who looks on, whose worker is there: it comes with the first stroke. */
async function openWatching(t: TestContext, lesson: Body, stylus: Stylus): Promise<Page> {
  const student = await joinLesson(t, lesson, "Anna");
  await student.locator(".board").waitFor();
  assert.equal(await student.locator(".live-strokes").count(), 0, "nobody has written yet");
  await assertSeen(student, stylus, { worker: false, board: true });
  await student.locator(".live-strokes:not([hidden])").waitFor();
  return student;
}

test("what others write is drawn by a worker too, and then the board has it: it neither blinks nor gets bolder, also while the page is moved", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const stylus = await openBoard(studio);
  const student = await openWatching(t, lesson, stylus);
  await assertSeen(student, stylus, { worker: true, board: false }, word(5, { x: 340, y: 100 }, 40));
  await assertSteady(student, stylus, word(5, { x: 60, y: 180 }, 40));
  await student.evaluate(() => Object.defineProperty(document, "hidden", { value: true, configurable: true }));
  await assertSeen(student, stylus, { worker: false, board: true }, word(5, { x: 340, y: 180 }, 40));
  await student.evaluate(() => Reflect.deleteProperty(document, "hidden"));
  const points = word(5, { x: 60, y: 250 }, 40);
  await stylus.down(points.slice(0, 60));
  await studio.locator(".draw-surface").press("+");
  await stylus.move(points.slice(60));
  await stylus.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await sameBoard(studio, { student }, "a word during which the page was enlarged", INK);
});

test("strokes that come many at a time are the board's at once", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const student = await openWatching(t, lesson, await openBoard(studio));
  const { server } = await openWorld();
  await fillPage(server, lesson, STROKES);
  const board = await sameBoard(studio, { student }, "many strokes", STROKES * INK_OF_STROKE);
  await student.reload();
  await showsBoard(student, board, "the same after loading the page again");
});

test("the board has live strokes once something is laid over it, also while another writes on", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const stylus = await openBoard(studio);
  const student = await openWatching(t, lesson, stylus);
  const other = await otherStudio(t, lesson.id, INK, async () => {});
  await other.stylus.down(line({ x: 40, y: 300 }, { x: 60, y: 300 }));
  let isOver = false;
  const writing = other.stylus.move(line({ x: 60, y: 300 }, { x: 600, y: 320 }, LONG)).then(() => {
    isOver = true;
  });
  const before = await inked(student, ".board-layer", true);
  await stylus.draw(word(5, { x: 340, y: 100 }, 40));
  await chooseTool(studio, "Marker");
  await stylus.draw(line({ x: 330, y: 100 }, { x: 500, y: 100 }, 20));
  await until(async () => (await inked(student, ".board-layer", true)) > before + INK, "the word below the marker");
  assert.ok(!isOver, "the other writes on");
  await writing;
  await other.stylus.up({ x: 600, y: 320, pressure: 0 });
  await sameBoard(studio, { student }, "all of it", INK);
});

test("what another is writing is not seen any more once it is cleared or the page is turned, and the board has it when the writer is gone", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const first = await openBoard(studio);
  const student = await openWatching(t, lesson, first);
  const other = await otherStudio(t, lesson.id, INK, async () => {});
  const seen = (worker: boolean, board: boolean, what: string) =>
    until(async () => same(await whereInk(student), { worker, board }), what);
  const writing = word(5, { x: 60, y: 180 }, 40);
  await other.stylus.down(writing.slice(0, 80));
  await seen(true, true, "a stroke that begins");
  await studio.getByRole("button", { name: "Clear", exact: true }).press("Enter");
  await seen(false, false, "a page that is cleared");
  await other.stylus.move(writing.slice(80));
  await other.stylus.up(writing.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await other.stylus.down(writing);
  await seen(true, false, "another stroke");
  await studio.getByRole("button", { name: "Add page", exact: true }).press("Enter");
  await seen(false, false, "an empty second page");
  await other.stylus.up(writing.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await other.stylus.down(writing);
  await seen(true, false, "a stroke on the second page");
  await other.page.context().close();
  await seen(false, true, "what a writer who is gone has written");
});

test("a stroke during which the page is turned ends on its page", async (t) => {
  const { studio } = await teachSilently(t);
  const stylus = await openBoardForInk(studio);
  await stylus.down(WORD.slice(0, 80));
  await until(async () => (await inked(studio, ".live-strokes")) > INK, "ink in hand");
  await studio.getByRole("button", { name: "Add page", exact: true }).press("Enter");
  await studio.locator('.board[data-page="1.2"]').waitFor();
  await stylus.move(WORD.slice(80));
  await stylus.up(WORD.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  await until(async () => same(await whereInk(studio), { worker: false, board: false }), "an empty second page");
  await studio.locator('[data-thumbnail="1.1"]').press("Enter");
  await until(
    async () => same(await whereInk(studio), { worker: false, board: true }),
    "the first page with what was written on it",
  );
  assert.ok((await inked(studio, ".board-layer:first-of-type")) > INK, "it is finished");
  await studio.getByRole("button", { name: "Undo" }).press("Enter");
  await until(async () => same(await whereInk(studio), { worker: false, board: false }), "a stroke that is taken back");
});

test("strokes that follow one another at once are on the board as others see them, without one that is taken back meanwhile", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  const stylus = await openBoardForInk(studio);
  const student = await joinLesson(t, lesson, "Anna");
  await stylus.fix();
  const lines = Array.from({ length: LINES }, (_, i) => line({ x: 40, y: 30 + 20 * i }, { x: 300, y: 36 + 20 * i }, 6));
  for (const points of lines) await stylus.draw(points);
  await studio.getByRole("button", { name: "Undo" }).press("Enter");
  await sameBoard(studio, { student }, "lines without the last one", INK);
  const ink = await inked(studio, ".board-layer");
  await stylus.draw(lines.at(-1) ?? []);
  await sameBoard(studio, { student }, "the last one again", ink + 1);
  assert.equal(await inked(studio, ".live-strokes"), 0);
});

test("where workers draw on no canvas, and where the worker is not there, or not yet, the board's canvas shows what is in hand", async (t) => {
  const { lesson, studio } = await teachSilently(t);
  await openBoard(studio);
  const old = await otherStudio(t, lesson.id, 0, async (page) => {
    await page.addInitScript(() => void Reflect.deleteProperty(HTMLCanvasElement.prototype, "transferControlToOffscreen"));
  });
  assert.equal(await old.page.locator(".live-strokes").count(), 0);
  await assertSeen(old.page, old.stylus, { worker: false, board: true });
  await old.page.context().close();
  let release: () => void = () => {};
  const slow = await otherStudio(t, lesson.id, INK, async (page) => {
    await page.route(/(?:live-stroke|pen)-worker/, async (route) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await route.continue();
    });
  });
  await assertSeen(slow.page, slow.stylus, { worker: false, board: true }, word(5, { x: 60, y: 180 }, 40));
  release();
  await slow.page.locator(".live-strokes:not([hidden])").waitFor();
  await assertSeen(slow.page, slow.stylus, { worker: true, board: false }, word(5, { x: 340, y: 180 }, 40));
  await slow.page.context().close();
  const broken = await otherStudio(t, lesson.id, 3 * INK, async (page) => {
    await page.route(/(?:live-stroke|pen)-worker/, (route) => route.abort());
  });
  await broken.page.locator(".live-strokes").waitFor({ state: "detached" });
  await assertSeen(broken.page, broken.stylus, { worker: false, board: true }, word(5, { x: 60, y: 250 }, 40));
});
