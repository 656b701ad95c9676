/** The replay player in Chromium: rewind during a live lesson, and replay after it. Only with --all, or by name. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { clip, NUMBER } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { pushNumbered, readNumbers } from "./numbered-frames.ts";

const FPS = NUMBER.fps;
const SHORT_FILES = { "recording.maxSegmentSeconds": "8", "publish.graceSeconds": "5" };

const timeOf = (page: Page) =>
  page.evaluate(
    () => document.querySelector("lectern-player, lectern-replay")?.shadowRoot?.querySelector("video")?.currentTime ?? 0,
  );

async function moves(page: Page, what: string): Promise<void> {
  await until(async () => (await timeOf(page)) > 0, what);
  const before = await timeOf(page);
  await until(async () => (await timeOf(page)) > before + 0.8, `${what} that moves`);
}

/** Seeks in the replay, and waits until it is there. */
async function seek(page: Page, seconds: number): Promise<void> {
  await page.evaluate((to) => {
    const player = document.querySelector("lectern-replay") as unknown as { currentTime: number };
    player.currentTime = to;
  }, seconds);
  const video = page.locator("lectern-replay");
  await until(() => video.evaluate((element) => element.shadowRoot?.querySelector("video")?.seeking === false), `${seconds} s`);
}

/** Over the middle of the bar there is a picture of that time. Gives its address and the time that stands below. */
async function previewOf(page: Page): Promise<{ address: string; clock: string }> {
  const bar = page.locator("lectern-replay").getByRole("slider", { name: "Seek" });
  const box = await bar.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const picture = page.locator("lectern-replay").locator(".preview img");
  await until(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 100), "a preview");
  return {
    address: (await picture.getAttribute("src")) ?? "",
    clock: (await page.locator("lectern-replay .preview span").textContent()) ?? "",
  };
}

/** The number of the picture that is shown now. */
const number = async (page: Page) => (await readNumbers(page, 100)).at(-1)?.number ?? -1;

