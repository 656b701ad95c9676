/**
 * A teacher publishes from the studio, in Chromium with its made-up camera and microphone: three checks, one button, and a student who sees and hears
 * it. With SCREENSHOTS=FOLDER, each look is saved there as an image. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { signInBrowser } from "./chromium.ts";
import { wholeFile } from "./fixtures.ts";
import { HANG_MS, type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";

const PICTURES = process.env["SCREENSHOTS"];
const PASSWORD = "sunlit-harbour-42";
const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
] as const;
/** The browser makes up a camera and microphones, and allows them without asking. */
const MADE_UP = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--auto-select-desktop-capture-source=Entire"];

type World = { readonly server: Lectern; readonly token: string; readonly newLesson: () => Promise<Body> };

let world: Promise<World> | null = null;
let browser: Promise<Browser> | null = null;

/** A school with a teacher, for the whole file. */
function openWorld(): Promise<World> {
  world ??= (async () => {
    const server = await startLectern(wholeFile, { "publish.graceSeconds": "20" });
    const { items } = await done(server, "GET", "/schools");
    const user = { schoolId: items[0].id, login: "wang", name: "王芳", role: "teacher", password: PASSWORD };
    const teacher = await done(server, "POST", "/users", user);
    const { token } = (await ask(server, "POST", "/sessions", { login: "wang", password: PASSWORD }, null)).body;
    const newLesson = () => done(server, "POST", "/lessons", { title: "Fractions", teacherId: teacher.id, record: true });
    return { server, token, newLesson };
  })();
  return world;
}

type Opened = { readonly page: Page; readonly complaints: readonly string[] };

/** @param arguments_ of Chromium, beside those that make up the devices */
async function openStudio(t: TestContext, lesson: Body, options: BrowserContextOptions = {}): Promise<Opened> {
  const { server, token } = await openWorld();
  browser ??= launchBrowser(CHROMIUM, MADE_UP).then((launched) => {
    wholeFile.after(() => launched.close());
    return launched;
  });
  const context = await (await browser).newContext({ locale: "en-US", viewport: SIZES[2], ...options });
  t.after(() => context.close());
  context.setDefaultTimeout(HANG_MS);
  await signInBrowser(context, server.http, token);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  // The page asks before it closes while it is live.
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${server.http}/studio/${lesson.id}`);
  return { page, complaints };
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const tile = (page: Page) => page.getByRole("region", { name: "Your picture and sound" });

/** What axe finds, and what reaches out of the window. */
async function faults(page: Page): Promise<string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [...(await axeFaults(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])];
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** Whether the own picture moves. */
const isPlaying = (page: Page) =>
  page.locator("video.own-picture").evaluate((video: HTMLVideoElement) => video.videoWidth > 0 && video.currentTime > 0);

const WORDS = {
  "en-US": { turnOn: "Turn on camera and microphone", goLive: "Go live", mute: "Mute", devices: "Devices", end: "End lesson", yes: "End for everyone", over: "The lesson has ended" },
  "zh-CN": { turnOn: "打开摄像头和麦克风", goLive: "开始直播", mute: "静音", devices: "设备", end: "下课", yes: "结束课程", over: "已下课" },
} as const;

for (const locale of ["en-US", "zh-CN"] as const)
  test(`the studio of a lesson before, during and after it fits every screen: ${locale}`, async (t) => {
    const { newLesson } = await openWorld();
    const words = WORDS[locale];
    for (const viewport of SIZES) {
      const { page, complaints } = await openStudio(t, await newLesson(), { locale, viewport, colorScheme: locale === "en-US" ? "light" : "dark" });
      const shot = (name: string) => picture(page, `${name}-${viewport.width}-${locale}`);
      await button(page, words.turnOn).waitFor();
      await shot("studio-1-closed");
      assert.deepEqual(await faults(page), [], "closed");
      await button(page, words.turnOn).click();
      await until(() => page.locator(".check-card.done").count().then((count) => count === 3), "three ticks");
      await until(() => isPlaying(page), "the own picture");
      await shot("studio-2-prepare");
      assert.deepEqual(await faults(page), [], "prepare");
      await button(page, words.goLive).click();
      await page.locator(".live-word.good, .live-word.unknown, .live-word.fair").waitFor();
      await button(page, words.mute).click();
      await button(page, words.devices).click();
      await shot("studio-3-live");
      assert.deepEqual(await faults(page), [], "live");
      await button(page, words.end).click();
      await button(page, words.yes).click();
      await page.getByRole("region", { name: words.over }).waitFor();
      await shot("studio-4-over");
      assert.deepEqual(await faults(page), [], "over");
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });
