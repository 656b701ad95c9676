/**
 * Photos and recorded sound in Chromium, with a server: a guest on a phone photographs an essay and records an answer with a fake microphone, also without a network
 * and after the page was closed; a teacher turns, zooms, hears and marks; the candidate sees the own pages with the result. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { AuthoredQuestion } from "../packages/exam/src/index.ts";
import { axeFaults } from "./axe-faults.ts";
import { FAKE_DEVICES } from "./browser.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool, type School } from "./console-school.ts";
import { publishedExam, shortPaper } from "./exam-paper.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import type { Body } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const OFFLINE = /ERR_INTERNET_DISCONNECTED|the server responded with a status of 40[39]/;
const PHONE = { width: 360, height: 740 } as const;
const QUESTIONS: readonly AuthoredQuestion[] = [
  {
    question: { id: "q1", kind: "essay", form: "photos", text: "Prove it by hand.", points: 5 },
    solution: { kind: "essay", rubric: "Each step a point." },
  },
  {
    question: { id: "q2", kind: "speaking", maxSeconds: 30, text: "Read it aloud.", points: 5 },
    solution: { kind: "speaking", rubric: "Clear words." },
  },
  { question: { id: "q3", kind: "boolean", text: "Is 3 odd?", points: 1 }, solution: { kind: "boolean", right: true } },
];

function openExam(school: School): Promise<Body> {
  const settings = { guests: true, resultsShown: "answers", seconds: 2700 };
  return publishedExam(school.call, shortPaper("By hand", QUESTIONS), { settings });
}

/** A picture that a browser draws: a page with words, wider than examinations keep. */
async function drawnPhoto(page: Page, words: string): Promise<Buffer> {
  const base64 = await page.evaluate((text) => {
    const canvas = document.createElement("canvas");
    canvas.width = 3000;
    canvas.height = 2000;
    const context = canvas.getContext("2d");
    if (!context) return "";
    context.fillStyle = "#fdf8ec";
    context.fillRect(0, 0, 3000, 2000);
    context.fillStyle = "#123";
    context.font = "italic 220px serif";
    context.fillText(text, 200, 600);
    context.fillText("= 42", 200, 1000);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  }, words);
  return Buffer.from(base64, "base64");
}

const next = (page: Page) => page.getByRole("button", { name: "Next", exact: true }).click();
const choose = async (page: Page, words: string) => {
  const buffer = await drawnPhoto(page, words);
  await page.locator("input[type=file][multiple]").setInputFiles({ name: `${words}.png`, mimeType: "image/png", buffer });
};

test("a candidate photographs and records, offline too, and sees it again with the marks of a teacher", async (t: TestContext) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await openExam(school);
  const page = await openOwnPage(t, { viewport: PHONE, expected: OFFLINE, flags: FAKE_DEVICES }, server.http);
  await page.goto(`${server.http}/exam/${exam.code}`);
  await page.getByLabel("Your name").fill("Li Lei");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("button", { name: "Choose pictures" }).waitFor();
  await choose(page, "First page");
  await page.getByRole("img", { name: "Page 1" }).waitFor();
  await page.getByText("Saved", { exact: true }).first().waitFor();
  await choose(page, "Second page");
  await page.getByRole("img", { name: "Page 2" }).waitFor();
  await page.getByText("2 of 10 pages").waitFor();
  await page.getByRole("button", { name: "Turn page 2" }).click();
  await until(
    () => page.getByRole("img", { name: "Page 2" }).evaluate((image: HTMLImageElement) => image.naturalHeight > image.naturalWidth),
    "the turned page",
  );
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/photos.png`, fullPage: true });

  await page.context().setOffline(true);
  await choose(page, "Third page");
  await page.getByText("On this device, being sent…", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Move page 3 forward" }).click();
  await next(page);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByText("Recording: 00:02 of 00:30").waitFor();
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/recording.png`, fullPage: true });
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByLabel("Your recording").waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await next(page);
  await page.getByLabel("True").check();
  await page.getByText("No connection since", { exact: false }).waitFor();
  const context = page.context();
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`${server.http}/exam/${exam.code}`);
  await again.getByText("Everything is saved").waitFor();
  await again.getByRole("img", { name: "Page 3" }).waitFor();
  await again.getByRole("button", { name: "Question 2, answered" }).click();
  await again.getByLabel("Your recording").waitFor();
  await next(again);
  await again.getByRole("navigation").getByRole("button", { name: "Hand in", exact: true }).click();
  await again.getByRole("button", { name: "Hand in now" }).click();
  await again.getByRole("heading", { name: "Handed in" }).waitFor();

  const { items } = await school.call("GET", `/exams/${exam.id}/attempts`);
  const detail = await school.call("GET", `/exams/${exam.id}/attempts/${items[0].id}`);
  const named = detail.answers.find(({ question }: Body) => question === "q1").value.uploads;
  const files = named.map((name: string) => detail.files.find(({ id }: Body) => id === name));
  assert.deepEqual(
    files.map(({ type, width, height }: Body) => [type, width, height]),
    [
      ["image/jpeg", 2400, 1600],
      ["image/jpeg", 2400, 1600],
      ["image/jpeg", 1600, 2400],
    ],
  );
  const sound = detail.files.find(({ question }: Body) => question === "q2");
  assert.ok(sound.type.startsWith("audio/") && sound.seconds > 1, `${sound.type}, ${sound.seconds} s`);

  const { token } = await newPerson(server, school.id, "teacher", "Wang Fang");
  const marking = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(marking.context(), server.http, token);
  await until(async () => (await school.call("GET", `/exams/${exam.id}/marking?question=q1`)).items.length > 0, "the grading");
  await marking.goto(`${server.http}/console/examinations/${exam.id}/marking`);
  await marking.getByRole("img", { name: "Page 1" }).waitFor();
  await marking.getByRole("button", { name: "Turn page 1" }).click();
  await marking.getByRole("button", { name: "Show page 1 larger" }).click();
  assert.deepEqual(await axeFaults(marking), []);
  if (process.env["SHOTS"]) await marking.screenshot({ path: `${process.env["SHOTS"]}/marking.png`, fullPage: true });
  for (const question of ["q1", "q2"])
    await school.call("PUT", `/exams/${exam.id}/attempts/${items[0].id}/marks/${question}`, { points: 4, comment: "Good." });
  await school.call("POST", `/exams/${exam.id}/release`, { released: true });
  await again.reload();
  await again.getByText("9 of 11 points").waitFor();
  await again.getByRole("img", { name: "Page 3" }).waitFor();
  await again.getByLabel("Recording", { exact: true }).waitFor();
  assert.deepEqual([await axeFaults(again), await overflow(again)], [[], 0]);
  if (process.env["SHOTS"]) await again.screenshot({ path: `${process.env["SHOTS"]}/result.png`, fullPage: true });
});
