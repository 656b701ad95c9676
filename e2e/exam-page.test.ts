/**
 * Examinations in Chromium, with a server: a guest on a phone sits one whole, also without a network and after the page was closed, goes on with another device, and
 * sees the result at once; a teacher writes the paper, publishes it, and finds the candidate. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { sampleExam } from "./exam-sample.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

/** The browser names each request that does not arrive, or is refused. */
const OFFLINE = /ERR_INTERNET_DISCONNECTED|the server responded with a status of 40[39]/;
const PHONE = { width: 360, height: 740 } as const;
const MINUTE_MS = 60_000;

async function setUp(t: TestContext, settings: object = {}) {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await sampleExam(school, -1000, settings);
  const open = async (options: Parameters<typeof openOwnPage>[1] = {}) => {
    const page = await openOwnPage(t, { viewport: PHONE, expected: OFFLINE, ...options }, server.http);
    await page.goto(`${server.http}/exam/${exam.code}`);
    return page;
  };
  return { server, school, exam, open };
}

async function enter(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("heading", { name: "Question 1" }).waitFor();
}

const next = (page: Page) => page.getByRole("button", { name: "Next", exact: true }).click();
const saved = (page: Page) => page.getByText("Everything is saved").waitFor();

test("a guest on a phone sits a whole examination, with the network away in the middle and the page closed, and sees the result", async (t) => {
  const { server, exam, school, open } = await setUp(t);
  const page = await open();
  await page.getByRole("heading", { name: "What is noted" }).waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await enter(page, "Li Lei");
  await page.getByRole("img", { name: "2^3" }).waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await page.getByLabel("8", { exact: true }).check();
  await saved(page);
  await next(page);
  await page.getByLabel("2", { exact: true }).check();
  await page.getByLabel("4", { exact: true }).check();
  await saved(page);

  await page.context().setOffline(true);
  await next(page);
  await page.getByLabel("False").check();
  await page.getByText("No connection since", { exact: false }).waitFor();
  await next(page);
  await page.getByLabel("Gap 1, in °C").fill("100");
  await page.getByText("Kept on this device, being sent…").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await page.close();
  const context = page.context();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`${server.http}/exam/${exam.code}`);
  await saved(again);
  await again.getByRole("button", { name: "Question 4, answered" }).click();
  assert.equal(await again.getByLabel("Gap 1, in °C").inputValue(), "100", "what was kept on the device is there");
  await next(again);
  await again.getByLabel("France").selectOption({ label: "Paris" });
  await again.getByLabel("Japan").selectOption({ label: "Tokyo" });
  await next(again);
  const order = again.getByRole("group", { name: "From small to large.", exact: false });
  if ((await order.getByRole("listitem").first().textContent())?.includes("two")) await order.getByLabel("Move up: one").click();
  else await order.getByRole("button", { name: "This order is my answer" }).click();
  await next(again);
  await again.getByRole("textbox").fill("rome");
  await again.keyboard.press("Tab");
  await next(again);
  await again.getByRole("textbox").fill("To rest, to learn, to heal.");
  await again.getByRole("button", { name: "Mark for review" }).click();
  await again.getByRole("navigation").getByRole("button", { name: "Hand in", exact: true }).click();
  const dialog = again.getByRole("dialog");
  await dialog.getByText("You have answered all 8 questions.").waitFor();
  await dialog.getByText("You marked 1 question for review:").waitFor();
  assert.deepEqual(await axeFaults(again), []);
  await dialog.getByRole("button", { name: "Hand in now" }).click();
  await again.getByRole("heading", { name: "Handed in" }).waitFor();
  await again.getByText("10 of 15 points").waitFor();
  await again.getByText("A teacher is still marking 1 answer.").waitFor();
  await again.getByText("Two times two times two.").waitFor();
  assert.deepEqual([await axeFaults(again), await overflow(again)], [[], 0]);

  const { items } = await school.call("GET", `/exams/${exam.id}/attempts`);
  assert.deepEqual([items[0].state, items[0].handedInBy, items[0].answered], ["handed-in", "candidate", 8]);
  assert.equal(items[0].facts["network-away"], 1);
});

test("a candidate goes on with another device after a confirmation, and the first one stops", async (t) => {
  const { server, exam, school } = await setUp(t);
  const person = await newPerson(server, school.id, "student", "Han Meimei");
  const device = async () => {
    const page = await openOwnPage(t, { viewport: PHONE, expected: OFFLINE }, server.http);
    await signInBrowser(page.context(), server.http, person.token);
    await page.goto(`${server.http}/exam/${exam.code}`);
    await page.getByText("You enter as Han Meimei.").waitFor();
    await page.getByRole("button", { name: "Enter", exact: true }).click();
    return page;
  };
  const first = await device();
  await first.getByLabel("8", { exact: true }).check();
  await saved(first);
  const second = await device();
  await second.getByRole("heading", { name: "Your examination is open on another device", exact: false }).waitFor();
  assert.deepEqual(await axeFaults(second), []);
  await second.getByRole("button", { name: "Go on here" }).click();
  await second.getByRole("heading", { name: "Question 1" }).waitFor();
  assert.ok(await second.getByLabel("8", { exact: true }).isChecked(), "what the first device has saved is here");
  await first.getByLabel("6", { exact: true }).check();
  await first.getByRole("heading", { name: "Your examination is open on another device", exact: false }).waitFor();
  await second.getByLabel("9", { exact: true }).check();
  await saved(second);
  const { items } = await school.call("GET", `/exams/${exam.id}/attempts`);
  const detail = await school.call("GET", `/exams/${exam.id}/attempts/${items[0].id}`);
  assert.deepEqual(
    detail.answers.map(({ question, value }: { question: string; value: unknown }) => [question, value]),
    [["q1", "c"]],
  );
});

