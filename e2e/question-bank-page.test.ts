/** The question bank in Chromium: questions are added, changed, imported, exported, found and deleted in the console, and teachers have it too. Only with --all. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { downloaded, openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import type { Lectern } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "a good password";
const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: "dark", locale: "zh-CN" } as const;

type School = { readonly server: Lectern; readonly id: string; readonly slug: string };

async function newSchool(slug: string): Promise<School> {
  const server = await sharedLectern();
  const { id } = await done(server, "POST", "/schools", { slug, name: slug, timeZone: "UTC" });
  return { server, id, slug };
}

/** A page of the console for somebody of the school. */
async function signedIn(
  t: TestContext,
  { server, id, slug }: School,
  role: string,
  path: string,
  options: object = WIDE,
): Promise<Page> {
  const login = `${slug}-${role}`;
  await ask(server, "POST", "/users", { schoolId: id, login, name: "Anna", role, password: PASSWORD });
  const { token } = (await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
  const page = await openOwnPage(t, options, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/console${path}`);
  return page;
}

async function items({ server, id }: School) {
  return (await done(server, "GET", `/quiz-bank?schoolId=${id}`)).items;
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

function csvFile(name: string, ...content: readonly (string | readonly number[])[]) {
  const buffer = Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([...part]))));
  return { name, mimeType: "text/csv", buffer };
}

test("a question is added, edited, the edit undone, found by its tag and deleted", async (t) => {
  const school = await newSchool("oak-bank");
  const course = await done(school.server, "POST", "/courses", { schoolId: school.id, name: "Algebra" });
  const page = await signedIn(t, school, "administrator", "/question-bank");
  await page.getByText("No questions yet.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Question bank" }).count(), 1, "it is in the navigation");

  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByRole("textbox", { name: "Question" }).fill("2/6 = ?");
  await page.getByLabel("Option A", { exact: true }).fill("1/2");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("A choice needs at least two options.", { exact: false }).waitFor();
  // Enter goes from option to option, and past the last one to a new one.
  await page.getByLabel("Option A", { exact: true }).press("Enter");
  await page.keyboard.type("1/3");
  await page.getByRole("button", { name: "Remove option C" }).click();
  await page.getByLabel("Option C", { exact: true }).press("Enter");
  await page.locator("[aria-label='Option D']:focus").waitFor();
  await page.keyboard.type("1/4");
  await page.getByLabel("Option A is correct").check();
  await page.getByLabel("Option B is correct").check();
  assert.equal(await page.getByLabel("Option A is correct").isChecked(), false, "a single choice has one correct option");
  await page.getByLabel("Explanation").fill("Both can be divided by 2.");
  await page.getByLabel("Time limit (seconds)").fill("3");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("The time limit is 5 to 86400 seconds", { exact: false }).waitFor();
  await page.getByLabel("Time limit (seconds)").fill("30");
  await page.locator("form").getByRole("combobox", { name: "Course" }).click();
  await page.getByRole("option", { name: "Algebra" }).click();
  await page.locator("form").getByRole("combobox", { name: "Tags" }).pressSequentially("fractions,easy");
  await page.getByLabel("Anonymous").check();
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("cell", { name: "2/6 = ?", exact: true }).waitFor();
  const [added] = await items(school);
  const { type, options, correct, explanation, seconds, anonymous, tags, courseId } = added;
  assert.deepEqual([type, options, correct], ["single", ["1/2", "1/3", "1/4"], [1]]);
  assert.deepEqual([explanation, seconds, anonymous, courseId], ["Both can be divided by 2.", 30, true, course.id]);
  assert.deepEqual(tags, ["fractions", "easy"]);
  assert.deepEqual(await axeFaults(page), []);

  await page.getByRole("button", { name: "Edit: 2/6 = ?" }).click();
  await choose(page, "Type", "Number");
  await page.getByLabel("Correct answer").fill("a third");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Enter answer and tolerance as numbers", { exact: false }).waitFor();
  await page.getByLabel("Correct answer").fill("0,33");
  await page.getByLabel("Tolerance").fill("0.01");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("0.33 ± 0.01").waitFor();
  assert.deepEqual((await items(school))[0].correct, { value: 0.33, tolerance: 0.01 });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  const [undone] = await items(school);
  assert.deepEqual([undone.type, undone.options, undone.correct, undone.tags], [type, options, correct, tags]);

  const question = { schoolId: school.id, type: "text", text: "Capital of China?", correct: ["Beijing", "北京"] };
  await done(school.server, "POST", "/quiz-bank", question);
  await page.reload();
  await page.getByRole("cell", { name: "Capital of China?", exact: true }).waitFor();
  await page.getByRole("button", { name: "Only questions with the tag easy" }).click();
  await page.getByRole("cell", { name: "Capital of China?", exact: true }).waitFor({ state: "detached" });
  assert.match(page.url(), /tag=easy/);
  await page.getByLabel("Search").fill("Capital");
  await page.getByText("No question matches.").waitFor();
  await page.getByLabel("Tag", { exact: true }).fill("");
  await page.getByLabel("Select: Capital of China?").check();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("1 deleted permanently.").waitFor();
  assert.equal((await items(school)).length, 1);
});

test("a CSV file is imported whole or not at all, in GBK too, and all questions or those of a course are exported", async (t) => {
  const school = await newSchool("elm-bank");
  const course = await done(school.server, "POST", "/courses", { schoolId: school.id, name: "Algebra" });
  const page = await signedIn(t, school, "administrator", "/question-bank");
  await page.getByText("No questions yet.").waitFor();
  const input = page.locator("input[type=file]");
  const header = "type,text,options,correct,tags\n";
  await input.setInputFiles(csvFile("bank.csv", header, "single,2 + 2 = ?,3|4|5,B,sums\nessay,Why?,,,\nnumber,3 × 3 = ?,,nine,\n"));
  const mistakes = page.getByRole("alert");
  await mistakes.getByText("The file has 2 mistakes; nothing was imported.").waitFor();
  for (const [line, column] of [
    ["Line 3", "type"],
    ["Line 4", "correct"],
  ] as const)
    assert.equal(
      await mistakes.getByRole("row").filter({ hasText: line }).getByRole("cell", { name: column, exact: true }).count(),
      1,
    );
  assert.deepEqual(await axeFaults(page), []);
  assert.deepEqual(await items(school), []);

  // 单选, 选, 甲|乙 in GBK.
  const [single, text] = [
    [0xb5, 0xa5, 0xd1, 0xa1],
    [0xd1, 0xa1],
  ];
  const inGbk = csvFile(
    "bank.csv",
    header,
    single,
    ",",
    text,
    ",",
    [0xbc, 0xd7],
    "|",
    [0xd2, 0xd2],
    ",A,\n",
    "number,3 × 3 = ?,,9,\n".replace("×", "*"),
  );
  await input.setInputFiles(inGbk);
  await page.getByText("2 rows imported.").waitFor();
  assert.equal(await mistakes.count(), 0);
  await page.getByRole("cell", { name: "选", exact: true }).waitFor();
  assert.deepEqual((await items(school))[0].options, ["甲", "乙"]);
  await input.setInputFiles(inGbk);
  await page.getByText("0 rows imported. 2 rows were there already.").waitFor();

  await choose(page, "Course", "Algebra");
  await page.getByText("Import and export", { exact: true }).click();
  await page.getByText("Import and export are for the questions of “Algebra”.").waitFor();
  await input.setInputFiles(csvFile("algebra.csv", header, "boolean,x = x,,true,sums|easy\n"));
  await page.getByText("1 row imported.").waitFor();
  assert.equal((await items(school)).find(({ text: one }: { text: string }) => one === "x = x").courseId, course.id);
  const exported = async () => {
    const download = page.waitForEvent("download");
    const open = page.locator("details.bank-transfer[open]");
    if ((await open.count()) === 0) await page.getByText("Import and export", { exact: true }).click();
    await page.getByRole("button", { name: "Export CSV" }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "question-bank.csv");
    return (await downloaded(file)).toString().split("\r\n").slice(1, -1);
  };
  assert.deepEqual(await exported(), ["boolean,x = x,,true,,,,,sums|easy"]);
  await page.goto(`${school.server.http}/console/question-bank`);
  await page.getByRole("cell", { name: "x = x", exact: true }).waitFor();
  assert.equal((await exported()).length, 3);
});

test("the bank is used on a phone, in Chinese", async (t) => {
  const school = await newSchool("ash-bank");
  const { server, id: schoolId } = school;
  const text = "下列哪些分数等于二分之一？";
  const question = { schoolId, type: "multiple", text, options: ["2/4", "3/6", "3/5"], correct: [0, 1], tags: ["分数", "基础"] };
  await done(server, "POST", "/quiz-bank", question);
  const phone = await signedIn(t, school, "administrator", "/question-bank", PHONE);
  await phone.getByRole("heading", { name: "题库" }).waitFor();
  await phone.getByText(text).waitFor();
  await phone.getByText("多选题").waitFor();
  assert.equal(await phone.getByRole("img", { name: "正确" }).count(), 2);
  assert.deepEqual([await axeFaults(phone), await overflow(phone)], [[], 0]);
  await phone.getByRole("button", { name: `编辑：${text}` }).click();
  for (const type of ["判断题", "数字题", "简答题", "多选题"]) {
    await choose(phone, "题型", type);
    assert.equal(await overflow(phone), 0, type);
  }
  assert.deepEqual(await axeFaults(phone), []);
  const targets = await phone
    .locator(".question-option > button, .bank-tags button")
    .evaluateAll((elements) =>
      elements.map((element) => element.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
    );
  assert.ok(targets.length >= 5 && targets.every((size) => size >= 44), String(targets));
  await phone.getByLabel("选项 C 正确").check();
  await phone.getByRole("button", { name: "保存" }).click();
  await phone.getByText("已保存。").waitFor();
  assert.deepEqual((await items(school))[0].correct, [0, 1, 2]);
  await phone.locator("input[type=file]").setInputFiles(csvFile("题库.csv", "type,text\n作文,为什么？\n"));
  await phone.getByText("文件有 1 处错误，没有导入任何题目。").waitFor();
  await phone.getByText("第 2 行").waitFor();
  assert.deepEqual([await axeFaults(phone), await overflow(phone)], [[], 0]);
});

test("teachers have the bank in their own pages, where the questions of other courses are refused in words; assistants read it", async (t) => {
  const school = await newSchool("fir-bank");
  const { server, id: schoolId } = school;
  const course = await done(server, "POST", "/courses", { schoolId, name: "Algebra" });
  await done(server, "POST", "/quiz-bank", { schoolId, type: "boolean", text: "x = x", courseId: course.id });
  const teacher = await signedIn(t, school, "teacher", "");
  await teacher.getByRole("link", { name: "Question bank" }).click();
  await teacher.getByRole("button", { name: "Edit: x = x" }).click();
  await choose(teacher, "Correct answer", "True");
  await teacher.getByRole("button", { name: "Save" }).click();
  await teacher.getByText("Only teachers and assistants of this course can change its questions.", { exact: false }).waitFor();
  await teacher.getByRole("button", { name: "Cancel" }).click();
  await teacher.getByRole("button", { name: "Add", exact: true }).first().click();
  await choose(teacher, "Type", "Short text");
  await teacher.getByRole("textbox", { name: "Question" }).fill("Capital of China?");
  await teacher.getByLabel("Correct answers, one per line").fill("Beijing\n\n北京\n");
  await teacher.getByRole("button", { name: "Create" }).click();
  await teacher.getByRole("cell", { name: "Capital of China?", exact: true }).waitFor();
  assert.deepEqual((await items(school))[1].correct, ["Beijing", "北京"]);
  assert.deepEqual(await axeFaults(teacher), []);
  await teacher.getByRole("link", { name: "Your lessons" }).click();
  await teacher.getByRole("heading", { name: "Your lessons" }).waitFor();

  const assistant = await signedIn(t, school, "assistant", "/question-bank");
  await assistant.getByRole("cell", { name: "Capital of China?", exact: true }).waitFor();
  for (const name of ["Add", "Import CSV", "Edit: x = x"])
    assert.equal(await assistant.getByRole("button", { name, exact: true }).count(), 0, name);
  await assistant.getByText("Export", { exact: true }).click();
  assert.equal(await assistant.getByRole("button", { name: "Export CSV" }).count(), 1);
});
