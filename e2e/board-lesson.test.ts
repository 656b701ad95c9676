/**
 * A lesson with a board that is acted in six pages of Chromium: thirty slides of a PowerPoint in Chinese, written on by a teacher with a stylus and by a student
 * who is called on. At twenty moments, all see the teacher's board to the pixel, on whatever screen, also who came late, loaded the page again or lost the line;
 * and so does the replay, wherever one seeks. The stylus writes for 100 s, with --all for ten minutes. With BOARD_LESSON=small, there are two students, and 15 s.
 * Runs alone. Only by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ActedLesson, type Moment, type Roles } from "./acted-lesson.ts";
import { ActedTeacher, showFile } from "./acted-teacher.ts";
import { type BoardLesson, endLesson, openReplay, recordingBegun, teach } from "./board-lessons.ts";
import { countSamples, sampleCounts, seekReplay, showsBoard } from "./board-pages.ts";
import { done } from "./lesson-client.ts";
import { runsAll } from "./long-tests.ts";
import { presentation } from "./office-files.ts";
import { openWorld, picture } from "./stage-pages.ts";

const SLIDES = 30;
const POEM = ["床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"];
const POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const TEACHER_SEED = 20_261_125;

const FIVE: Roles = { isThere: "Emil", reloads: "Anna", comesLate: "Ben", losesLine: "Cleo", isCalledOn: "Dora" };
const TWO: Roles = { isThere: "Dora", reloads: "Dora", comesLate: "Cleo", losesLine: "Cleo", isCalledOn: "Dora" };
const isSmall = process.env["BOARD_LESSON"] === "small";
const STYLUS_SECONDS = isSmall ? 15 : runsAll ? 600 : 100;
/** Prime to the number of moments: each is sought once, forwards and backwards. */
const SEEK_STEP = 7;

type Part = readonly [what: string, ...actions: readonly ((acted: ActedLesson) => Promise<unknown>)[]];

const write = (acted: ActedLesson) => acted.write();
const speakerWrites = (acted: ActedLesson) => acted.speakerWrites();

/** What is done in each part of the lesson, one after the other, before all are compared. */
const PARTS: readonly Part[] = [
  ["words on a slide", write],
  ["a marker", write, ({ teacher }) => teacher.mark()],
  ["the next slide", ({ teacher }) => teacher.nextPage(), write],
  ["a latecomer, and shapes", (acted) => Promise.all([write(acted), acted.comeLate()]), ({ teacher }) => teacher.shapes()],
  ["an empty page", ({ teacher }) => teacher.openBoard(), write],
  ["an eraser, half taken back", write, ({ teacher }) => teacher.erase(), ({ teacher }) => teacher.undo(1)],
  ["a page that is loaded again", (acted) => Promise.all([write(acted), acted.reload()])],
  ["a half that is moved", write, ({ teacher }) => teacher.moveHalf()],
  ["a third slide", (acted) => acted.showSlide(3), write],
  ["undo and redo", write, ({ teacher }) => teacher.undo(4), ({ teacher }) => teacher.redo(2)],
  ["a student who is called on", (acted) => acted.callOn(), speakerWrites],
  ["two who write at once", (acted) => Promise.all([write(acted), speakerWrites(acted)])],
  ["an eraser while the student writes", (acted) => Promise.all([acted.teacher.erase(), speakerWrites(acted)]), write],
  ["a pen that is taken back", (acted) => acted.sendBack(), write],
  ["a lost line, and a slide far on", (acted) => Promise.all([acted.loseLine(), acted.showSlide(17).then(() => write(acted))])],
  ["the empty page again", ({ teacher }) => teacher.openBoard(), write, ({ teacher }) => teacher.mark()],
  ["one more empty page", ({ teacher }) => teacher.addPage(), ({ teacher }) => teacher.color("Blue"), write],
  ["shapes that are moved", write, ({ teacher }) => teacher.shapes(), ({ teacher }) => teacher.moveHalf()],
  ["the first slide again", (acted) => acted.showSlide(1), write, ({ teacher }) => teacher.erase()],
  ["the last slide", (acted) => acted.showSlide(SLIDES), write],
];