test("a candidate who enters before the start waits, and the questions open by themselves", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await sampleExam(school, 12_000);
  const page = await openOwnPage(t, { viewport: PHONE, expected: OFFLINE }, server.http);
  await page.goto(`${server.http}/exam/${exam.code}`);
  await page.getByLabel("Your name").fill("Li Lei");
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByText("The paper is here. It opens at the start.").waitFor();
  await page.getByRole("timer").waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await page.getByRole("heading", { name: "Question 1" }).waitFor();
});

test("a teacher writes a paper, gives it a time, publishes it, and marks what a candidate wrote", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { token } = await newPerson(server, school.id, "teacher", "Wang Fang");
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/console`);
  await page.getByRole("link", { name: "Examinations" }).click();
  await page.getByRole("link", { name: "Papers" }).click();
  await page.getByRole("button", { name: "New paper" }).first().click();
  await page.getByRole("dialog").getByLabel("Title").fill("Sleep");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Add a section" }).click();
  await page.getByRole("button", { name: "Single choice" }).click();
  await page.getByRole("textbox", { name: "Question" }).fill("What is $2^3$?");
  for (const [letter, text] of [
    ["A", "8"],
    ["B", "6"],
    ["C", "9"],
    ["D", "4"],
  ])
    await page.getByLabel(`Option ${letter}`, { exact: true }).fill(text ?? "");
  await page.getByRole("button", { name: "Essay" }).click();
  await page.getByRole("textbox", { name: "Question" }).fill("Why do we sleep?");
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The paper is saved.").waitFor();
  await page.getByRole("button", { name: "Preview as candidate" }).click();
  await page.getByRole("dialog").getByRole("heading", { name: "Why do we sleep?", exact: false }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Import and export" }).click();
  const dialog = page.getByRole("dialog");
  const file = (text: string) => ({ name: "more.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await dialog.locator("input[type=file]").setInputFiles(file("Is 3 odd? {T}\n\nBroken {=a\n"));
  await dialog.getByText("line 3", { exact: false }).waitFor();
  await dialog.locator("input[type=file]").setInputFiles(file("Is 3 odd? {T}\n"));
  await dialog.getByText("1 question was imported as a new section.").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await dialog.getByRole("button", { name: "Undo the import" }).click();
  await dialog.getByText("The import is undone.").waitFor();
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Moodle XML" }).click();
  assert.equal((await download).suggestedFilename(), "Sleep.xml");
  await dialog.getByRole("button", { name: "Close" }).click();
  const [{ id: paperId }] = (await school.call("GET", "/papers")).items;
  const now = Date.now();
  const times = {
    opensAt: new Date(now - 1000).toISOString(),
    closesAt: new Date(now + 60 * MINUTE_MS).toISOString(),
    seconds: 1800,
  };
  const exam = await school.call("POST", "/exams", { paperId, title: "Sleep", guests: true, ...times });
  await page.goto(`${server.http}/console/examinations/${exam.id}`);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText(exam.code).first().waitFor();
  assert.deepEqual(await axeFaults(page), []);

  const phone = await openOwnPage(t, { viewport: PHONE, expected: OFFLINE }, server.http);
  await phone.goto(`${server.http}/exam/${exam.code}`);
  await enter(phone, "Li Lei");
  await phone.getByLabel("8", { exact: true }).check();
  await next(phone);
  await phone.getByRole("textbox").fill("To rest.");
  await page.getByRole("link", { name: "Candidates now" }).click();
  await page.getByRole("cell", { name: "Answering" }).waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await phone.getByRole("navigation").getByRole("button", { name: "Hand in", exact: true }).click();
  await phone.getByRole("button", { name: "Hand in now" }).click();
  await phone.getByText("Your result is shown here when your school releases it.", { exact: false }).waitFor();

  await page.getByRole("link", { name: "Marking" }).click();
  await page.getByText("To rest.").waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await page.keyboard.type("7.5");
  await page.keyboard.press("Enter");
  await page.getByText("No more answers to this question wait.").waitFor();
  await page.getByRole("link", { name: "Results" }).click();
  await page.getByRole("cell", { name: "8.5 / 11" }).waitFor();
  assert.deepEqual(await axeFaults(page), []);
  await page.locator(".bar-plot").waitFor();
  await page.getByRole("button", { name: "Correct the solution of question 1" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: "6" }).check();
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("button", { name: "Grade everybody again" }).click();
  await page.getByText("The points of 1 candidate changed.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("cell", { name: "7.5 / 11" }).waitFor();
  await page.getByRole("switch", { name: "Show the results to the candidates" }).click();
  await until(async () => (await school.call("GET", `/exams/${exam.id}`)).releasedAt !== null, "the release");
  await phone.reload();
  await phone.getByText("7.5 of 11 points").waitFor();
});