test("a student goes back in the lesson and to live again; afterwards watches it across three files, by seeking and by chapters", async (t) => {
  const server = await sharedLectern(SHORT_FILES);
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", record: true });
  const sending = pushNumbered(t, server, `${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await moves(page, "the live picture");
  await until(async () => (await number(page)) > 22 * FPS, "some of the lesson");

  const live = await number(page);
  const liveAt = performance.now();
  await page.getByRole("button", { name: "Rewind" }).click();
  await page.locator("lectern-replay").waitFor();
  await moves(page, "the picture of before");
  // It plays on while a busy machine holds this process up.
  const liveNow = live + ((performance.now() - liveAt) / 1000) * FPS;
  const back = await number(page);
  assert.ok(back < liveNow - 8 * FPS && back > 0, `picture ${back}, when ${liveNow} was live`);
  assert.match((await previewOf(page)).address, /\/live\/lesson-\w+\/s\/[\w-]{40}\/[\w-]{12}\/still-\d+0\.jpg$/);
  // Further back, by the bar.
  await until(async () => {
    await seek(page, 2);
    return (await number(page)) < 5 * FPS;
  }, "what was at the beginning");
  await page.getByRole("button", { name: "Back to live" }).click();
  await page.locator("lectern-player").waitFor();
  await moves(page, "the live picture again");
  assert.ok((await number(page)) > live, "later than before");

  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(
    async () =>
      (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items.find((one: { whole: boolean }) => one.whole) ?? null,
    "the recording",
  );
  await done(server, "PATCH", `/recordings/${recording.id}`, {
    chapters: [
      { seconds: 0, title: "Welcome" },
      { seconds: 12, title: "An example" },
    ],
  });
  await page.getByText("The lesson has ended.").first().waitFor();
  await page.reload();
  await moves(page, "the recording");
  const preview = await previewOf(page);
  assert.match(preview.address, /\/vod\/\w+\/s\/[\w-]+\/[\w-]{12}\/still-\d+0\.jpg$/);
  const [minutes, seconds] = preview.clock.split(":").map(Number);
  const middle = recording.seconds / 2;
  assert.ok(Math.abs((minutes ?? 0) * 60 + (seconds ?? 0) - middle) < 1.5, `${preview.clock} where ${middle} s is the middle`);
  const odd = await fetch(preview.address.replace(/0\.jpg$/, "5.jpg"));
  assert.equal(odd.status, 404);
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "preview.png") });
  // Across the joins of the files at 8 and 16 s: the picture goes on as the clock does.
  await until(async () => {
    await seek(page, 6.5);
    return Math.abs((await timeOf(page)) - 6.5) < 1.5;
  }, "the place");
  await moves(page, "the recording from there");
  const [at, begun] = [await timeOf(page), performance.now()];
  await until(async () => (await timeOf(page)) > 18, "both joins");
  const [played, took] = [(await timeOf(page)) - at, (performance.now() - begun) / 1000];
  // A busy machine shows the picture late; a join that the player cannot pass stops it for longer.
  assert.ok(took < played + 20, `${played} s took ${took} s`);
  const shown = await readNumbers(page, 1000);
  const first = shown[0]?.number ?? 0;
  assert.deepEqual(
    shown.map(({ number: one }) => one - first).filter((one, i, all) => i > 0 && one < (all[i - 1] ?? 0)),
    [],
    "in order",
  );
  // What is shown at a place is what was live then, to half a second: number and time are as far apart everywhere. On a busy machine a
  // later frame may be the first one that is read.
  await until(async () => {
    const gaps: number[] = [];
    for (const place of [3, 15, 9.4, 20]) {
      await page.evaluate(() => (document.querySelector("lectern-replay") as unknown as { pause: () => void }).pause());
      await seek(page, place);
      await page.evaluate(() => (document.querySelector("lectern-replay") as unknown as { play: () => void }).play());
      const [one] = await readNumbers(page, 50);
      if (!one || Math.abs(one.time - place) >= 0.5) return false;
      gaps.push(one.number / FPS - one.time);
    }
    return Math.max(...gaps) - Math.min(...gaps) < 0.5;
  }, "the pictures of four places");
  await until(async () => {
    await page.getByRole("button", { name: "0:12 An example" }).click();
    return Math.abs((await timeOf(page)) - 12) < 2;
  }, "the chapter");
  await page.getByLabel("Speed").selectOption("2");
  // A busy machine may show a stretch of it late, and this process may be held up in one.
  await until(async () => {
    await seek(page, 12);
    const [from, since] = [await timeOf(page), performance.now()];
    await until(async () => (await timeOf(page)) > from + 1.5, "one and a half seconds");
    return performance.now() - since < 1300;
  }, "a stretch at twice the speed");

  // The place is remembered.
  await seek(page, 13);
  await page.goto("about:blank");
  await page.goto(`${server.http}/j/${lesson.code}`);
  await until(async () => (await timeOf(page)) > 12, "where it was left");

  // A place that is set before anything is known of the recording is where it begins.
  await page.evaluate(() => {
    const before = document.querySelector("lectern-replay");
    const player = document.createElement("lectern-replay");
    player.setAttribute("src", before?.getAttribute("src") ?? "");
    before?.before(player);
    player.currentTime = 9;
  });
  await until(async () => Math.abs((await timeOf(page)) - 9) < 0.5, "the place that was set at once");
});

test("a recording in which a publisher without sound took over for a while plays across both changes, and from each place", async (t) => {
  const server = await sharedLectern(SHORT_FILES);
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", record: true });
  const { name, publishKey } = lesson.stream;
  const secondsOf = async () => (await recordingOf(server, lesson))?.seconds ?? 0;
  const changes: number[] = [];
  for (const file of [clip("tiny", 60), clip("camera", 20), clip("tiny", 60)]) {
    const { child } = publish(t, file, `${server.rtmp}/live/${name}?key=${publishKey}`);
    await server.stream(name, ({ publisher }) => publisher !== null);
    const from = await secondsOf();
    await until(async () => (await secondsOf()) > from + 4, "some more of the recording");
    child.kill("SIGKILL");
    await server.stream(name, ({ publisher }) => publisher === null);
    changes.push(await secondsOf());
  }
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  await until(async () => (await recordingOf(server, lesson))?.whole === true, "the whole recording");
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await moves(page, "the beginning");
  // What was recorded last at a change is told a moment later.
  const [one = 0, other = 0] = changes;
  for (const at of [one - 2, other - 2, one + 1, 1]) {
    await seek(page, at);
    await page.locator("lectern-replay").evaluate((player) => (player as unknown as { play(): void }).play());
    await until(async () => (await timeOf(page)) > at + 3, `what follows after ${at.toFixed(0)} s`);
  }
});

async function recordingOf(server: Lectern, lesson: Body): Promise<Body | null> {
  const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
  return items[0] ?? null;
}
