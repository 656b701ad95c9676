/** Captions of a live lesson: what is said is in the room, with its time, also after the death of the engine and of the worker. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage, type PageOptions } from "./chromium.ts";
import { enterRoom } from "./enter-room.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { playWithSubtitles } from "./hls-subtitles.ts";
import { type Lectern, startLectern, TOKEN, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import type { Entry, RoomClient } from "./room-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { type SpokenClip, spokenClip } from "./spoken-clip.ts";
import { pidOf } from "./worker-connections.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
const WAIT_MS = 60_000;
/** A sentence is at its place within this, seconds: the engine takes a pause for a part of it. */
const PLACE_SECONDS = 0.6;

async function prepare(t: TestContext): Promise<{ server: Lectern; clip: SpokenClip }> {
  const directory = mkdtempSync(join(tmpdir(), "captions-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const clip = await spokenClip(t, directory, 6);
  const command = [process.execPath, join(import.meta.dirname, "pocketsphinx-lines.ts"), clip.grammar];
  // A server of its own: no other test has an engine.
  const set = {
    "captions.engine": "command",
    "captions.command": JSON.stringify(command),
    "captions.language": "en",
    workers: "1",
  };
  return { server: await startLectern(t, set), clip };
}

function captionsOf(person: RoomClient): Entry[] {
  return person.entries.filter(({ kind }) => kind === "caption");
}

/** How far a caption is from the nearest place of its sentence in a clip that is played over and over, seconds. */
function distance({ spoken, seconds }: SpokenClip, { text, start }: Entry): number {
  const away = spoken
    .filter((one) => one.text === text)
    .map((one) => Math.abs(((((start / 1000 - one.start) % seconds) + seconds * 1.5) % seconds) - seconds / 2));
  return Math.min(...away, Number.POSITIVE_INFINITY);
}

/** What stands over the picture. */
const overPicture = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const layer = document.querySelector("lectern-player")?.shadowRoot?.querySelector("[data-captions]");
    return [...(layer?.shadowRoot?.querySelectorAll("p") ?? [])].map((line) => line.textContent);
  });

/** A student reads that captions are on, sees them over the picture, moves them, and switches them off. */
async function seesCaptions(page: Page, server: Lectern, code: string, { spoken }: SpokenClip): Promise<void> {
  await page.goto(`${server.http}/j/${code}`);
  await page.getByLabel("Your name").fill("Ben");
  await page.getByRole("button", { name: "Join class" }).click();
  await page.getByText("Captions are on in this lesson").waitFor();
  const isShown = async () => (await overPicture(page)).some((line) => spoken.some(({ text }) => text === line));
  await until(isShown, "a sentence over the picture", WAIT_MS);
  const { SCREENSHOTS: folder } = process.env;
  if (folder) await page.screenshot({ path: join(folder, "captions-class.png") });
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("button", { name: "Captions", exact: true }).click();
  const group = (name: string) => page.getByRole("group", { name, exact: true });
  await group("Text size").getByRole("button", { name: "Large" }).click();
  await group("Position").getByRole("button", { name: "Top" }).click();
  await until(isShown, "a sentence at the top", WAIT_MS);
  if (folder) await page.screenshot({ path: join(folder, "captions-settings.png") });
  await group("Captions").getByRole("button", { name: "Hide" }).click();
  await until(async () => (await overPicture(page)).length === 0, "no captions");
  await page.close();
}

/** How many lines, in seconds of the recording, are where the clip has them, which begins with the recording and is played over and over. */
function inPlace(clip: SpokenClip, lines: readonly Pick<Entry, "text" | "start">[]): number {
  return lines.filter(({ text, start }) => distance(clip, { text, start: start * 1000 }) < 1.5).length;
}

