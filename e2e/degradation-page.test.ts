/** The console's page of what the server does without, in Chromium: an operator turns something off for a lesson, its students read of it, and it comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { ownName } from "./console-school.ts";
import { until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { startTaughtLesson } from "./taught-lesson.ts";

const PASSWORD = "a good password";

test("an operator turns something off for a lesson in the console, its students read of it in their class, and it comes back", async (t) => {
  const { server, lesson } = await startTaughtLesson(t, "degradation-page", "Geometry");
  const student = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, server.http);
  await student.goto(`${server.http}/j/${lesson.code}`);
  await student.getByLabel("Your name").fill("Li Mei");
  await student.getByRole("button", { name: "Join class" }).click();
  await student.getByLabel("Write a message").waitFor();

  const login = ownName("operator");
  await done(server, "POST", "/users", { login, name: login, role: "operator", password: PASSWORD });
  const { body } = await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, body.token);
  await page.goto(`${server.http}/console/protection/degradation`);
  await page.getByText("Nothing is turned off by hand.").waitFor();
  await page.getByText("No server does without anything by itself.").waitFor();
  await page.getByRole("button", { name: "Turn something off" }).first().click();
  const form = page.locator("form");
  const choose = async (field: string, option: string) => {
    await form
      .getByRole("combobox", { name: field })
      .or(form.getByRole("textbox", { name: field }))
      .click();
    await page.getByRole("option", { name: option }).click();
  };
  await choose("For", "A lesson");
  await choose("Lesson", "Geometry");
  await form.getByLabel("Reason").fill("The term begins");
  await form.getByRole("button", { name: "Turn something off" }).click();
  const row = page.getByRole("row").filter({ hasText: "Lesson “Geometry”" });
  for (const text of ["reactions", "The term begins", login, "No end"]) await row.getByText(text).waitFor();
  assert.deepEqual(await axeFaults(page), []);

  const notice = student.getByText("Off for now, so that the lesson runs smoothly: reactions.");
  await notice.waitFor();
  assert.deepEqual(await axeFaults(student), []);
  const pictures = process.env["SCREENSHOTS"];
  if (pictures) {
    await page.screenshot({ path: `${pictures}/degradation-console.png` });
    await student.screenshot({ path: `${pictures}/degradation-class.png` });
  }

  await page.getByLabel("Select: reactions").check();
  await page.getByRole("button", { name: "Turn on again" }).click();
  await page.getByText("1 thing is on again.").waitFor();
  await notice.waitFor({ state: "detached" });
  await until(async () => (await done(server, "GET", "/degradation")).switches.length === 0, "nothing to be off");
});
