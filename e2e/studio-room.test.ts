/**
 * The class in the studio, in Chromium: a teacher runs sign-in, quiz, hands, chat, questions and moderation with two students who are connected by
 * WebSocket. Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { pageFaults } from "./page-faults.ts";
import { type Entry, enterRoom, type RoomClient } from "./room-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
const PASSWORD = "sunlit-harbour-42";

type Class = {
  readonly server: Lectern;
  readonly lesson: Body;
  readonly page: Page;
  readonly student: (name: string) => Promise<RoomClient>;
};

async function openClass(t: TestContext, size: { width: number; height: number }, more: object = {}): Promise<Class> {
  const server = await sharedLectern();
  const slug = `class-${Math.random().toString(36).slice(2, 10)}`;
  const { id: schoolId } = await done(server, "POST", "/schools", { slug, name: slug });
  await done(server, "POST", "/word-lists", { schoolId, name: "To be read first", action: "hold", words: "lottery" });
  const person = { schoolId, login: slug, name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", person);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId });
  const { token } = (await ask(server, "POST", "/sessions", { school: slug, login: slug, password: PASSWORD }, null)).body;
  const page = await openOwnPage(t, { viewport: size, ...more }, server.http);
  await signInBrowser(page.context(), server.http, token);
  const student = async (name: string): Promise<RoomClient> => {
    const { play } = await done(server, "POST", `/lessons/${lesson.code}/join`, { name });
    const client = await enterRoom(server.http, lesson.code, play.flv);
    t.after(() => client.close());
    return client;
  };
  return { server, lesson, page, student };
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** What axe finds, and what reaches out of the window. */
async function faults(page: Page, where: string): Promise<string[]> {
  return (await pageFaults(page)).map((fault) => `${where}: ${fault}`);
}

const newest = (client: RoomClient, kind: string): Entry => client.entries.findLast((entry) => entry.kind === kind) ?? {};

test("parts of the studio whose code is lost on the line come later by themselves, and the page stays", async (t) => {
  const { server, lesson, page, student } = await openClass(t, { width: 1440, height: 900 }, { expected: /ERR_FAILED/ });
  await student("Li Mei");
  let lost = 0;
  await page.route(/\/assets\/(?:class-side|people-panel)-[^/]*\.js$/, (route) => (lost++ < 2 ? route.abort() : route.continue()));
  await page.goto(`${server.http}/studio/${lesson.id}`);
  await page.getByRole("tab", { name: "People" }).click();
  await page.getByRole("tabpanel", { name: "People" }).getByText("Li Mei").waitFor();
  assert.ok(lost > 2, `${lost} requests`);
});

