/**
 * The board in Chromium: what a teacher writes with a stylus is the same to the pixel for those who were there, came late, loaded the page again or had no network;
 * a student with a pen draws; and the replay shows the page of each moment. With SCREENSHOTS=FOLDER, looks are saved there. Only by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { boardOf, fixBoardSize, inkOf, line, Stylus, sameBoard, showsBoard, word } from "./board-pages.ts";
import { until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { DESKTOP, openPage, openWorld, PHONE, picture, student } from "./stage-pages.ts";

const AWAY_MS = 10_000;
const OF_THOSE_WHO_DRAW = /\/assets\/(?:drawing|teacher-board|typeset)-/;

async function wait(ms: number): Promise<void> {
  const end = Date.now() + ms;
  await until(() => Date.now() >= end, "a while");
}

type Lesson = { readonly lesson: Body; readonly studio: Page };

async function teach(t: TestContext, more: object = {}): Promise<Lesson & { readonly sending: ReturnType<typeof push> }> {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId, guests: true, ...more });
  const sending = push(t, lesson.stream.rtmpUrl);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token);
  await fixBoardSize(studio);
  return { lesson, studio, sending };
}

async function join(t: TestContext, lesson: Body, name: string, size = DESKTOP): Promise<Page> {
  const page = await student(t, lesson, name, size);
  await fixBoardSize(page);
  return page;
}

async function openBoard(studio: Page): Promise<Stylus> {
  await studio.getByRole("button", { name: "Board", exact: true }).click();
  return await Stylus.on(studio);
}

/** By keyboard: the board of the tests lies over some of the page. */
const choose = (page: Page, tool: string) =>
  page.getByRole("toolbar", { name: "Drawing tools" }).getByRole("button", { name: tool, exact: true }).press("Enter");

test("what a teacher writes is the same to the pixel for all: also late, after a reload, and after ten seconds without network", async (t) => {
  const { lesson, studio } = await teach(t);
  const ben = await join(t, lesson, "Ben");
  const stylus = await openBoard(studio);
  await stylus.draw(word(4, { x: 40, y: 60 }));
  await stylus.draw(word(3, { x: 200, y: 60 }));
  await sameBoard(studio, { ben }, "two words", 300);
  await choose(studio, "Marker");
  await stylus.draw(line({ x: 40, y: 64 }, { x: 180, y: 60 }));
  await choose(studio, "Shapes");
  await studio.getByRole("button", { name: "Rectangle" }).press("Enter");
  await stylus.draw(line({ x: 40, y: 110 }, { x: 150, y: 170 }));
  await choose(studio, "Text");
  await stylus.draw(line({ x: 190, y: 120 }, { x: 190, y: 120 }, 1));
  await studio.keyboard.type("One half 一半");
  await studio.keyboard.press("Control+Enter");
  await choose(studio, "Formula");
  await studio.getByRole("textbox", { name: "Formula in TeX" }).fill("\\frac{1}{2}");
  await studio.getByRole("button", { name: "Insert" }).press("Enter");
  const all = await sameBoard(studio, { ben }, "marker, shape, text and formula", 900);
  assert.deepEqual(await axeFaults(studio), []);

  // Who comes while a stroke is being drawn.
  await choose(studio, "Pen");
  const long = word(9, { x: 40, y: 220 });
  await stylus.down(long.slice(0, 60));
  const [cleo] = await Promise.all([join(t, lesson, "Cleo", PHONE), stylus.move(long.slice(60))]);
  await stylus.up(long.at(-1)!);
  const written = await sameBoard(studio, { ben, cleo }, "a stroke during which somebody came", inkOf(all) + 100);

  await ben.reload();
  await showsBoard(ben, written, "the page after a reload");

  await ben.context().setOffline(true);
  await stylus.draw(word(4, { x: 40, y: 290 }));
  await choose(studio, "Eraser");
  await stylus.draw(line({ x: 20, y: 60 }, { x: 190, y: 60 }));
  await studio.getByRole("button", { name: "Undo" }).press("Enter");
  await choose(studio, "Select");
  await stylus.draw(line({ x: 95, y: 110 }, { x: 300, y: 130 }));
  await studio.keyboard.press("Escape");
  await wait(AWAY_MS);
  await ben.context().setOffline(false);
  await sameBoard(studio, { ben, cleo }, "what was missed without network", inkOf(written) - 200);

  // The teacher goes on without network, and sees it.
  await studio.context().setOffline(true);
  await choose(studio, "Pen");
  await stylus.draw(word(5, { x: 260, y: 290 }));
  const own = await boardOf(studio);
  await wait(AWAY_MS);
  await studio.context().setOffline(false);
  const last = await sameBoard(studio, { ben, cleo }, "what was written without network", inkOf(own) - 100);
  assert.ok(last.equals(own), "nothing that was drawn changes when it is stored");

  const loaded = await cleo.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.deepEqual(
    loaded.filter((name) => OF_THOSE_WHO_DRAW.test(name)),
    [],
    "a viewer loads no tools",
  );
  await picture(studio, "board-studio");
});

