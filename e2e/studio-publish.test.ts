/**
 * A teacher publishes from the studio, in Chromium with its made-up camera and microphone: three checks, one button, and a student who sees and hears
 * it. With SCREENSHOTS=FOLDER, each look is saved there as an image. Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { newPerson } from "./console-school.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { HANG_MS, type Lectern, until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { rareUnless, runsRare } from "./long-tests.ts";
import { pageFaults } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
] as const;
/** The browser makes up a camera and microphones, and allows them without asking. */
const MADE_UP = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--auto-select-desktop-capture-source=Entire",
];

type World = { readonly server: Lectern; readonly token: string; readonly newLesson: () => Promise<Body> };

let world: Promise<World> | null = null;

/** A school with a teacher, for the whole file. */
function openWorld(): Promise<World> {
  world ??= (async () => {
    const server = await sharedLectern({ "publish.graceSeconds": "20" });
    const { items } = await done(server, "GET", "/schools");
    const { id: teacherId, token } = await newPerson(server, items[0].id, "teacher", "王芳");
    const newLesson = () => done(server, "POST", "/lessons", { title: "Fractions", teacherId, record: true });
    return { server, token, newLesson };
  })();
  return world;
}

type Opened = {
  readonly page: Page;
  readonly complaints: readonly string[] /** Their kinds, as the browser showed them. */;
  readonly dialogs: readonly string[];
};

/** @param arguments_ of Chromium, beside those that make up the devices */
async function openStudio(t: TestContext, lesson: Body, options: BrowserContextOptions = {}): Promise<Opened> {
  const { server, token } = await openWorld();
  const browser = await sharedBrowser(MADE_UP);
  const context = await browser.newContext({ locale: "en-US", viewport: SIZES[2], ...options });
  t.after(() => context.close());
  context.setDefaultTimeout(HANG_MS);
  await signInBrowser(context, server.http, token);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.type());
    void dialog.accept();
  });
  await page.goto(`${server.http}/studio/${lesson.id}`);
  return { page, complaints, dialogs };
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const tile = (page: Page) => page.getByRole("region", { name: "Your picture and sound" });
const devices = (page: Page) => page.getByRole("dialog", { name: "Devices" });

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** Whether the own picture moves. */
const isPlaying = (page: Page) =>
  page.locator("video.own-picture").evaluate((video: HTMLVideoElement) => video.videoWidth > 0 && video.currentTime > 0);

const WORDS = {
  "en-US": {
    turnOn: "Turn on camera and microphone",
    goLive: "Go live",
    mute: "Mute",
    devices: "Devices",
    end: "End lesson",
    yes: "End for everyone",
    over: "The lesson has ended",
  },
  "zh-CN": {
    turnOn: "打开摄像头和麦克风",
    goLive: "开始直播",
    mute: "静音",
    devices: "设备",
    end: "下课",
    yes: "结束课程",
    over: "已下课",
  },
} as const;

