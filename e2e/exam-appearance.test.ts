/**
 * Renders the pages of examinations at every width, light and dark, in both languages: nothing overflows, and axe finds no serious fault. With
 * SCREENSHOTS=FOLDER, each is saved there as an image. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { essaysOf, SAMPLE_QUESTIONS, sampleExam } from "./exam-sample.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import type { Body } from "./lesson-client.ts";
import { faultsAtSizes } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

/** The browser names each request that does not arrive. */
const OFFLINE = /ERR_INTERNET_DISCONNECTED/;
const WIDTHS = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
] as const;
const LOOKS = [
  { locale: "en-US", colorScheme: "light" },
  { locale: "zh-CN", colorScheme: "dark" },
] as const;
type Look = (typeof LOOKS)[number];

/** What is wrong with a page, at every width. */
const faultsOf = (page: Page, name: string, { locale, colorScheme }: Look): Promise<string[]> =>
  faultsAtSizes(page, WIDTHS, name, `${locale}-${colorScheme}`);

async function candidatePages(t: TestContext, look: Look): Promise<string[]> {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const [exam, later] = [await sampleExam(school, -1000), await sampleExam(school, 20 * 60_000)];
  const page = await openOwnPage(t, { ...look, hasTouch: true, expected: OFFLINE }, server.http);
  const faults: string[] = [];
  const check = async (name: string) => void faults.push(...(await faultsOf(page, name, look)));
  const enter = async () => {
    await page.locator("form input").first().fill("Li Lei 李雷");
    await page.locator("form button[type=submit]").click();
  };
  await page.goto(`${server.http}/exam`);
  await page.locator("form").waitFor();
  await check("exam-code");
  await page.goto(`${server.http}/exam/${later.code}`);
  await page.locator("form").waitFor();
  await check("exam-invitation");
  await enter();
  await page.locator(".exam-checks .ready").nth(3).waitFor();
  await check("exam-waiting");
  await page.goto(`${server.http}/exam/${exam.code}`);
  await page.locator("form").waitFor();
  await enter();
  for (const [at, { question }] of SAMPLE_QUESTIONS.entries()) {
    await page.locator(".bar-question").nth(at).click();
    await page.locator(`#question-${question.id}`).waitFor();
    if (question.kind === "single") await page.locator(".formula svg").waitFor();
    if (question.kind === "single" || question.kind === "multiple") await page.locator(".choice").nth(1).click();
    if (question.kind === "text") await page.locator(".mark-button").click();
    await check(`exam-${question.kind}`);
  }
  await page.context().setOffline(true);
  await page.locator(".essay textarea").fill("To rest.");
  await page.locator(".mark-button").click();
  await page.locator(".saved-state.away").waitFor();
  await check("exam-away");
  await page.context().setOffline(false);
  await page.locator(".sitting-foot .primary").click();
  await page.getByRole("dialog").waitFor();
  await check("exam-hand-in");
  await page.getByRole("dialog").locator(".primary").click();
  await page.locator(".result-answers").waitFor();
  await check("exam-result");
  return faults;
}

async function consolePages(t: TestContext, look: Look): Promise<string[]> {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await sampleExam(school, -1000, { practice: false });
  await essaysOf(server, exam, ["To rest, to learn, to heal."], () => "Anna Schmidt-Hohenstein 安娜");
  const isWaiting = ({ waiting }: Body) => waiting === 1;
  await until(
    async () => (await school.call("GET", `/exams/${exam.id}/marking-progress`)).questions.some(isWaiting),
    "the grading of what has rules",
  );
  const { token } = await newPerson(server, school.id, "administrator", "Wang Fang");
  const page = await openOwnPage(t, { ...look, hasTouch: true }, server.http);
  await signInBrowser(page.context(), server.http, token);
  const faults: string[] = [];
  const check = async (name: string, path: string, ready: string, prepare: () => Promise<void> = async () => {}) => {
    await page.setViewportSize(WIDTHS[3]);
    await page.goto(`${server.http}/console${path}`);
    await page.locator(ready).first().waitFor();
    await prepare();
    faults.push(...(await faultsOf(page, name, look)));
  };
  const [{ id: paperId }] = (await school.call("GET", "/papers")).items;
  await check("console-examinations", "/examinations", ".list");
  await check("console-papers", "/examinations/papers", ".list");
  await check("console-paper", `/examinations/papers/${paperId}`, ".paper-question");
  for (const [at, { question }] of SAMPLE_QUESTIONS.entries())
    await check(`console-paper-${question.kind}`, `/examinations/papers/${paperId}`, ".paper-question", async () => {
      await page.locator(".paper-question").nth(at).locator("button[aria-expanded=false]").first().click();
    });
  await check("console-exam", `/examinations/${exam.id}`, ".exam-code");
  await check("console-run", `/examinations/${exam.id}/run`, ".list");
  const marking = `/examinations/${exam.id}/marking`;
  await check("console-marking", marking, ".mark-answer");
  await check("console-marking-keys", marking, ".mark-answer", () => page.keyboard.press("Shift+Slash"));
  await check("console-marking-plan", marking, ".mark-answer", async () => {
    await page.locator(".marking-rubric > summary").first().click();
    await page.locator(".marking-rubric > .button").click();
    await page.locator(".plan-question input").first().check();
    await page.getByRole("combobox").last().click();
    await page.getByRole("option").first().click();
    await page.locator(".plan-marker").waitFor();
  });
  await check("console-results", `/examinations/${exam.id}/results`, ".bar-plot, .exam-items");
  return faults;
}

for (const look of LOOKS) {
  test(`the candidate's page fits every width, ${look.locale}, ${look.colorScheme}`, async (t) => {
    assert.deepEqual(await candidatePages(t, look), []);
  });
  test(`the pages of papers and examinations fit every width, ${look.locale}, ${look.colorScheme}`, async (t) => {
    assert.deepEqual(await consolePages(t, look), []);
  });
}
