/** Imports in the console, in Chromium: files that refused or misled people are read, shown, imported and taken back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { downloaded } from "./chromium.ts";
import { newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";

const FILES = join(import.meta.dirname, "../packages/web/src/console/imports/files");
/** `登录名,姓名,身份`, `lina,李娜,学生`, `wang,王芳,教师` as a Chinese Excel saves them: in GBK. */
const GBK = Buffer.from("b5c7c2bcc3fb2cd0d5c3fb2cc9edb7dd0a6c696e612cc0eec4c82cd1a7c9fa0a77616e672ccdf5b7bc2cbdcccaa60a", "hex");

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

test("a file with four faults says all of them beside their rows, and its right rows are imported and taken back", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const page = await signedIn(t, server, school, "/people");
  await page.getByRole("button", { name: "More: People" }).click();
  await page.getByRole("menuitem", { name: "Import" }).click();
  const csv =
    "\uFEFFLogin;Full name;Role;E-mail;Class;Shoe size\r\nanna;Anna;student;;Maths;38\r\nben;;pupil;;Maths;\r\ncai;Cai;king;no mail;Maths;\r\ndora;Dora;teacher;;Physics;\r\n";
  await choose(page, "people.csv", Buffer.from(csv));
  await page.getByText("0 of 4 rows can be imported.").waitFor();
  await page.getByLabel("Leave out the columns that are not known: Shoe size").check();
  await page.getByText("2 of 4 rows can be imported.").waitFor();
  const faults = page.getByRole("alert");
  for (const text of ["is empty", "is not a mail address"]) await faults.getByText(text).first().waitFor();
  assert.deepEqual(
    (await faults.getByRole("listitem").allTextContents()).map((text) => text.split(":")[0]),
    ["Line 3 · Name", "Line 4 · Role", "Line 4 · Email"],
  );
  assert.ok(await page.getByLabel("Create the courses that are missing: Maths, Physics").isChecked());
  await page.getByRole("button", { name: "Import the 2 right rows, leave the others out" }).click();
  await page.getByText("2 rows were new and are imported.").waitFor();
  await page.getByText("Left out, because of these faults:").waitFor();
  const names = async () => (await call("GET", "/users?role=student")).items.map(({ name }: { name: string }) => name);
  assert.deepEqual(await names(), ["Anna"]);
  assert.equal((await call("GET", "/courses")).items.length, 2);
  await page.getByRole("button", { name: "Undo the import" }).click();
  await page.getByText("Undone: 2 people, 2 courses and 0 lessons were removed again.").waitFor();
  assert.deepEqual([await names(), (await call("GET", "/courses")).items], [[], []]);
});

test("a pasted list of names alone gives each person a username, and without them says that they are missing", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const page = await signedIn(t, server, school, "/people/import");
  await page
    .getByLabel("Or paste a list, with its headings in the first line")
    .fill("姓名\t身份\t班级\n王芳\t教师\t七年级数学\n李梅\t学生\t七年级数学\nAnn Lee\t学生\t七年级数学");
  await page.getByRole("button", { name: "Read the list" }).click();
  const makes = page.getByLabel("There are no usernames: make them of the names");
  await page.getByText("3 of 3 rows can be imported.").waitFor();
  await makes.uncheck();
  await page.getByText("Line 1 · Username: this column is missing").waitFor();
  await makes.check();
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  await page.getByText("3 rows were new and are imported.").waitFor();
  const people = (await call("GET", "/users")).items.map(({ login, role }: { login: string; role: string }) => `${login} ${role}`);
  for (const person of ["王芳 teacher", "李梅 student", "ann.lee student"]) assert.ok(people.includes(person), people.join());
});

test("GBK with Chinese headings is read, and a workbook with its columns matched by hand", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const page = await signedIn(t, server, school, "/people/import");
  await choose(page, "名单.csv", GBK);
  await page.getByRole("cell", { name: "李娜" }).waitFor();
  await page.getByRole("button", { name: "Import 2 rows" }).click();
  await page.getByText("2 rows were new and are imported.").waitFor();
  assert.deepEqual(
    (await call("GET", "/users?role=teacher")).items.map(({ login }: { login: string }) => login),
    ["wang"],
  );

  await page.getByRole("button", { name: "Choose another file" }).click();
  await choose(page, "people.xlsx", readFileSync(join(FILES, "people.xlsx")));
  await page.getByText("0 of 4 rows can be imported.").waitFor();
  await page.getByLabel("Meaning of the column “备注”").selectOption({ label: "Password" });
  await page.getByText(/^3 of 4 rows can be imported/).waitFor();
  await page.getByLabel("Meaning of the column “备注”").selectOption({ label: "Not imported" });
  await page.getByRole("button", { name: "Import 4 rows" }).click();
  await page.getByText("4 rows were new and are imported.").waitFor();
  const { items } = await call("GET", "/users?search=20260001234567890123");
  assert.equal(items[0]?.name, "李娜");
  assert.equal((await call("GET", "/courses")).items.length, 2);
});

test("the template of either language is imported as it is", async (t) => {
  const server = await sharedLectern();
  for (const [locale, kind, button, count] of [
    ["en-US", "people", "Download a template", "Import 2 rows"],
    ["zh-CN", "lessons", "下载模板", "导入 1 行"],
  ] as const) {
    const school = await newSchool(server);
    if (kind === "lessons")
      await school.call("POST", "/users", { schoolId: school.id, login: "wang.fang", name: "Wang Fang", role: "teacher" });
    const page = await signedIn(t, server, school, `/${kind}/import`, { options: { locale } });
    const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
    await choose(page, saved.suggestedFilename(), await downloaded(saved));
    await page.getByRole("button", { name: count, exact: true }).waitFor();
  }
});

test("a file of a workbook's name that is none says so", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/lessons/import");
  await choose(page, "timetable.xlsx", Buffer.from("PK\u0003\u0004nothing"));
  await page.getByRole("alert").getByText("This spreadsheet cannot be read.").waitFor();
  await choose(page, "timetable.xlsx", readFileSync(join(FILES, "timetable.xlsx")));
  await page.getByRole("button", { name: "Import 2 rows" }).waitFor();
});
