/** Captions of a live lesson: what is said is in the room, with its time, also after the death of the engine and of the worker. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { enterRoom } from "./enter-room.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, TOKEN, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import type { Entry, RoomClient } from "./room-client.ts";
import { type SpokenClip, spokenClip } from "./spoken-clip.ts";
import { pidOf } from "./worker-connections.ts";

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

  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await seesCaptions(page, server, lesson.code, clip);

  process.kill(pidOf(server, "media-1"), "SIGKILL");
  const before = captionsOf(client).length;
  await until(() => client.connections > 1, "the room again", WAIT_MS);
  publishForever(t, clip.file, url);
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
});

test("a server without an engine refuses to switch captions on", async () => {
  const server = await sharedLectern();
  const refused = await ask(server, "POST", "/lessons", { title: "Words", captions: true });
  assert.deepEqual([refused.status, refused.body.code], [403, "refused-by-rule"]);
});
