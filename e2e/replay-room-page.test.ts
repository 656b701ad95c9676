/** The room beside a recording in Chromium: it shows what was there at the time to which a student seeks. Only with --all, or by name. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";

/** Longer than a segment, so that a lesson on a busy machine has one moment of it at least. */
const PAUSE_MS = 3000;

async function seek(page: Page, seconds: number): Promise<void> {
  await page.evaluate((to) => {
    const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
    player.pause();
    player.currentTime = to;
  }, seconds);
}

const linesOf = (page: Page) => page.locator(".past-room .chat-text").allTextContents();

async function shows(page: Page, expected: readonly string[]): Promise<void> {
  await until(async () => JSON.stringify(await linesOf(page)) === JSON.stringify(expected), `${expected.join(", ")} on the page`);
}

test("a student who watches the recording sees the chat, questions and quizzes of each time", async (t) => {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  let actions = 0;
  const act = (kind: string, body: object): Promise<Body> =>
    done(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: `action-${actions++}`, kind, ...body });
  const sending = push(t, `${server.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  /** The middle of a pause in which nothing happens in the room; milliseconds since 1970. */
  const pause = async (): Promise<number> => {
    await setTimeout(PAUSE_MS);
    return Date.now() - PAUSE_MS / 2;
  };
  const before = await pause();
  await act("chat", { text: "One half is 0.5" });
  await act("question", { action: "ask", text: "Why?" });
  const { answer } = await act("quiz", { action: "open", type: "boolean", text: "Is a half more than a third?", correct: true });
  const between = await pause();
  await act("chat", { text: "A third is less" });
  await act("quiz", { action: "close", ref: answer.ref });
  await act("quiz", { action: "reveal", ref: answer.ref });
  const after = await pause();
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.find((one: Body) => one.whole) ?? null;
  }, "the recording");
  const seekTo = (time: number) => seek(page, (time - Date.parse(recording.startedAt)) / 1000);

  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.locator("lectern-replay").waitFor();
  await page.locator(".past-room").waitFor();
  await seekTo(before);
  await page.getByText("Nobody had written yet.").waitFor();
  await seekTo(between);
  await shows(page, ["One half is 0.5"]);
  await page.getByRole("tab", { name: "Questions" }).click();
  await page.getByText("Why?").waitFor();
  await page.getByRole("tab", { name: "Quiz" }).click();
  await page.getByText("Is a half more than a third?").waitFor();
  assert.equal(await page.locator(".quiz-results").count(), 0, "results before they were revealed");
  await seekTo(after);
  await page.locator(".quiz-results").waitFor();
  await page.getByRole("tab", { name: "Chat" }).click();
  await shows(page, ["One half is 0.5", "A third is less"]);
  assert.equal(await page.locator(".past-room input, .past-room textarea").count(), 0, "nothing to write in");
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "replay-room.png") });
  await seekTo(between);
  await shows(page, ["One half is 0.5"]);
});

test("a student who rewinds a live lesson sees the room of then, and that of now after going back to live", async (t) => {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", guests: true });
  let actions = 0;
  const say = (text: string) =>
    done(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: `line-${actions++}`, kind: "chat", text });
  push(t, `${server.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  await say("At the beginning");
  // The page rewinds 15 s. It need not play meanwhile.
  await setTimeout(18_000);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await page.getByText("At the beginning").waitFor();

  await say("Just now");
  await page.locator(".chat-text").getByText("Just now").waitFor();
  await page.getByRole("button", { name: "Rewind" }).click();
  await page.locator(".side .past-room").waitFor();
  await shows(page, ["At the beginning"]);
  assert.equal(await page.locator(".side .chat-form").filter({ visible: true }).count(), 0, "nothing to write in");
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "rewound-room.png") });
  await page.getByRole("button", { name: "Back to live" }).click();
  await page.locator(".chat-text").getByText("Just now").waitFor();
  assert.equal(await page.locator(".past-room").count(), 0);
});
