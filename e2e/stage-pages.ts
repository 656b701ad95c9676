/** Provides pages of people on a stage, in Chromium with its made-up devices: what tests of the stage and of small lessons share. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Browser, BrowserContextOptions, Page, Route } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { newPerson } from "./console-school.ts";
import { sharedBrowser, sharedLectern, wholeFile } from "./fixtures.ts";
import { HANG_MS, type Lectern, startLectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { withPlainMicrophone } from "./plain-microphone.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import type { UdpGate } from "./udp-gate.ts";

const PICTURES = process.env["SCREENSHOTS"];
/** A window, and what is particular to its screen. */
export type Screen = { readonly width: number; readonly height: number } & Pick<
  BrowserContextOptions,
  "deviceScaleFactor" | "colorScheme" | "hasTouch"
>;
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
const SEEN_SECONDS = 2;
const SEEN_LIMIT_MS = 60_000;
export const NETWORK_AWAY_MS = 10_000;
export const PUBLISHING_AND_PLAYING = /\/wh[ei]p(\?|$)/;
const MADE_UP = ["--use-fake-ui-for-media-stream", "--auto-select-desktop-capture-source=Entire"];
const SET = { "publish.graceSeconds": "5" };

type World = { readonly server: Lectern; readonly token: string; readonly teacherId: string; readonly browser: Browser };

let world: Promise<World> | null = null;

type WorldOptions = {
  /** Of the made-up camera, each second. */
  readonly pictures?: number;
  /** The program of a browser that no other file uses. */
  readonly browser?: string;
  /** The file breaks processes of its server. */
  readonly isAlone?: boolean;
};

/** One for the whole file: only the first call decides. */
export function openWorld({ pictures = 10, browser: program, isAlone = false }: WorldOptions = {}): Promise<World> {
  world ??= (async () => {
    const server = await (isAlone ? startLectern(wholeFile, SET) : sharedLectern(SET));
    const { items } = await done(server, "GET", "/schools");
    const { id: teacherId, token } = await newPerson(server, items[0].id, "teacher", "Wang Fang");
    const flags = [...MADE_UP, `--use-fake-device-for-media-stream=fps=${pictures}`];
    const browser = program === undefined ? await sharedBrowser(flags) : withPlainMicrophone(await launchBrowser(program, flags));
    if (program !== undefined) wholeFile.after(() => browser.close());
    return { server, token, teacherId, browser };
  })();
  return world;
}

/** Runs in a page: its camera gives no larger pictures than a test has to tell apart. */
function useSmallCamera(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const small = { width: 320, height: 180, frameRate: 10 };
  mediaDevices.getUserMedia = ({ video, ...others } = {}) =>
    open(video ? { ...others, video: { ...(typeof video === "object" ? video : {}), ...small } } : others);
}

/** @param script runs in the page before its own scripts */
export async function openPage(
  t: TestContext,
  path: string,
  { width, height, ...screen }: Screen = DESKTOP,
  token: string | null = null,
  script: string | (() => void) | null = null,
): Promise<Page> {
  const { server, browser } = await openWorld();
  const context = await browser.newContext({ locale: "en-US", viewport: { width, height }, ...screen });
  t.after(() => context.close());
  context.setDefaultTimeout(HANG_MS);
  if (token) await signInBrowser(context, server.http, token);
  await context.addInitScript(useSmallCamera);
  if (script) await context.addInitScript(typeof script === "string" ? { content: script } : script);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.stack ?? String(error)));
  t.after(() => assert.deepEqual(complaints, []));
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${server.http}${path}`);
  return page;
}

/** @param query of the class's page */
export async function student(
  t: TestContext,
  lesson: Body,
  name: string,
  screen: Screen = DESKTOP,
  { query = "", script = null }: { readonly query?: string; readonly script?: string | (() => void) | null } = {},
): Promise<Page> {
  const page = await openPage(t, `/class/${lesson.code}${query}`, screen, null, script);
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("button", { name: "Join class" }).click();
  return page;
}

/** Of a small lesson: the person of the page is seen and heard from then on. */
export async function joinSmall(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Join with microphone and camera" }).click();
}

/** @param link of a parent or an inspector, of any origin */
export async function openWatching(t: TestContext, link: string): Promise<Page> {
  const { pathname, hash } = new URL(link);
  return await openPage(t, `${pathname}${hash}`, PHONE);
}

export async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** People whose pictures go on, and whether they are heard, on a page. */
export async function tiles(page: Page): Promise<Record<string, { time: number; muted: boolean }>> {
  return await page.locator(".tile-of-person lectern-player").evaluateAll((players) =>
    Object.fromEntries(
      players.map((player) => {
        const video = player.shadowRoot?.querySelector("video");
        return [player.getAttribute("aria-label") ?? "", { time: video?.currentTime ?? 0, muted: video?.muted ?? true }];
      }),
    ),
  );
}

/** Waits until each of them has been seen to move on for a while: whatever an earlier connection has left to play is shorter. */
export async function plays(page: Page, ...names: readonly string[]): Promise<void> {
  const seen = new Map<string, number>(names.map((name) => [name, 0]));
  let before = await tiles(page);
  const isPlaying = async () => {
    const now = await tiles(page);
    for (const name of names) {
      // Another connection begins its time again.
      const step = (now[name]?.time ?? 0) - (before[name]?.time ?? 0);
      if (step > 0 && step < SEEN_SECONDS) seen.set(name, (seen.get(name) ?? 0) + step);
    }
    before = now;
    return names.every((name) => (seen.get(name) ?? 0) >= SEEN_SECONDS);
  };
  await until(isPlaying, `${names.join(", ")} to be seen`, SEEN_LIMIT_MS).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify([...seen])} ${JSON.stringify(await tiles(page))}`);
  });
}

/** The page has no network at all until this is called: no connection, no new one, and no packet of those that are there. */
export async function loseNetwork(page: Page, gate: UdpGate): Promise<() => Promise<void>> {
  const refuse = (route: Route) => route.abort("internetdisconnected");
  gate.shut();
  await page.context().setOffline(true);
  await page.route("**/*", refuse);
  return async () => {
    gate.open();
    await page.unroute("**/*", refuse);
    await page.context().setOffline(false);
  };
}
