/**
 * The studio in Chromium is one screen: on every window, before class and while it is live, nothing scrolls but lists, what a teacher needs at once is in
 * sight, and nothing is too small for a finger.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { done } from "./lesson-client.ts";
import { pageFaults, smallTargets } from "./page-faults.ts";
import { DESKTOP, openPage, openWorld, picture } from "./stage-pages.ts";

const SIZES = [
  { width: 740, height: 360 },
  { width: 390, height: 844 },
  // A window of 1440 × 900 at 200 %.
  { width: 720, height: 450 },
  { width: 820, height: 1180 },
  { width: 1280, height: 720 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
] as const;

/** Narrower windows are those of phones and tablets. */
const HELD_IN_HAND = 900;

/** What scrolls though it is no list, and which of the named buttons cannot be pressed where it is. */
async function faults(page: Page, buttons: readonly string[]): Promise<string[]> {
  const found = await page.evaluate(() => {
    const { documentElement: root } = document;
    const isList = (element: Element) => element.closest(".side, .page-strip, ul, ol") !== null;
    const scrollers = [root, ...document.querySelectorAll("main, main *")].filter((element) => {
      const { overflowY } = getComputedStyle(element);
      const scrolls = element === root || /auto|scroll/.test(overflowY);
      return scrolls && element.scrollHeight > element.clientHeight + 1 && !isList(element);
    });
    return scrollers.map((element) => `${element.tagName}.${element.className} scrolls`);
  });
  for (const name of buttons) {
    const button = page.getByRole("button", { name, exact: true });
    const isReached = await button.evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      return isInside && element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    });
    if (!isReached) found.push(`${name} is out of reach`);
  }
  return found;
}

async function walk(page: Page, phase: string, buttons: readonly string[]): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const where = `${phase} ${size.width}x${size.height}`;
    assert.deepEqual(await faults(page, buttons), [], where);
    if (size.width < HELD_IN_HAND) assert.deepEqual(await smallTargets(page), [], where);
    await picture(page, `studio-${where.replaceAll(" ", "-")}`);
  }
  await page.setViewportSize(DESKTOP);
  assert.deepEqual(await pageFaults(page), [], phase);
}

test("on every window the studio is one screen, with the button of the moment, mute and the end in sight", async (t) => {
  const { token, teacherId } = await openWorld();
  const lesson = await done((await openWorld()).server, "POST", "/lessons", { title: "Fractions", teacherId, guests: true });
  const page = await openPage(t, `/studio/${lesson.id}`, { ...DESKTOP, hasTouch: true }, token);
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("tab", { name: "Chat" }).waitFor();
  await walk(page, "closed", ["Turn on camera and microphone"]);
  await press("Turn on camera and microphone");
  await page.locator("video.own-picture").waitFor();
  await page.locator(".check-card.done").nth(2).waitFor();
  await walk(page, "prepare", ["Go live"]);
  await press("Go live");
  await page.locator(".stage.on-air").waitFor();
  await walk(page, "live", ["End lesson", "Mute"]);
  await page.keyboard.press("m");
  await page.getByText("You are muted").waitFor();
  await page.keyboard.press("b");
  await page.locator(".draw-surface").waitFor();
  await walk(page, "board", ["End lesson", "Unmute"]);
});
