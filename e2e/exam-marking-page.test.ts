/**
 * Marking in Chromium, with a server: an assistant who is named marks with two presses for each answer and takes one back; who leads the examination names markers and
 * sees how far they are; a third sees what two gave who differ. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool, type School } from "./console-school.ts";
import { essaysOf, sampleExam } from "./exam-sample.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const DESKTOP = { width: 1280, height: 900 } as const;

async function setUp(essays: readonly string[]) {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await sampleExam(school, -1000, { practice: false });
  await essaysOf(server, exam, essays);
  await until(async () => (await progressOf(school, exam)).waiting === essays.length, "the grading of what has rules");
  return { server, school, exam };
}

/** Of the essay. */
async function progressOf(school: School, exam: Body): Promise<Body> {
  const { questions } = await school.call("GET", `/exams/${exam.id}/marking-progress`);
  return questions.find(({ question }: Body) => question === "q8");
}

async function openAs(t: TestContext, server: Lectern, token: string, path: string, options: object = {}): Promise<Page> {
  const page = await openOwnPage(t, { viewport: DESKTOP, expected: /a status of 409/, ...options }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.addInitScript(() => {
    Object.assign(window, { presses: 0 });
    addEventListener("keydown", () => Object.assign(window, { presses: (window as never as { presses: number }).presses + 1 }), {
      capture: true,
    });
  });
  await page.goto(`${server.http}/console${path}`);
  return page;
}

const pressesOf = (page: Page) => page.evaluate(() => (window as never as { presses: number }).presses);
const shownAnswer = async (page: Page) => (await page.locator(".mark-answer").textContent()) ?? "";

/** Until another answer is shown than this. */
async function another(page: Page, before: string): Promise<void> {
  await page.waitForFunction((text) => {
    const shown = document.querySelector(".mark-answer");
    return shown === null ? document.querySelector(".empty-state") !== null : shown.textContent !== text;
  }, before);
}

test("an assistant who is named marks with two presses an answer, by criteria and with kept comments too, and sees no name", async (t) => {
  const essays = Array.from({ length: 12 }, (_, at) => `Because of reason ${at}.`);
  const { server, school, exam } = await setUp(essays);
  const assistant = await newPerson(server, school.id, "assistant", "Chen Jie");
  const plan = { markers: [{ userId: assistant.id, questions: ["q8"] }], double: [] };
  await school.call("PUT", `/exams/${exam.id}/marking-plan`, plan);
  const page = await openAs(t, server, assistant.token, "/");
  await page.getByRole("link", { name: "Mark: Algebra, first term" }).click();
  await page.locator(".mark-answer").waitFor();
  assert.doesNotMatch((await page.locator("main").textContent()) ?? "", /Guest/);
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);

  const before = await pressesOf(page);
  const seen: string[] = [];
  for (let i = 0; i < 8; i++) {
    seen.push(await shownAnswer(page));
    await page.keyboard.press("3");
    await page.keyboard.press("Enter");
    await another(page, seen[i]!);
  }
  assert.equal((await pressesOf(page)) - before, 16, "two presses an answer");
  assert.equal(new Set(seen).size, 8);

  await page.keyboard.press("u");
  await page.waitForFunction((text) => document.querySelector(".mark-answer")?.textContent === text, seen[7]!);
  assert.equal(await page.getByLabel("Points, up to 5").inputValue(), "3");
  await page.keyboard.press("2");
  await page.keyboard.press("h");
  assert.equal(await page.getByLabel("Points, up to 5").inputValue(), "2.5", "what is typed takes the place of what was given");
  await page.keyboard.press("Enter");
  await another(page, seen[7]!);

  const ninth = await shownAnswer(page);
  await page.keyboard.press("Shift+Digit1");
  await page.keyboard.press("Shift+Digit2");
  assert.equal(await page.getByLabel("Points, up to 5").inputValue(), "3.5", "criteria are summed");
  await page.keyboard.press("c");
  await page.keyboard.type("Say more.");
  await page.getByRole("button", { name: "Keep this comment to use it again" }).click();
  await page.getByRole("list", { name: "Comments of yours" }).waitFor();
  await page.getByLabel("Comment", { exact: true }).press("Control+Enter");
  await another(page, ninth);
  const tenth = await shownAnswer(page);
  await page.keyboard.press("Alt+Digit1");
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await another(page, tenth);

  await page.keyboard.press("Shift+Slash");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await page.keyboard.press("Escape");

  const skipped = await shownAnswer(page);
  await page.keyboard.press("s");
  await another(page, skipped);
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await page.waitForFunction((text) => document.querySelector(".mark-answer")?.textContent === text, skipped);
  await page.keyboard.press("0");
  await page.keyboard.press("Enter");
  await page.getByText("No more answers to this question wait.").waitFor();

  const { markings } = { markings: (await school.call("GET", `/exams/${exam.id}/markings?question=q8`)).items };
  const points = markings.map((one: Body) => one.points).toSorted((a: number, b: number) => a - b);
  assert.deepEqual(points, [0, 1, 2.5, 3, 3, 3, 3, 3, 3, 3, 3.5, 4]);
  const comments = markings.flatMap((one: Body) => one.markings.map(({ comment }: Body) => comment)).filter(Boolean);
  assert.deepEqual(comments, ["Say more.", "Say more."]);
});

