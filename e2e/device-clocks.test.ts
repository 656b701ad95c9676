/** Students whose computers have wrong clocks, in Chromium: the quiz, the chat, rewinding, the links and the room are as for all others. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { until } from "./lectern.ts";
import { long } from "./long-tests.ts";
import { startTaughtLesson, type TaughtLesson } from "./taught-lesson.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUIZ_SECONDS = 300;

/** A page on a computer whose clock is wrong; `shiftMs` may be changed later. */
async function openShifted(t: TestContext, shiftMs: number, { server, lesson }: TaughtLesson) {
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await page.addInitScript((shift) => {
    const RealDate = Date;
    Reflect.set(globalThis, "clockShift", shift);
    const now = (): number => RealDate.now() + Number(Reflect.get(globalThis, "clockShift"));
    class ShiftedDate extends RealDate {
      static override now = now;
      constructor(...given: unknown[]) {
        super(...((given.length === 0 ? [now()] : given) as [number]));
      }
    }
    globalThis.Date = ShiftedDate as DateConstructor;
  }, shiftMs);
  const joins: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/join")) joins.push(request.url());
  });
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await page.getByRole("timer").waitFor();
  const setClock = (shift: number) => page.evaluate((value) => void Reflect.set(globalThis, "clockShift", value), shift);
  return { page, joins, setClock };
}

/** Seconds that the page says are left for the quiz. */
async function secondsLeft(page: Page): Promise<number> {
  const words = await page.getByRole("timer").textContent();
  const [minutes, seconds] = /^(\d+):(\d\d) left$/.exec(words ?? "")?.slice(1) ?? [];
  assert.ok(minutes !== undefined && seconds !== undefined, `“${words}”`);
  return Number(minutes) * 60 + Number(seconds);
}

const replayTime = (page: Page) =>
  page.evaluate(() => document.querySelector("lectern-replay")?.shadowRoot?.querySelector("video")?.currentTime ?? 0);

async function attend(t: TestContext, shiftMs: number, laterMs: number): Promise<void> {
  const world = await startTaughtLesson(t, `clock-${shiftMs < 0 ? "slow" : "fast"}-${Math.abs(shiftMs) / MINUTE}`, "Clocks");
  const opened = Date.now();
  await world.teach("quiz", {
    action: "open",
    type: "single",
    text: "Five tenths are?",
    options: ["0.2", "0.5"],
    correct: [1],
    seconds: QUIZ_SECONDS,
  });
  const { page, joins, setClock } = await openShifted(t, shiftMs, world);
  const isRight = async (when: string): Promise<void> => {
    await page.getByRole("timer").waitFor();
    const wrongBy = Math.abs((await secondsLeft(page)) - (QUIZ_SECONDS - (Date.now() - opened) / 1000));
    assert.ok(wrongBy < 10, `${when}, ${wrongBy} s wrong`);
  };
  await isRight("from the beginning");
  const timesLooked = joins.length;
  await setClock(laterMs);
  await page.waitForRequest((request) => request.url().includes("/robots.txt?"));
  await isRight("after the clock was set while the page was open");
  await page.getByRole("button", { name: "0.5" }).click();
  await page.getByText("Sent: 0.5.").waitFor();
  await page.getByRole("tab", { name: "Chat" }).click();
  await world.teach("chat", { text: "Look at the clock" });
  const line = page.locator(".chat-line:not(.sending)", { hasText: "Look at the clock" });
  const shown = await line.locator(".chat-time").textContent();
  const clock = new Intl.DateTimeFormat("en-US", { timeStyle: "short" });
  const possible = [Date.now() - MINUTE, Date.now()].map((at) => clock.format(at));
  assert.ok(possible.includes(shown ?? ""), `the chat says ${shown}, it is ${possible[1]}`);
  await page.getByRole("button", { name: "Rewind" }).click();
  await until(async () => (await replayTime(page)) > 0, "the picture of before");
  await page.getByRole("button", { name: "Back to live" }).click();
  await page.locator("lectern-player").waitFor();
  assert.equal(joins.length, timesLooked, `joined again: ${joins.length} times`);
}

test("on a computer that is 14 minutes fast, and then set back by a day, a quiz has its time, rewinding works and nobody joins again", (t) =>
  attend(t, 14 * MINUTE, 14 * MINUTE - DAY));

test("on a computer that is an hour slow, and then set a day ahead, it is the same", (t) => attend(t, -HOUR, DAY));

for (const [shiftMs, laterMs] of [
  [-14 * MINUTE, 14 * MINUTE],
  [HOUR, -HOUR],
  [DAY, 0],
  [-DAY, HOUR],
] as const)
  long(`a clock that is wrong by ${shiftMs / MINUTE} minutes, and then by ${laterMs / MINUTE}, changes nothing`, (t) =>
    attend(t, shiftMs, laterMs),
  );