test("a student gets a pen, draws with it, erases only the own strokes, and gives it back", async (t) => {
  const { lesson, studio } = await teach(t);
  const anna = await join(t, lesson, "Anna");
  const stylus = await openBoard(studio);
  await stylus.draw(word(4, { x: 40, y: 60 }));
  const before = await sameBoard(studio, { anna }, "the teacher's word", 150);
  assert.equal(await anna.getByRole("toolbar", { name: "Drawing tools" }).count(), 0);
  const pen = async (item: string): Promise<void> => {
    await studio.getByRole("tab", { name: "People" }).click();
    await studio.getByRole("button", { name: "Actions: Anna" }).click();
    await studio.getByRole("menuitem", { name: item }).click();
  };
  await pen("Give a pen");
  const own = await Stylus.on(anna);
  await own.draw(word(4, { x: 40, y: 150 }));
  await sameBoard(anna, { studio }, "Anna's word", inkOf(before) + 100);
  assert.deepEqual(await axeFaults(anna), []);
  await choose(anna, "Eraser");
  await own.draw(line({ x: 60, y: 20 }, { x: 60, y: 190 }, 30));
  await showsBoard(studio, before, "the teacher's word alone");
  await showsBoard(anna, before, "the teacher's word alone, at Anna's");
  await pen("Take the pen back");
  await anna.getByRole("toolbar", { name: "Drawing tools" }).waitFor({ state: "detached" });
});

test("the replay shows the page of each moment, wherever one seeks", async (t) => {
  const { server } = await openWorld();
  const { lesson, studio, sending } = await teach(t, { record: true });
  const begun = await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items[0] ? Date.parse(items[0].startedAt) : null;
  }, "the recording");
  const stylus = await openBoard(studio);
  const moments: { readonly at: number; readonly pixels: Buffer }[] = [];
  const remember = async (what: string, least: number): Promise<void> => {
    const pixels = await sameBoard(studio, {}, what, least);
    await wait(1500);
    moments.push({ at: (Date.now() - begun) / 1000, pixels });
    await wait(1500);
  };
  await stylus.draw(word(4, { x: 40, y: 60 }));
  await remember("a word", 150);
  await choose(studio, "Marker");
  await stylus.draw(line({ x: 40, y: 64 }, { x: 180, y: 60 }));
  await remember("a marker", 200);
  await studio.getByRole("button", { name: "Undo" }).press("Enter");
  await choose(studio, "Pen");
  await stylus.draw(word(6, { x: 40, y: 160 }));
  await remember("another word", 300);
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.some((one: Body) => one.whole);
  }, "the whole recording");
  const replay = await openPage(t, `/j/${lesson.code}`);
  await fixBoardSize(replay);
  await replay.locator("lectern-replay").waitFor();
  const seek = (seconds: number): Promise<void> =>
    replay.evaluate((to) => {
      const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
      player.pause();
      player.currentTime = to;
    }, seconds);
  for (const i of [0, 2, 1, 2, 0]) {
    const moment = moments[i]!;
    await seek(moment.at);
    await showsBoard(replay, moment.pixels, `moment ${i} of the replay`);
  }
  await replay.getByRole("button", { name: "Show the camera large" }).press("Enter");
  await replay.getByRole("button", { name: "Show the board large" }).press("Enter");
  await picture(replay, "board-replay");
});
