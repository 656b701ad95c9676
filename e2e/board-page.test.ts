/**
 * The board in Chromium: what a teacher writes with a stylus is the same to the pixel for those who were there, came late, loaded the page again or had no network;
 * a student with a pen draws; and the replay shows the page of each moment. With SCREENSHOTS=FOLDER, looks are saved there. Only by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFaults } from "./axe-faults.ts";
import { endLesson, joinLesson, openBoard, openReplay, recordingBegun, teach } from "./board-lessons.ts";
import { boardOf, changePen, chooseTool as choose, inkOf, Stylus, sameBoard, seekReplay, showsBoard } from "./board-pages.ts";
import { line, word } from "./handwriting.ts";
import { until } from "./lectern.ts";
import { openWorld, PHONE, picture } from "./stage-pages.ts";

const AWAY_MS = 10_000;
const OF_THOSE_WHO_DRAW = /\/assets\/(?:drawing|teacher-board|typeset)-/;

async function wait(ms: number): Promise<void> {
  const end = Date.now() + ms;
  await until(() => Date.now() >= end, "a while");
}

test("what a teacher writes is the same to the pixel for all: also late, after a reload, and after ten seconds without network", async (t) => {
  const { lesson, studio } = await teach(t);
  const ben = await joinLesson(t, lesson, "Ben");
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
  const [cleo] = await Promise.all([joinLesson(t, lesson, "Cleo", PHONE), stylus.move(long.slice(60))]);
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
  const anna = await joinLesson(t, lesson, "Anna");
  const stylus = await openBoard(studio);
  await stylus.draw(word(4, { x: 40, y: 60 }));
  const before = await sameBoard(studio, { anna }, "the teacher's word", 150);
  assert.equal(await anna.getByRole("toolbar", { name: "Drawing tools" }).count(), 0);
  await changePen(studio, "Anna", "Give a pen");
  const own = await Stylus.on(anna);
  await own.draw(word(4, { x: 40, y: 150 }));
  await sameBoard(anna, { studio }, "Anna's word", inkOf(before) + 100);
  assert.deepEqual(await axeFaults(anna), []);
  await choose(anna, "Eraser");
  await own.draw(line({ x: 60, y: 20 }, { x: 60, y: 190 }, 30));
  await showsBoard(studio, before, "the teacher's word alone");
  await showsBoard(anna, before, "the teacher's word alone, at Anna's");
  await changePen(studio, "Anna", "Take the pen back");
  await anna.getByRole("toolbar", { name: "Drawing tools" }).waitFor({ state: "detached" });
});

test("the replay shows the page of each moment, wherever one seeks", async (t) => {
  const { server } = await openWorld();
  const taught = await teach(t, { record: true });
  const { lesson, studio } = taught;
  const begun = await recordingBegun(server, lesson);
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
  await endLesson(server, taught);
  const replay = await openReplay(t, lesson);
  for (const i of [0, 2, 1, 2, 0]) {
    const moment = moments[i]!;
    await seekReplay(replay, moment.at);
    await showsBoard(replay, moment.pixels, `moment ${i} of the replay`);
  }
  await replay.getByRole("button", { name: "Show the camera large" }).press("Enter");
  await replay.getByRole("button", { name: "Show the board large" }).press("Enter");
  await picture(replay, "board-replay");
});