let kept: { readonly taught: BoardLesson; readonly moments: readonly Moment[] } | null = null;

test("all see the teacher's board to the pixel, whatever happens to one of them", async (t) => {
  const begunAt = performance.now();
  const note = (what: string) => t.diagnostic(`second ${Math.round((performance.now() - begunAt) / 1000)}: ${what}`);
  const slides = Array.from({ length: SLIDES }, (_, i) => ({
    text: `第${i + 1}页 ${POEM[i % POEM.length]}`,
    notes: `备注${i + 1}`,
  }));
  const file = await presentation(slides, "pptx");
  const { server } = await openWorld();
  const taught = await teach(t, { record: true }, countSamples);
  const begun = await recordingBegun(server, taught.lesson);
  const { studio } = taught;
  const set = await showFile(studio, "唐诗.pptx", file, POWERPOINT);
  note("the slides are shown");
  const teacher = await ActedTeacher.on(studio, TEACHER_SEED);
  const partMs = (STYLUS_SECONDS * 1000) / PARTS.length;
  const acted = new ActedLesson({ t, taught, teacher, roles: isSmall ? TWO : FIVE, set, begun, partMs });
  await acted.open();
  note("the students are there");
  for (const [what, ...actions] of PARTS) {
    for (const action of actions) await action(acted);
    await acted.compare(what);
    note(what);
  }
  await picture(studio, "board-lesson-studio");
  const { events, samples } = await sampleCounts(studio);
  t.diagnostic(`the teacher's pen: ${samples} samples in ${events} events`);
  assert.ok(samples > events, "samples come together, as from a real pen");
  kept = { taught, moments: acted.moments };
});

test("the replay shows the teacher's board of each moment", async (t) => {
  assert.ok(kept, "there was no lesson");
  const { taught, moments } = kept;
  assert.equal(moments.length, PARTS.length);
  const { server } = await openWorld();
  await endLesson(server, taught);
  const replay = await openReplay(t, taught.lesson);
  for (let i = 0; i < moments.length; i++) {
    const number = ((i + 1) * SEEK_STEP) % moments.length;
    const moment = moments[number];
    assert.ok(moment);
    await seekReplay(replay, moment.at);
    const begun = performance.now();
    await showsBoard(replay, moment.pixels, `moment ${number + 1} (${moment.what}), second ${moment.at} of the replay`);
    t.diagnostic(`moment ${number + 1}, second ${Math.round(moment.at)}: there after ${Math.round(performance.now() - begun)} ms`);
  }
  await picture(replay, "board-lesson-replay");
});

test("a clip, which a student chooses by its title, shows the board of its moments", async (t) => {
  assert.ok(kept, "there was no lesson");
  const { lesson } = kept.taught;
  const { server } = await openWorld();
  const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
  const [whole] = items;
  const inClip = kept.moments.slice(PARTS.length / 4, PARTS.length / 2);
  const from = inClip[0]?.at ?? 0;
  const clip = await done(server, "POST", `/recordings/${whole.id}/clip`, { from, to: inClip.at(-1)?.at, title: "Only this" });
  await done(server, "PATCH", `/recordings/${clip.id}`, { published: true });
  const page = await openReplay(t, lesson);
  await page.getByRole("combobox", { name: "Recordings" }).selectOption(clip.id);
  const chosen = await page.getByRole("combobox", { name: "Recordings" }).locator("option:checked").textContent();
  assert.match(String(chosen), /^Only this · /);
  await page.locator(`lectern-replay[src*="${clip.id}"]`).waitFor();
  const begins = (Date.parse(clip.startedAt) - Date.parse(whole.startedAt)) / 1000;
  assert.ok(begins <= from, `the clip begins at second ${begins}, and not after ${from}`);
  for (const { at, what, pixels } of inClip.toReversed()) {
    await seekReplay(page, at - begins);
    await showsBoard(page, pixels, `${what}, second ${at - begins} of the clip`);
  }
});