for (const locale of ["en-US", "zh-CN"] as const)
  rareUnless(locale === "en-US", `the studio of a lesson before, during and after it fits every screen: ${locale}`, async (t) => {
    const { newLesson } = await openWorld();
    const words = WORDS[locale];
    // The narrowest in the language with the longer words, the others in the other; all in both when pictures are wanted.
    const sizes = SIZES.filter((_, i) => PICTURES || runsRare || (i === 0) === (locale === "en-US"));
    for (const viewport of sizes) {
      const { page, complaints } = await openStudio(t, await newLesson(), {
        locale,
        viewport,
        colorScheme: locale === "en-US" ? "light" : "dark",
      });
      const shot = (name: string) => picture(page, `${name}-${viewport.width}-${locale}`);
      await button(page, words.turnOn).waitFor();
      await shot("studio-1-closed");
      assert.deepEqual(await pageFaults(page), [], "closed");
      await button(page, words.turnOn).click();
      await until(
        () =>
          page
            .locator(".check-card.done")
            .count()
            .then((count) => count === 3),
        "three ticks",
      );
      await until(() => isPlaying(page), "the own picture");
      await shot("studio-2-prepare");
      assert.deepEqual(await pageFaults(page), [], "prepare");
      await button(page, words.goLive).click();
      await page.locator(".live-word.good, .live-word.unknown, .live-word.fair").waitFor();
      await button(page, words.mute).click();
      await button(page, words.devices).click();
      // Words that are half in sight have no contrast.
      await page.locator("dialog.drawer").evaluate((drawer) => Promise.all(drawer.getAnimations().map(({ finished }) => finished)));
      await shot("studio-3-live");
      assert.deepEqual(await pageFaults(page), [], "live");
      await page.keyboard.press("Escape");
      await button(page, words.end).click();
      await button(page, words.yes).click();
      await page.getByRole("region", { name: words.over }).waitFor();
      await shot("studio-4-over");
      assert.deepEqual(await pageFaults(page), [], "over");
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });

type Watched = { readonly width: number; readonly time: number; readonly soundBytes: number; readonly engine: string };

/** A student who joins by the code, and what their player shows. */
async function openStudent(lesson: Body, like: Page): Promise<() => Promise<Watched>> {
  const page = await like
    .context()
    .browser()!
    .newContext({ locale: "en-US", viewport: SIZES[0] })
    .then((context) => context.newPage());
  like.context().once("close", () => void page.context().close());
  const { server } = await openWorld();
  await page.goto(`${server.http}/class/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await button(page, "Join class").click();
  return () =>
    page.evaluate(() => {
      const player = document.querySelector("lectern-player") as (HTMLElement & { statistics: { engine: unknown } }) | null;
      const video = player?.shadowRoot?.querySelector("video");
      const { webkitAudioDecodedByteCount: soundBytes = 0 } = (video ?? {}) as { webkitAudioDecodedByteCount?: number };
      return {
        width: video?.videoWidth ?? 0,
        time: video?.currentTime ?? 0,
        soundBytes,
        engine: String(player?.statistics?.engine ?? ""),
      };
    });
}

/** Waits until the picture and the sound of a student go on. */
async function goesOn(watched: () => Promise<Watched>, what: string): Promise<Watched> {
  const before = await watched();
  return await until(async () => {
    const now = await watched();
    return now.width > 0 && now.time > before.time + 1 && now.soundBytes > before.soundBytes ? now : null;
  }, what);
}

async function goLive(page: Page): Promise<void> {
  await button(page, "Turn on camera and microphone").click();
  await until(() => isPlaying(page), "the own picture");
  await button(page, "Go live").click();
  await page.locator(".stage.on-air").waitFor();
}

const publisherOf = async (server: Lectern, lesson: Body) => {
  const stream = await server.stream(lesson.stream.name, ({ publisher }) => publisher !== null);
  return stream.publisher?.protocol;
};

test("a teacher goes live from the browser, and a student sees and hears it; mute, another microphone, a reload and the end", async (t) => {
  const { server, newLesson } = await openWorld();
  const lesson = await newLesson();
  const { page, complaints, dialogs } = await openStudio(t, lesson);
  await goLive(page);
  const student = await openStudent(lesson, page);
  const seen = await goesOn(student, "picture and sound at the student");
  assert.equal(seen.engine, "flv");

  await button(page, "Mute").click();
  await page.getByText("You are muted").waitFor();
  await button(page, "Devices").click();
  await devices(page).getByLabel("Microphone").selectOption({ label: "Fake Audio Input 2" });
  await page.keyboard.press("Escape");
  await button(page, "Unmute").click();
  await button(page, "Camera off").click();
  await button(page, "Camera on").click();
  await goesOn(student, "picture and sound from another microphone");
  const { epoch } = await server.stream(lesson.stream.name);

  await button(page, "Mute").click();
  await page.reload();
  assert.deepEqual(dialogs, ["beforeunload"], "the page asks before it closes while it is live");
  await button(page, "Continue the class").click();
  await page.locator(".stage.on-air").waitFor();
  await button(page, "Unmute").click();
  await goesOn(student, "picture and sound after the reload");
  assert.equal((await server.stream(lesson.stream.name)).epoch, epoch, "students go on in the same stream");
  await button(page, "Devices").click();
  await until(
    async () => (await devices(page).getByLabel("Microphone").locator("option:checked").textContent()) === "Fake Audio Input 2",
    "the microphone of before",
  );
  await page.keyboard.press("Escape");

  await button(page, "End lesson").click();
  await button(page, "End for everyone").click();
  const over = page.getByRole("region", { name: "The lesson has ended" });
  await over.getByText(/\d recording/).waitFor();
  assert.equal(await button(page, "Start lesson").count(), 0);
  await page.reload();
  await over.waitFor();
  assert.equal(dialogs.length, 1, "the page of a lesson that is over may be closed");
  assert.deepEqual(complaints, []);
});

test("a teacher shares the screen, moves to another corner and stops sharing, while students go on", async (t) => {
  const { server, newLesson } = await openWorld();
  const lesson = await newLesson();
  const { page, complaints } = await openStudio(t, lesson);
  await goLive(page);
  const student = await openStudent(lesson, page);
  await goesOn(student, "picture and sound at the student");
  const { epoch } = await server.stream(lesson.stream.name);
  await button(page, "Share screen").click();
  await button(page, "Stop sharing").waitFor();
  await goesOn(student, "the screen at the student");
  await button(page, "Devices").click();
  await button(page, "Top left").click();
  await picture(page, "studio-7-shared-1440-en-US");
  assert.deepEqual(await pageFaults(page), []);
  await page.keyboard.press("Escape");
  await button(page, "Stop sharing").click();
  await button(page, "Share screen").waitFor();
  await goesOn(student, "the camera at the student");
  assert.equal((await server.stream(lesson.stream.name)).epoch, epoch);
  assert.deepEqual(complaints, []);
});

test("a second studio shows what is live and asks before it teaches, and a projector has the stage alone", async (t) => {
  const { server, newLesson } = await openWorld();
  const lesson = await newLesson();
  const { page } = await openStudio(t, lesson);
  await goLive(page);
  await server.stream(lesson.stream.name, ({ publisher }) => publisher !== null);
  const second = await openStudio(t, lesson);
  const choice = second.page.getByRole("region", { name: "This lesson is live on another page" });
  await choice.waitFor();
  await second.page.locator("lectern-player").waitFor();
  assert.equal(await button(second.page, "Turn on camera and microphone").count(), 0);
  await picture(second.page, "studio-8-second-1440-en-US");
  assert.deepEqual(await pageFaults(second.page), []);
  await choice.getByRole("button", { name: "Teach from here" }).click();
  await button(second.page, "Turn on camera and microphone").waitFor();

  await second.page.goto(`${server.http}/studio/${lesson.id}?panel=projector`);
  await second.page.locator(".projector lectern-player").waitFor();
  await picture(second.page, "studio-9-projector-1440-en-US");
  assert.equal(await second.page.locator(".side, .studio-bar, .studio-dock").count(), 0);
  assert.deepEqual(await pageFaults(second.page), []);
});

test("beside OBS, a teacher stands by or takes over", async (t) => {
  const { server, newLesson } = await openWorld();
  const lesson = await newLesson();
  const obs = push(t, lesson.stream.rtmpUrl);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const { page } = await openStudio(t, lesson);
  await button(page, "This browser").click();
  await button(page, "Turn on camera and microphone").click();
  await until(() => isPlaying(page), "the own picture");
  await button(page, "Go live").click();
  const decision = page.getByRole("alertdialog", { name: "This lesson already has a picture" });
  await decision.waitFor();
  await picture(page, "studio-5-present-1440-en-US");
  assert.deepEqual(await pageFaults(page), []);
  await decision.getByRole("button", { name: "Stand by" }).click();
  await page.locator(".live-word.standby").waitFor();
  assert.equal(await publisherOf(server, lesson), "rtmp");
  obs.child.kill("SIGKILL");
  await until(async () => (await publisherOf(server, lesson)) !== "rtmp", "the browser in its place");
  await page.locator(".live-word:not(.standby)").waitFor();

  await button(page, "Devices").click();
  await button(page, "Stop sending").click();
  push(t, lesson.stream.rtmpUrl);
  await until(async () => (await publisherOf(server, lesson)) === "rtmp", "OBS again");
  await button(page, "Go live").click();
  await decision.getByRole("button", { name: "Take over" }).click();
  await until(async () => (await publisherOf(server, lesson)) !== "rtmp", "the browser in its place");
});

test("without a camera, and with one that is refused, a teacher is told what to do and is heard all the same", async (t) => {
  const { newLesson } = await openWorld();
  const lesson = await newLesson();
  const { page } = await openStudio(t, lesson);
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const real = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      if (wanted?.video) throw new DOMException("Permission denied", "NotAllowedError");
      return await real(wanted);
    };
  });
  await page.reload();
  await button(page, "Turn on camera and microphone").click();
  await tile(page).getByText("This page may not use your camera.").waitFor();
  await tile(page).getByText("left of the address").waitFor();
  await picture(page, "studio-6-refused-1440-en-US");
  await button(page, "Devices").click();
  await button(page, "Sound only").click();
  await page.keyboard.press("Escape");
  await tile(page).getByText("No picture. Students hear you.").waitFor();
  await button(page, "Go live").click();
  await page.locator(".stage.on-air").waitFor();
  const { server } = await openWorld();
  await server.stream(lesson.stream.name, ({ audio, video }) => audio !== null && video === null);
});
