/**
 * What a teacher keeps of the board, in Chromium: the PDF during the lesson and after it, the film of a recording, and the board of an earlier lesson. With SCREENSHOTS=FOLDER, looks are saved
 * there. Only by name.
 */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { fixBoardSize, Stylus, sameBoard, showsBoard } from "./board-pages.ts";
import { downloaded } from "./chromium.ts";
import { word } from "./handwriting.ts";
import { until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { DESKTOP, openPage, openWorld, picture } from "./stage-pages.ts";

const PHONE = { width: 375, height: 720 };
/** Making a film takes about as long as it lasts, on a machine that has nothing else to do. */
const FILM_MS = 400_000;

async function teach(t: TestContext, more: object = {}): Promise<{ lesson: Body; studio: Page }> {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId, guests: true, ...more });
  return { lesson, studio: await openPage(t, `/studio/${lesson.id}`, DESKTOP, token) };
}

async function saved(page: Page, button: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.press("Enter")]);
  return await downloaded(download);
}

test("the teacher saves the board as PDF during the lesson and after it, and has a film made, saves it and deletes it", async (t) => {
  const { server, token } = await openWorld();
  const { lesson, studio } = await teach(t, { record: true });
  const sending = push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, ({ video }) => video !== null);
  await studio.getByRole("button", { name: "Board", exact: true }).click();
  await (await Stylus.on(studio)).draw(word(3, { x: 300, y: 160 }));
  await studio.getByRole("button", { name: "More", exact: true }).press("Enter");
  const early = await saved(studio, studio.getByRole("button", { name: "Board as PDF" }));
  assert.equal(early.subarray(0, 4).toString(), "%PDF");
  await picture(studio, "board-menu");
  const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
  const beganAt = Date.parse(items[0].startedAt);
  await until(() => Date.now() > beganAt + 6000, "some of it");
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);

  const ended = studio.getByRole("region", { name: "The lesson has ended" });
  await ended.getByText("1 page of slides and board").waitFor();
  const late = await saved(studio, ended.getByRole("button", { name: "Board as PDF" }));
  assert.equal(late.subarray(0, 4).toString(), "%PDF");
  const phone = await openPage(t, `/studio/${lesson.id}`, PHONE, token);
  await phone.getByRole("button", { name: "Make board video" }).waitFor();
  await phone.getByRole("button", { name: "Make board video" }).scrollIntoViewIfNeeded();
  await picture(phone, "film-phone");
  assert.equal(await overflow(phone), 0);

  const tile = studio.getByRole("region", { name: "Recordings" });
  await tile.getByRole("button", { name: "Make board video" }).press("Enter");
  await tile.getByText(/^\s*Making the board video: \d+ %|The board video starts soon/).waitFor();
  await tile.getByRole("button", { name: "Cancel the board video" }).press("Enter");
  await tile.getByRole("button", { name: "Make board video" }).press("Enter");
  await tile.getByRole("progressbar", { name: "Board video" }).waitFor();
  await picture(studio, "film-making");
  const save = tile.getByRole("link", { name: "Save board video" });
  await save.waitFor({ timeout: FILM_MS });
  assert.deepEqual(await axeFaults(studio), []);
  const film = await saved(studio, save);
  assert.equal(film.subarray(4, 8).toString(), "ftyp");
  await picture(studio, "film-done");
  await tile.getByRole("button", { name: "Delete board video" }).press("Enter");
  await tile.getByRole("button", { name: "Make board video" }).waitFor();
  assert.equal((await done(server, "GET", `/recordings/${items[0].id}/film`)).state, "none");
});

test("a teacher continues with the board of an earlier lesson, by keyboard, once though it is chosen twice", async (t) => {
  const { token } = await openWorld();
  const before = await teach(t, { title: "Fractions, part one" });
  await before.studio.getByRole("button", { name: "Board", exact: true }).click();
  await fixBoardSize(before.studio);
  await (await Stylus.on(before.studio)).draw(word(4, { x: 60, y: 60 }));
  const { lesson, studio } = await teach(t, { title: "Fractions, part two" });
  await fixBoardSize(studio);
  const choose = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: "More", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Continue with the board of an earlier lesson…" }).press("Enter");
    await page
      .getByRole("dialog", { name: "Boards of earlier lessons" })
      .getByRole("button", { name: /part one/ })
      .press("Enter");
  };
  const written = await sameBoard(before.studio, {}, "the earlier lesson's word", 150);
  await choose(studio);
  await showsBoard(studio, written, "the earlier lesson's board in this one");
  await choose(studio);
  await showsBoard(studio, written, "the same again");
  assert.equal(await studio.getByRole("navigation", { name: "Pages" }).getByRole("region", { name: "Board" }).count(), 1);
  const phone = await openPage(t, `/studio/${lesson.id}`, PHONE, token);
  await phone.getByRole("button", { name: "More", exact: true }).press("Enter");
  assert.equal(await overflow(phone), 0);
  await picture(phone, "board-menu-phone");
  await phone.getByRole("button", { name: "Continue with the board of an earlier lesson…" }).press("Enter");
  await phone.getByRole("button", { name: /part one/ }).waitFor();
  assert.deepEqual(await axeFaults(phone), []);
  await picture(phone, "earlier-boards-phone");
  await phone.keyboard.press("Escape");
  await phone.getByRole("dialog").waitFor({ state: "detached" });
});

test("a lesson without a board offers neither", async (t) => {
  const { server } = await openWorld();
  const { lesson, studio } = await teach(t, { record: true });
  const sending = push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, ({ video }) => video !== null);
  await until(async () => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items.length > 0, "the recording");
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const tile = studio.getByRole("region", { name: "Recordings" });
  await tile.getByRole("button", { name: /^Delete: / }).waitFor();
  await studio.getByRole("button", { name: "Open the lesson again" }).waitFor();
  assert.equal(await studio.getByRole("button", { name: /Make board video|Board as PDF/ }).count(), 0);
});
