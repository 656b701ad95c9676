/** A class on a television, by the keys of a remote control: arrows and OK reach and press everything, the controls inside the players too. Only with --all. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";

const TELEVISION = {
  viewport: { width: 1920, height: 1080 },
  userAgent: "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
};

/** The name of what has the focus, also inside a player. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return (active?.getAttribute("aria-label") ?? active?.textContent ?? "").trim();
  });

/** Presses a key until it comes round. Gives the names of the ring. */
async function ringBy(page: Page, key: string): Promise<string[]> {
  await page.keyboard.press(key);
  const ring = [await focused(page)];
  for (;;) {
    await page.keyboard.press(key);
    const name = await focused(page);
    if (name === ring[0]) return ring;
    ring.push(name);
    assert.ok(ring.length < 40, `a ring that does not end: ${ring}`);
  }
}

/** The ring as soon as it is twice the same: parts of the class come one after the other. */
async function wholeRing(page: Page): Promise<string[]> {
  let before: string[] = [];
  return await until(async () => {
    const ring = await ringBy(page, "ArrowRight");
    const isSame = ring.toSorted().join() === before.toSorted().join();
    before = ring;
    return isSame && ring;
  }, "a ring that stays");
}

async function goTo(page: Page, name: string, key = "ArrowRight"): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${name} is not in the ring`);
}

test("one ring leads through the controls of the player and the row of the class, in both directions, and OK presses each", async (t) => {
  const server = await sharedLectern();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
  push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const page = await openOwnPage(t, TELEVISION, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Room 7");
  await page.keyboard.press("Enter");
  const live = () => until(async () => (await playerState(page)).state === "live", "a live picture");
  await live();
  await page.locator(".television .dock-leave").waitFor();
  await until(async () => (await page.locator(".bullet-settings").count()) > 0, "the room");

  await page.locator("main").focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await focused(page), /^(Sound|Tap for sound)$/, "arrows begin at what is used");
  const ring = await wholeRing(page);
  for (const wanted of ["Pause", "Mute", "Full screen", "Sound", "Rewind 15 s", "Report a problem", "Leave"])
    assert.ok(ring.includes(wanted), `${wanted} in ${ring.join(", ")}`);
  assert.equal(new Set(ring).size, ring.length, "nothing comes twice");
  const at = (name: string) => (ring.indexOf(name) - ring.indexOf("Pause") + ring.length) % ring.length;
  assert.ok(at("Full screen") < at("Sound") && at("Sound") < at("Leave"), "in their order");
  await goTo(page, "Leave");
  assert.deepEqual(new Set(await ringBy(page, "ArrowLeft")), new Set(ring));
  assert.deepEqual(new Set(await ringBy(page, "ArrowDown")), new Set(ring), "up and down lead on too");

  await goTo(page, "Pause");
  const opacity = () => page.locator("lectern-player .bar").evaluate((bar) => getComputedStyle(bar).opacity);
  await until(async () => (await opacity()) === "1", "the whole bar");
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "television.png") });
  await page.keyboard.press("Enter");
  await until(async () => (await playerState(page)).state === "paused", "the pause");
  await goTo(page, "Play");
  await page.keyboard.press("Enter");
  await live();
  await goTo(page, "Full screen", "ArrowLeft");
  await page.keyboard.press("Enter");
  await until(() => page.evaluate(() => document.fullscreenElement?.localName === "lectern-player"), "full screen");
  assert.ok(!(await ringBy(page, "ArrowRight")).includes("Leave"), "what full screen hides is passed over");
  await goTo(page, "Exit full screen");
  await page.keyboard.press("Enter");
  await until(() => page.evaluate(() => document.fullscreenElement === null), "the end of full screen");

  await until(async () => (await playerState(page)).time > 8, "something to rewind");
  await goTo(page, "Rewind 15 s");
  await page.keyboard.press("Enter");
  await page.locator("lectern-replay .seek").waitFor();
  const past = await ringBy(page, "ArrowDown");
  for (const wanted of ["Seek", "Back 10 seconds", "Forward 10 seconds", "Playback speed", "Back to live"])
    assert.ok(past.includes(wanted), `${wanted} in ${past.join(", ")}`);
  // The bar is a slider: sideways it seeks.
  const time = () =>
    page.locator("lectern-replay").evaluate((replay) => (replay as HTMLElement & { currentTime: number }).currentTime);
  await until(async () => (await time()) > 1, "the picture of before");
  await page.locator("lectern-replay").evaluate((replay) => (replay as HTMLElement & { pause: () => void }).pause());
  await goTo(page, "Seek", "ArrowDown");
  const before = await time();
  await page.keyboard.press("ArrowLeft");
  await until(async () => Math.abs((await time()) - Math.max(0, before - 5)) < 0.5, "five seconds back");
  assert.equal(await focused(page), "Seek");
  await page.evaluate(() => {
    HTMLSelectElement.prototype.showPicker = function () {
      this.dataset["opened"] = "";
    };
  });
  await goTo(page, "Playback speed", "ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("lectern-replay select[data-opened]").count(), 1);
  await goTo(page, "Back to live", "ArrowDown");
  await page.keyboard.press("Enter");
  await live();
});
