/** Two students in Chromium and a teacher who acts by the API: what people do in the room of a lesson, and what a reload keeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { startTaughtLesson, type TaughtLesson } from "./taught-lesson.ts";

async function join(page: Page, { server, lesson }: TaughtLesson, name: string): Promise<void> {
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join class" }).click();
  await page.getByLabel("Write a message").waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  const field = page.locator(".chat-write input");
  await field.fill(text);
  await field.press("Enter");
}

const line = (page: Page, text: string) => page.locator(".chat-line:not(.sending)", { hasText: text });

/** The bullet comments that fly now, as they are over the picture. */
const bullets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const layers = document.querySelector("lectern-player")?.shadowRoot?.querySelectorAll("div[aria-hidden]") ?? [];
    return [...layers].flatMap((layer) => [...(layer.shadowRoot?.querySelectorAll("span") ?? [])].map((one) => one.textContent));
  });

test("two students and a teacher chat, comment, raise a hand and answer a quiz; a reload keeps it all", async (t) => {
  const world = await startTaughtLesson(t, "class-room", "Fractions");
  const { server, teach } = world;
  const desktop = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  const phone = await openOwnPage(t, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, server.http);
  await join(desktop, world, "Li Mei");
  await join(phone, world, "Chen Jie");

  await say(desktop, "Good morning 早上好");
  await line(phone, "Good morning 早上好").waitFor();
  await say(phone, "<b>Hello</b>");
  await line(desktop, "<b>Hello</b>").waitFor();
  const { ref } = await teach("chat", { text: "Welcome to fractions" });
  for (const page of [desktop, phone]) await line(page, "Welcome to fractions").getByText("Teacher", { exact: true }).waitFor();
  await teach("moderation", { action: "pin", key: `chat/${ref}` });
  await phone.locator(".pinned", { hasText: "Welcome to fractions" }).waitFor();

  await desktop.getByRole("button", { name: "On video" }).click();
  await say(desktop, "One and a bit");
  await until(async () => (await bullets(phone)).includes("One and a bit"), "the bullet comment");

  await phone.getByRole("button", { name: "Raise hand" }).click();
  await phone.getByRole("button", { name: "Hand · 1: lower it" }).waitFor();

  const quiz = { action: "open", type: "single", text: "Five tenths are?", options: ["0.2", "0.5"], correct: [1] };
  const { ref: quizRef } = await teach("quiz", quiz);
  await desktop.getByRole("tab", { name: "Quiz", selected: true }).waitFor();
  for (const page of [desktop, phone]) {
    await page.getByRole("button", { name: "0.5" }).click();
    await page.getByText("Sent: 0.5.").waitFor();
  }

  await phone.reload();
  await line(phone, "Good morning 早上好").waitFor();
  await phone.locator(".pinned", { hasText: "Welcome to fractions" }).waitFor();
  await phone.getByRole("button", { name: "Hand · 1: lower it" }).waitFor();
  await phone.getByRole("tab", { name: "Quiz" }).waitFor();
  await until(async () => (await phone.locator('.quiz-option[aria-pressed="true"]').textContent()) === "0.5", "the own answer");
  await teach("quiz", { action: "reveal", ref: quizRef });
  await desktop.getByText("2 answers").waitFor();
  assert.match((await desktop.locator(".result.right").textContent()) ?? "", /0\.5.*Right.*Your answer.*100%/);
  assert.deepEqual(await axeFaults(desktop), []);
  assert.deepEqual(await axeFaults(phone), []);
});