async function textOf({ http }: Lectern, path: string): Promise<string> {
  const response = await fetch(`${http}/api/v1${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  assert.equal(response.status, 200, path);
  return await response.text();
}

/** What was said is at its place in the recording, and the teacher corrects it. */
async function hasTranscript(server: Lectern, lessonId: string, clip: SpokenClip): Promise<void> {
  const [recording] = (await done(server, "GET", `/recordings?lessonId=${lessonId}`)).items;
  const path = `/recordings/${recording.id}/transcript`;
  const lines: Entry[] = (await done(server, "GET", path)).items;
  const sentences = lines.filter(({ text }) => clip.spoken.some((one) => one.text === text));
  assert.ok(sentences.length >= 4, JSON.stringify(lines));
  assert.deepEqual(
    lines.map(({ start }) => start),
    lines.map(({ start }) => start).toSorted((a, b) => a - b),
  );
  assert.ok(inPlace(clip, lines) >= 3, JSON.stringify(lines));
  assert.match(await textOf(server, `${path}/file`), /^WEBVTT\n\n00:00:/);
  const { ref, text } = sentences[0] ?? {};
  await done(server, "PUT", `${path}/lines/${ref}`, { text: `${text}, all of them` });
  assert.match(await textOf(server, `${path}/file?format=txt`), /, all of them/);
}

/** Who watches with a player of HLS chooses subtitles, and a sentence stands over the picture soon after it was said. */
async function hasLiveSubtitles(page: Page, server: Lectern, code: string, { spoken }: SpokenClip): Promise<void> {
  const { body } = await ask(server, "POST", `/lessons/${code}/join`, { name: "Cleo" }, null);
  const subtitles = await playWithSubtitles(page, body.play.hls);
  const isSentence = (text: string) => spoken.some((one) => one.text === text);
  const isShown = async () => (await subtitles()).shown.some(isSentence);
  await until(isShown, "a sentence in the subtitles", WAIT_MS);
  await picture(page, "subtitles-live");
  assert.deepEqual((await subtitles()).names, ["en"]);
  await page.goto("about:blank");
}

/** The recording's subtitles are what the transcript has, where it has it. */
async function hasRecordedSubtitles(page: Page, server: Lectern, recordingId: string): Promise<void> {
  const { play } = await done(server, "POST", `/recordings/${recordingId}/links`, {});
  const { items } = await done(server, "GET", `/recordings/${recordingId}/transcript`);
  const subtitles = await playWithSubtitles(page, play.hls);
  const lines: Entry[] = items.filter(({ start }: Entry) => start < 20);
  const known = await until(
    async () => {
      const { cues } = await subtitles();
      return cues.length >= lines.length ? cues : null;
    },
    "the subtitles of the first minute",
    WAIT_MS,
  );
  const isThere = (line: Entry) => known.some(({ start, text }) => text === line.text && Math.abs(start - line.start) < 0.3);
  assert.ok(lines.length >= 2 && lines.every(isThere), JSON.stringify([lines, known]));
}

/** The recording of a lesson that is over, once it is whole. @returns its id */
async function wholeRecording(server: Lectern, lessonId: string): Promise<string> {
  const isWhole = ({ whole }: { whole: boolean }) => whole;
  const list = async () => (await done(server, "GET", `/recordings?lessonId=${lessonId}`)).items;
  const { id } = await until(async () => (await list()).find(isWhole) ?? null, "a whole recording", WAIT_MS);
  return id;
}

const PASSWORD = "sunlit-harbour-42";

async function signedIn(t: TestContext, server: Lectern, role: "administrator" | "student", options: PageOptions): Promise<Page> {
  const [{ id: schoolId, slug: school }] = (await done(server, "GET", "/schools")).items;
  await done(server, "POST", "/users", { schoolId, login: role, name: `The ${role}`, role, password: PASSWORD });
  const { body } = await ask(server, "POST", "/sessions", { school, login: role, password: PASSWORD }, null);
  const page = await openOwnPage(t, options, server.http);
  await signInBrowser(page.context(), server.http, body.token);
  return page;
}

const positionOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector<HTMLElement & { currentTime: number }>("lectern-replay")?.currentTime ?? -1);

/** As wide as a phone, and as a desktop. */
async function picture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: folder } = process.env;
  const own = page.viewportSize();
  if (!folder || !own) return;
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: join(folder, `${name}-${viewport.width}.png`) });
  }
  await page.setViewportSize(own);
}

/** Who teaches reads the transcript beside the replay, corrects a line, and finds its words; a student finds them from the own page, and is led to the second. */
async function hasTranscriptPage(t: TestContext, server: Lectern, lessonId: string, recordingId: string): Promise<void> {
  const page = await signedIn(t, server, "administrator", { viewport: DESKTOP });
  await page.goto(`${server.http}/class/${lessonId}?recording=${recordingId}&t=8`);
  await page.getByRole("tab", { name: "Transcript" }).click();
  const lines = page.locator(".words-lines > li");
  await page.locator(".words-lines > li[aria-current]").waitFor();
  await until(async () => (await positionOf(page)) >= 8, "the second that the address says");
  await picture(page, "transcript");
  assert.deepEqual(await axeFaults(page), []);
  const before = await lines.first().locator("span").nth(1).textContent();
  await page
    .getByRole("button", { name: /^Correct the line at/ })
    .first()
    .click();
  await page.getByRole("textbox", { name: /^Correct the line at/ }).fill("A hypotenuse, 斜边最长。");
  await picture(page, "transcript-correct");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await lines.first().getByText("A hypotenuse").waitFor();
  const { items } = await done(server, "GET", `/recordings/${recordingId}/transcript`);
  assert.deepEqual([items[0].text, before === items[0].text], ["A hypotenuse, 斜边最长。", false]);
  const found = async () => (await done(server, "GET", "/search?text=hypotenuse")).items.length === 1;
  await until(found, "the corrected words", WAIT_MS);
  await page.getByRole("searchbox", { name: "Search this recording" }).fill("斜边");
  await page.getByText("1 place", { exact: true }).waitFor();
  assert.equal(await page.locator(".words-lines mark").textContent(), "斜边");
  await picture(page, "transcript-found");
  assert.deepEqual(await axeFaults(page), []);
  await page.locator(".words-lines button").first().click();
  await until(async () => Math.abs((await positionOf(page)) - items[0].start) < 3, "the place that was found");
  await page.goto(`${server.http}/console/search?text=hypotenuse`);
  await page.locator(".recording-search mark").waitFor();
  await picture(page, "search-console");

  await done(server, "PATCH", `/lessons/${lessonId}`, { openToSchool: true });
  const student = await signedIn(t, server, "student", { viewport: PHONE, locale: "zh-CN" });
  await student.goto(`${server.http}/console`);
  await student.getByRole("searchbox", { name: "搜索回放内容" }).fill("斜边 hypotenuse");
  await student.locator(".recording-search mark").first().waitFor();
  await picture(student, "search-student-zh");
  assert.deepEqual(await axeFaults(student), []);
  await student.locator(".recording-search .words-lines a").first().click();
  // The words are searched there too.
  await student.locator(".recorded-words mark").first().waitFor();
  await picture(student, "found-student-zh");
  await student.getByRole("searchbox", { name: "搜索此回放" }).fill("");
  await student.getByRole("group", { name: "文字稿另存为" }).waitFor();
  assert.equal(await student.getByRole("button", { name: /^修改/ }).count(), 0, "a student corrects nothing");
  await picture(student, "transcript-student-zh");
  assert.deepEqual(await axeFaults(student), []);
  await student.goBack();
  await student.locator(".recording-search mark").first().waitFor();
}

/** From the end of what was said to the moment at which it was stored. */
function reportDelays(t: TestContext, captions: readonly Entry[]): void {
  const delays = captions.map(({ at, spokenAt, start, end }) => at - spokenAt - (end - start)).sort((a, b) => a - b);
  const share = (part: number) => Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? Number.NaN);
  t.diagnostic(`${delays.length} captions, behind the sound: half ${share(0.5)} ms, 95 of 100 ${share(0.95)} ms`);
}

test("what is said in a lesson is in its room, at the stream's time, and goes on when the engine and the worker are killed", async (t) => {
  const { server, clip } = await prepare(t);
  const lesson = await done(server, "POST", "/lessons", { title: "Words", captions: true, record: true });
  assert.equal(lesson.captions, true);
  const { client } = await enterRoom(t, server, [server], lesson.code, "Anna");
  const url = `${server.rtmp}/${lesson.stream.app}/${lesson.stream.name}?key=${lesson.stream.publishKey}`;
  publishForever(t, clip.file, url);
  const found = () => captionsOf(client).filter((entry) => distance(clip, entry) < PLACE_SECONDS);
  await until(() => found().length >= 4, "four sentences at their places", WAIT_MS);
  const first = captionsOf(client);
  assert.ok(found().length > first.length / 2, JSON.stringify(first.map(({ text, start }) => [text, start])));
  for (const { from, name, role, language, isFinal, at, spokenAt } of first) {
    assert.deepEqual([from, name, role, language, isFinal], [null, null, null, "en", true]);
    assert.ok(spokenAt < at);
  }
  const jobs = await done(server, "GET", "/jobs?kind=captions");
  assert.deepEqual(
    jobs.items.map(({ kind, id, state }: Entry) => [kind, id, state]),
    [["captions", lesson.id, "running"]],
  );

  // Nobody else may write what is said.
  const said = { ref: lesson.id, start: 0, end: 1, spokenAt: 1, isFinal: true, text: "mine", language: "" };
  assert.equal((await client.send("caption", said)).code, "refused-by-rule");
  const posted = await ask(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: "x1", kind: "caption", ...said });
  assert.equal(posted.body.code, "refused-by-rule");

  // hls.js makes a track of its own for what the browser's menu shows, which our pages' policy forbids; the subtitles are there.
  const expected = /data:,WEBVTT|ERR_CONNECTION|status of (40[0-9]|503)/;
  const others = await openOwnPage(t, { viewport: { width: 480, height: 270 }, expected }, server.http);
  await hasLiveSubtitles(others, server, lesson.code, clip);
  const page = await openOwnPage(t, { viewport: DESKTOP }, server.http);
  await seesCaptions(page, server, lesson.code, clip);

  process.kill(pidOf(server, "media-1"), "SIGKILL");
  const before = captionsOf(client).length;
  await until(() => client.connections > 1, "the room again", WAIT_MS);
  const again = publishForever(t, clip.file, url);
  const isSentence = ({ text }: Entry) => clip.spoken.some((one) => one.text === text);
  const later = () => captionsOf(client).slice(before).filter(isSentence);
  await until(() => later().length >= 3, "sentences after the death of the worker", WAIT_MS);
  assert.deepEqual(client.faults, []);

  reportDelays(t, captionsOf(client));
  await hasTranscript(server, lesson.id, clip);

  // Switched off, it ends.
  await done(server, "PATCH", `/lessons/${lesson.id}`, { captions: false });
  await until(async () => (await done(server, "GET", "/jobs?kind=captions")).items.length === 0, "no job", WAIT_MS);

  assert.match(await textOf(server, `/lessons/${lesson.id}/room/export?kind=caption`), /one two three four five/);

  again.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const recordingId = await wholeRecording(server, lesson.id);
  await hasRecordedSubtitles(others, server, recordingId);
  await others.close();
  await hasTranscriptPage(t, server, lesson.id, recordingId);
});

test("a server without an engine refuses to switch captions on", async () => {
  const server = await sharedLectern();
  const refused = await ask(server, "POST", "/lessons", { title: "Words", captions: true });
  assert.deepEqual([refused.status, refused.body.code], [403, "refused-by-rule"]);
});