test("sign-in with a code, a quiz with bars that grow, its answer and results, and raised hands", async (t) => {
  const { server, lesson, page, student } = await openClass(t, { width: 1440, height: 900 });
  const [mei, jie] = [await student("Li Mei"), await student("Chen Jie")];
  await page.goto(`${server.http}/studio/${lesson.id}`);
  await page.getByText("2 here").waitFor();

  await page.getByRole("tab", { name: "People" }).click();
  const people = page.getByRole("tabpanel", { name: "People" });
  await people.getByText("Li Mei").waitFor();
  await people.getByLabel("With a code").check();
  await people.getByRole("button", { name: "Start sign-in" }).click();
  const code = (await people.locator(".sign-in-code").textContent()) ?? "";
  assert.match(code, /^\d{4}$/);
  const { ref: round } = await mei.saw(({ kind }) => kind === "signin", "the round");
  const wrong = code === "0000" ? "0001" : "0000";
  assert.equal((await jie.send("signin", { action: "sign", ref: round, code: wrong })).code, "wrong-code");
  assert.ok((await mei.send("signin", { action: "sign", ref: round, code })).seq !== undefined);
  await people.getByText("1 signed in").waitFor();
  await people.getByRole("button", { name: "Close sign-in" }).click();
  await people.getByRole("listitem").filter({ hasText: "Li Mei" }).getByText("Signed in").waitFor();
  await people.getByText("Attendance", { exact: true }).click();
  await people.getByRole("row").filter({ hasText: "Chen Jie" }).waitFor();
  const [table] = await Promise.all([page.waitForEvent("download"), people.getByRole("button", { name: "Save as CSV" }).click()]);
  assert.equal(table.suggestedFilename(), "attendance.csv");

  await page.getByRole("tab", { name: "Quiz" }).click();
  const quizzes = page.getByRole("tabpanel", { name: "Quiz" });
  await quizzes.getByRole("button", { name: "Single choice" }).click();
  await quizzes.getByLabel("Question", { exact: true }).fill("What is 1/2 + 1/4?");
  await quizzes.getByLabel("Option A", { exact: true }).fill("3/4");
  await page.keyboard.press("Enter");
  await page.keyboard.type("2/6");
  await quizzes.getByLabel("Correct: A").check();
  await quizzes.getByLabel("Option D", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await quizzes.getByLabel("Option E", { exact: true }).waitFor();
  await quizzes.getByRole("button", { name: "Remove option: E" }).click();
  await picture(page, "studio-quiz-form");
  await quizzes.getByRole("button", { name: "Start quiz" }).click();
  const quiz = await mei.saw(({ kind }) => kind === "quiz", "the quiz");
  assert.deepEqual([quiz.options, quiz.correct], [["3/4", "2/6"], undefined]);
  await mei.send("answer", { quiz: quiz.ref, choice: [0] });
  await jie.send("answer", { quiz: quiz.ref, choice: [1] });
  await quizzes.getByText("2 of 2 answered").waitFor();
  await picture(page, "studio-quiz");
  await quizzes.getByRole("button", { name: "Close quiz" }).click();
  await quizzes.getByRole("button", { name: "Show answer to the class" }).click();
  await until(() => newest(mei, "quiz").state === "revealed", "the answer");
  await quizzes.getByRole("listitem").filter({ hasText: "3/4" }).getByText("Correct").waitFor();
  await quizzes.getByText("Results by student").click();
  await quizzes.getByRole("row").filter({ hasText: "Chen Jie" }).getByText("2/6").waitFor();
  const save = quizzes.getByRole("button", { name: "Save all answers as CSV" });
  const [file] = await Promise.all([page.waitForEvent("download"), save.click()]);
  assert.equal(file.suggestedFilename(), "quizzes.csv");

  await mei.send("hand", { action: "raise" });
  await jie.send("hand", { action: "raise" });
  const hands = page.getByRole("region", { name: "Hands" });
  await hands.getByRole("button", { name: "Call on: Chen Jie" }).waitFor();
  assert.deepEqual(
    (await hands.getByRole("listitem").allTextContents()).map((text) => /Li Mei|Chen Jie/.exec(text)?.[0]),
    ["Li Mei", "Chen Jie"],
  );
  await hands.getByRole("button", { name: "Call on: Li Mei" }).click();
  await page.getByRole("region", { name: "On stage" }).getByText("Li Mei").waitFor();
  await until(() => newest(mei, "stage").state === "invited", "the invitation");
  assert.deepEqual(await faults(page, "quiz and hands"), []);
  await hands.getByRole("button", { name: "Lower: Chen Jie" }).click();
  await hands.getByText("No hands are raised.").waitFor();
  await until(() => newest(jie, "hand").gone === true, "the hand down");
  await mei.send("reaction", { reaction: "lost" });
  await page.getByText("Did not understand").waitFor();
});

test("chat to all, to one and as an announcement; delete and undo, pin, mute, questions, settings; a held message is approved by keyboard", async (t) => {
  const { server, lesson, page, student } = await openClass(t, { width: 1440, height: 900 });
  const [mei, jie] = [await student("Li Mei"), await student("Chen Jie")];
  await page.goto(`${server.http}/studio/${lesson.id}`);
  await page.getByText("2 here").waitFor();
  const chat = page.getByRole("tabpanel", { name: "Chat" });
  const lines = chat.getByRole("log");
  const menu = async (line: string, action: string): Promise<void> => {
    await chat.getByRole("button", { name: `Actions: ${line}` }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
  };

  await chat.getByRole("textbox", { name: "Write a message" }).fill("Good morning");
  await page.keyboard.press("Enter");
  await mei.saw(({ text }) => text === "Good morning", "the teacher's line");
  await mei.send("chat", { text: "<b>Good</b> morning" });
  await lines.getByText("<b>Good</b> morning", { exact: true }).waitFor();

  // The menu by keyboard alone.
  await chat.getByRole("button", { name: "Actions: <b>Good</b> morning" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menuitem", { name: "Reply" }).waitFor();
  await page.keyboard.press("Enter");
  await chat.getByText("Reply to Li Mei").waitFor();
  await page.keyboard.type("Thank you");
  await page.keyboard.press("Enter");
  const reply = await mei.saw(({ text }) => text === "Thank you", "the reply");
  assert.equal(reply.replyTo, newest(mei, "chat").replyTo);
  await menu("<b>Good</b> morning", "Write privately");
  await page.keyboard.type("For you alone");
  await page.keyboard.press("Enter");
  await mei.saw(({ text }) => text === "For you alone", "the private line");
  await menu("<b>Good</b> morning", "Pin");
  await chat.getByText("Pinned").waitFor();
  await menu("<b>Good</b> morning", "Delete message");
  await lines.getByText("Deleted").waitFor();
  await until(() => newest(jie, "chat").deleted === true, "the line gone for others");
  await page.getByRole("button", { name: "Undo" }).click();
  await lines.getByText("<b>Good</b> morning", { exact: true }).waitFor();
  await picture(page, "studio-chat");

  await menu("<b>Good</b> morning", "Mute");
  await until(() => mei.entries.some(({ key }) => key === `mute/${mei.you.id}`), "the mute");
  assert.equal((await mei.send("chat", { text: "Can you hear me?" })).code, "muted");
  await menu("<b>Good</b> morning", "Unmute");
  await until(() => mei.entries.some(({ key, gone }) => key === `mute/${mei.you.id}` && gone), "no mute");
  await chat.getByLabel("To").selectOption({ label: "Everybody, as an announcement" });
  await chat.getByRole("textbox", { name: "Write an announcement" }).fill("The test is on Friday");
  await page.keyboard.press("Enter");
  await jie.saw(({ kind, text }) => kind === "announcement" && text === "The test is on Friday", "the announcement");
  await chat.getByRole("button", { name: "Remove announcement" }).click();
  await until(() => newest(jie, "announcement").gone === true, "no announcement");
  assert.ok(!jie.texts("chat").includes("For you alone"), "a private line is nobody else's");

  assert.deepEqual((await jie.send("chat", { text: "I have won the lottery" })).answer?.held, true);
  await page.getByRole("tab", { name: "Review" }).click();
  const review = page.getByRole("tabpanel", { name: "Review" });
  await review.getByRole("button", { name: /^Chen Jie/ }).focus();
  assert.deepEqual(await faults(page, "review"), []);
  await page.keyboard.press("a");
  await mei.saw(({ kind, text }) => kind === "chat" && text === "I have won the lottery", "the approved line");
  await review.getByText("No messages to review").waitFor();

  await jie.send("question", { action: "ask", text: "Is 2/4 a half?" });
  await page.getByRole("tab", { name: "Questions" }).click();
  const questions = page.getByRole("tabpanel", { name: "Questions" });
  await questions.getByRole("button", { name: "Answer in writing: Is 2/4 a half?" }).click();
  await page.keyboard.type("Yes");
  await page.keyboard.press("Enter");
  await until(() => newest(jie, "question").answer === "Yes", "the answer");

  await page.getByRole("button", { name: "Class settings" }).click();
  const settings = page.getByRole("dialog", { name: "Class settings" });
  await settings.getByLabel("Who may write in the chat").selectOption({ label: "Nobody" });
  await until(() => newest(jie, "settings").chat === "off", "the setting");
  assert.equal((await jie.send("chat", { text: "Hello" })).code, "switched-off");
  assert.deepEqual(await faults(page, "settings"), []);
  await page.keyboard.press("Escape");
  await settings.waitFor({ state: "detached" });
});

test("on a tablet the class is a drawer, on a phone of 320 px a sheet, and it has a window of its own", async (t) => {
  const { server, lesson, page, student } = await openClass(t, { width: 820, height: 1180 }, { locale: "zh-CN" });
  const mei = await student("李梅");
  await page.goto(`${server.http}/studio/${lesson.id}`);
  const open = page.getByRole("button", { name: /^课堂/ });
  await open.waitFor();
  assert.equal(await page.getByRole("tab", { name: "聊天" }).isVisible(), false);
  await mei.send("hand", { action: "raise" });
  await page.getByRole("button", { name: "课堂 · 举手 1" }).click();
  await page.getByRole("button", { name: "邀请连麦: 李梅" }).click();
  await page.getByRole("region", { name: "连麦中" }).getByText("李梅").waitFor();
  assert.deepEqual(await faults(page, "drawer"), []);
  await picture(page, "studio-drawer");
  await page.getByRole("tab", { name: "聊天" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getByRole("tab", { name: "提问" }).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("tab", { name: "聊天" }).isVisible(), false);
  assert.equal(await open.evaluate((button) => button === document.activeElement), true);

  await page.setViewportSize({ width: 320, height: 640 });
  await open.click();
  await page.getByRole("tab", { name: "测验" }).click();
  await page.getByRole("button", { name: "多选题" }).click();
  assert.deepEqual(await faults(page, "320 px"), []);
  await picture(page, "studio-320");

  await page.setViewportSize({ width: 1280, height: 800 });
  const address = (await page.getByRole("link", { name: "新窗口" }).getAttribute("href")) ?? "";
  await page.goto(`${server.http}${address.replace("quiz", "people")}`);
  await page.getByRole("tabpanel", { name: "成员" }).getByText("李梅").waitFor();
  assert.equal(await page.locator("lectern-player").count(), 0);
  assert.deepEqual(await faults(page, "window"), []);
});