long("what the teacher switches off, deletes and announces is so for students, in words", async (t) => {
  const world = await startTaughtLesson(t, "class-rules", "Fractions");
  const { server, lesson, teach } = world;
  const page = await openOwnPage(t, { viewport: { width: 740, height: 360 } }, server.http);
  await join(page, world, "Li Mei");
  await say(page, "A line to delete");
  await line(page, "A line to delete").waitFor();
  const { items } = await done(server, "GET", `/lessons/${lesson.id}/room/entries?kind=chat`);
  await teach("moderation", { action: "delete", key: items[0].key });
  await page.getByText("This message was deleted.").waitFor();
  await teach("moderation", { action: "mute", person: items[0].from });
  await page.getByText("The teacher has muted you.").waitFor();
  assert.equal(await page.locator(".chat-write input").isDisabled(), true);
  await teach("moderation", { action: "unmute", person: items[0].from });
  await until(async () => !(await page.locator(".chat-write input").isDisabled()), "the field");
  await teach("settings", { chat: "off", danmaku: false, hands: false });
  await page.getByText("The teacher has turned off the chat.").waitFor();
  await page.getByRole("button", { name: "Raise hand" }).waitFor({ state: "detached" });
  await teach("announcement", { action: "post", text: "Please have a ruler ready." });
  await page.getByText("Please have a ruler ready.").first().waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.locator(".announcement").waitFor({ state: "detached" });
  // Nothing that matters is below the fold, and the side can be folded away.
  const [height, width] = await page.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]);
  assert.deepEqual([height, width], [360, 740]);
  await page.getByRole("button", { name: "Hide chat" }).click();
  await page.getByRole("tablist").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Show chat" }).click();
  await page.getByRole("tablist").waitFor();
  await teach("signin", { action: "open", code: "4711" });
  await page.getByLabel("Code that the teacher shows").fill("1234");
  await page.getByRole("button", { name: "I am here" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Code that the teacher shows").fill("4711");
  await page.getByRole("button", { name: "I am here" }).click();
  await page.getByText("Recorded: you are here.").waitFor();
});

long("where WebSockets do not pass, the room works by server-sent events and requests", async (t) => {
  const world = await startTaughtLesson(t, "class-events", "Fractions");
  const options = { viewport: { width: 1024, height: 768 }, expected: /WebSocket connection to .* failed|ERR_CONNECTION/ };
  const page = await openOwnPage(t, options, world.server.http);
  await page.addInitScript(() => {
    const Real = WebSocket;
    // Those of rooms alone: the player has its own ways around.
    window.WebSocket = class extends Real {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(String(url).replace("/socket?", "/no-such-door?"), protocols);
      }
    };
  });
  await join(page, world, "Li Mei");
  await say(page, "By another way");
  await line(page, "By another way").waitFor();
  await world.teach("chat", { text: "I hear you" });
  await line(page, "I hear you").waitFor();
});

test("while a class waits, its room says when the picture is there: the stream is not asked for again and again, and then at once", async (t) => {
  const server = await sharedLectern();
  const { items } = await done(server, "GET", "/schools");
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", schoolId: items[0].id });
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 }, expected: /status of 404/ }, server.http);
  const asked: number[] = [];
  page.on("request", (request) => {
    if (request.url().includes(`/live/${lesson.stream.name}.flv`)) asked.push(Date.now());
  });
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await page.getByText("1 here").waitFor();
  await until(
    async () => (await playerState(page)).words === "The lesson is not live yet. It will start here automatically.",
    "the words",
  );
  const before = asked.length;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 8000)));
  assert.ok(asked.length - before <= 1, `asked ${asked.length - before} times in eight seconds`);
  push(t, lesson.stream.rtmpUrl, "calm");
  await until(async () => (await playerState(page)).state === "live", "the picture");
});

long("a class page does not poll while its room is connected, and hears from it of the end of the lesson", async (t) => {
  const world = await startTaughtLesson(t, "class-end", "Fractions");
  const { server, lesson } = world;
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  let polls = 0;
  page.on("request", (request) => {
    if (request.url().includes("/invitations/")) polls++;
  });
  await join(page, world, "Li Mei");
  await page.getByText("1 here").waitFor();
  const before = polls;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 6000)));
  assert.ok(polls - before <= 1, `${polls - before} polls in six seconds`);
  // What it polls from now on has no answer.
  await page.route("**/invitations/**", () => {});
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  await page.getByText("The lesson has ended.").first().waitFor();
});
