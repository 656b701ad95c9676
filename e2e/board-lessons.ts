/** Provides lessons with a board for tests: a teacher in the studio who sends with OBS, students on the class page, and what is recorded of the lesson. */
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { fixBoardSize, Stylus } from "./board-pages.ts";
import type { Run } from "./ffmpeg.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { DESKTOP, openPage, openWorld, type Screen, student } from "./stage-pages.ts";

export type BoardLesson = { readonly lesson: Body; readonly studio: Page; readonly sending: Run };

/** A lesson with a picture. @param more of the lesson; @param script runs in the studio's page before its own */
export async function teach(t: TestContext, more: object = {}, script: (() => void) | null = null): Promise<BoardLesson> {
  const { server } = await openWorld();
  const lesson = await newLesson(more);
  const sending = push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  return { lesson, studio: await openLessonStudio(t, lesson, script), sending };
}

/** The same without a picture, whose decoding and drawing is most of what the pages of a lesson cost. */
export async function teachSilently(t: TestContext, script: (() => void) | null = null): Promise<Omit<BoardLesson, "sending">> {
  const { server } = await openWorld();
  const lesson = await newLesson();
  await done(server, "POST", `/lessons/${lesson.id}/start`);
  return { lesson, studio: await openLessonStudio(t, lesson, script) };
}

async function newLesson(more: object = {}): Promise<Body> {
  const { server, teacherId } = await openWorld();
  return await done(server, "POST", "/lessons", { title: "Fractions", teacherId, guests: true, ...more });
}

async function openLessonStudio(t: TestContext, lesson: Body, script: (() => void) | null): Promise<Page> {
  const { token } = await openWorld();
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token, script);
  await fixBoardSize(studio);
  return studio;
}

/** @param script runs in the page before its own */
export async function joinLesson(
  t: TestContext,
  lesson: Body,
  name: string,
  screen: Screen = DESKTOP,
  script: (() => void) | null = null,
): Promise<Page> {
  const page = await student(t, lesson, name, screen, { script });
  await fixBoardSize(page);
  return page;
}

/** Another studio of a lesson. @param prepare its page, before it is loaded */
export async function openStudio(
  t: TestContext,
  lesson: string,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<Page> {
  const { token } = await openWorld();
  const page = await openPage(t, "/", DESKTOP, token);
  await prepare(page);
  await page.goto(new URL(`/studio/${lesson}`, page.url()).href);
  await fixBoardSize(page);
  return page;
}

/** An empty page, for a pen whose worker is there. */
export async function openBoardForInk(studio: Page): Promise<Stylus> {
  const stylus = await openBoard(studio);
  await studio.locator(".live-strokes:not([hidden])").waitFor();
  return stylus;
}

/** An empty page. */
export async function openBoard(studio: Page): Promise<Stylus> {
  await studio.getByRole("button", { name: "Board", exact: true }).press("Enter");
  return await Stylus.on(studio);
}

/** When the recording of a lesson began, in milliseconds since 1970. */
export async function recordingBegun(server: Lectern, lesson: Body): Promise<number> {
  return await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items[0] ? Date.parse(items[0].startedAt) : null;
  }, "the recording");
}

/** @returns the page with the replay of the whole lesson */
export async function openReplay(t: TestContext, lesson: Body): Promise<Page> {
  const replay = await openPage(t, `/j/${lesson.code}`);
  await fixBoardSize(replay);
  await replay.locator("lectern-replay").waitFor();
  return replay;
}

/** Ends a lesson, and waits for all of its recording. */
export async function endLesson(server: Lectern, { lesson, sending }: BoardLesson): Promise<void> {
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.some((one: Body) => one.whole);
  }, "the whole recording");
}
