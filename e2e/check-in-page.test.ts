/** The daily check-in in Chromium: a school makes a form in the console, a student answers it on a phone, and the school reads the answers. Only with --all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { ask, done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

test("a school makes a check-in form, a student answers it on a phone, and the school reads and downloads the answers", async (t) => {
  const server = await sharedLectern();
  const { id: schoolId } = await done(server, "POST", "/schools", { slug: "oak-check", name: "Oak", timeZone: "UTC" });
  const password = "a good password";
  const person = (login: string, name: string, role: string) =>
    done(server, "POST", "/users", { schoolId, login, name, role, password });
  const student = await person("anna-check", "Anna", "student");
  await person("head-check", "The head", "administrator");
  const { token } = (await ask(server, "POST", "/sessions", { login: "head-check", password }, null)).body;

  const office = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(office.context(), server.http, token);
  await office.goto(`${server.http}/console/check-ins`);
  await office.getByText("No check-in forms yet.").waitFor();
  await office.getByRole("button", { name: "Add", exact: true }).first().click();
  await office.getByLabel("Name", { exact: false }).first().fill("Health");
  await office.getByLabel("Question 1", { exact: false }).first().fill("Are you well?");
  await office.getByRole("button", { name: "Add a question" }).click();
  await office.getByLabel("Question 2", { exact: false }).first().fill("Where are you?");
  await office.getByRole("combobox", { name: "Answer to question 2" }).click();
  await office.getByRole("option", { name: "One of several" }).click();
  const options = office.getByLabel("Options of question 2", { exact: false });
  await options.fill("at home");
  await office.getByRole("button", { name: "Create" }).click();
  await office.getByText("A choice needs two options.", { exact: false }).waitFor();
  await options.fill("at home, at school");
  await office.getByRole("button", { name: "Add a question" }).click();
  await office.getByLabel("Question 3", { exact: false }).first().fill("Temperature");
  await office.getByRole("combobox", { name: "Answer to question 3" }).click();
  await office.getByRole("option", { name: "Number" }).click();
  assert.deepEqual(await axeFaults(office), []);
  await office.getByRole("button", { name: "Create" }).click();
  await office.getByText("3 questions").waitFor();

  const phone = await openOwnPage(t, { viewport: { width: 360, height: 740 }, colorScheme: "dark" }, server.http);
  await phone.goto(`${server.http}/check-in`);
  await phone.getByLabel("Username").fill("anna-check");
  await phone.getByLabel("Password", { exact: true }).fill(password);
  await phone.getByRole("button", { name: "Sign in", exact: true }).click();
  await phone.getByText("Not checked in today", { exact: false }).waitFor();
  assert.deepEqual(await axeFaults(phone), []);
  await phone.getByRole("button", { name: "Check in" }).click();
  assert.equal(await phone.getByText("Answer this question.").count(), 3);
  await phone.getByRole("group", { name: "Are you well?" }).getByLabel("Yes").check();
  await phone.getByLabel("at school").check();
  await phone.getByLabel("Temperature").fill("36,6");
  await phone.getByRole("button", { name: "Check in" }).click();
  await phone.getByText("Checked in today at", { exact: false }).waitFor();
  assert.deepEqual(await axeFaults(phone), []);
  const small = await phone
    .locator("button, .check-in-choice, input:not([type=radio])")
    .evaluateAll((elements) =>
      elements.filter((element) => element.getBoundingClientRect().height < 44).map(({ outerHTML }) => outerHTML),
    );
  assert.deepEqual([small, await overflow(phone)], [[], 0]);
  await phone.goto(`${server.http}/check-in?lang=zh-CN`);
  await phone.getByLabel("at home").check();
  await phone.getByRole("button", { name: "保存修改" }).click();
  await phone.getByText("已签到", { exact: false }).waitFor();
  await phone.reload();
  assert.equal(await phone.getByLabel("Temperature").inputValue(), "36.6", "today's answers are there again");

  await office.getByRole("link", { name: "Answers: Health" }).click();
  await office.getByRole("cell", { name: "at home" }).waitFor();
  for (const cell of ["Anna", "Yes", "36.6"])
    assert.equal(await office.getByRole("cell", { name: cell, exact: true }).count(), 1, cell);
  assert.deepEqual(await axeFaults(office), []);
  const download = office.waitForEvent("download");
  await office.getByRole("link", { name: "Download as CSV" }).click();
  assert.match((await download).suggestedFilename(), /^check-in-\d{4}-\d\d-\d\d\.csv$/);

  await office.goto(`${server.http}/console/people?search=Anna`);
  await office.getByRole("button", { name: "Edit: Anna" }).click();
  await office.getByText("No guardians yet.").waitFor();
  await office.getByLabel("Guardian's name").fill("Anna's father");
  await office.getByLabel("Guardian's mail address").fill("father@school.example");
  await office.getByLabel("Guardian's mail address").press("Enter");
  await office.getByRole("button", { name: "Remove: Anna's father" }).waitFor();
  assert.deepEqual(await axeFaults(office), []);
  const guardians = async () => (await done(server, "GET", `/users/${student.id}/guardians`)).items.length;
  assert.equal(await guardians(), 1);
  await office.getByRole("button", { name: "Remove: Anna's father" }).click();
  await office.getByText("No guardians yet.").waitFor();
  assert.equal(await guardians(), 0);
});