test("who leads an examination names markers in the page, sees how far they are, and a third sees what two gave", async (t) => {
  const { server, school, exam } = await setUp(["To rest."]);
  const people: { id: string; token: string }[] = [];
  for (const name of ["Marker One", "Marker Two", "Marker Three"]) people.push(await newPerson(server, school.id, "teacher", name));
  const page = await openAs(t, server, await school.tokenOf("administrator"), `/examinations/${exam.id}/marking`);
  await page.getByText("All markers: 0 of 1 answers marked").click();
  await page.getByRole("button", { name: "Markers" }).click();
  const dialog = page.getByRole("dialog", { name: "Markers" });
  for (const name of ["Marker One", "Marker Two", "Marker Three"]) {
    await dialog.getByRole("combobox", { name: "Add a marker" }).fill(name);
    await dialog.getByRole("option", { name }).click();
    await dialog.getByText(name, { exact: true }).waitFor();
  }
  await dialog.getByRole("group", { name: "Marked twice" }).getByLabel("Why do we sleep?").check();
  assert.deepEqual(await axeFaults(page), []);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Other people mark this examination.").waitFor();

  const attempt = async (at: number, method: string, path: string, body: object) =>
    (await ask(server, method, `/exams/${exam.id}/markings/${path}`, body, people[at]!.token)).body;
  for (const [at, points] of [
    [0, 1],
    [1, 4],
  ] as const) {
    const { item } = await attempt(at, "POST", "next", { question: "q8" });
    await attempt(at, "PUT", `${item.attemptId}/q8`, { points, comment: `Comment ${at + 1}` });
  }
  const third = await openAs(t, server, people[2]!.token, "/");
  await third.getByRole("link", { name: "Mark: Algebra, first term" }).click();
  await third.getByRole("heading", { name: "Two markers differ. Your points count." }).waitFor();
  assert.match((await third.locator(".mark-earlier").textContent()) ?? "", /1 point Comment 1[\s\S]*4 points Comment 2/);
  assert.deepEqual([await axeFaults(third), await overflow(third)], [[], 0]);

  await page.reload();
  await page.getByText("All markers: 0 of 1 answers marked").click();
  await page.getByRole("button", { name: "1 differs" }).click();
  const differing = page.getByRole("dialog", { name: "Two markers differ" });
  await differing.getByText("To rest.").waitFor();
  assert.match((await differing.textContent()) ?? "", /Marker One: 1 point[\s\S]*Marker Two: 4 points/);
  assert.deepEqual(await axeFaults(page), []);
  await page.keyboard.press("Escape");

  await third.keyboard.press("2");
  await third.keyboard.press("Enter");
  await third.getByText("No more answers to this question wait.").waitFor();
  assert.deepEqual([(await progressOf(school, exam)).marked], [1]);
});
