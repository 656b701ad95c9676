/**
 * The console's page of what a second person approves, in Chromium: two administrators on a server, one asks and the other decides; the switches in the
 * settings; and the line above all pages while an operator is in the school.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newSchool, ownName } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { ask, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "kettle orange window";
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

async function pageOf(t: TestContext, http: string, token: string, viewport = DESKTOP, locale = "en-GB"): Promise<Page> {
  const page = await openOwnPage(t, { viewport, locale }, http);
  await signInBrowser(page.context(), http, token);
  return page;
}

/** With SCREENSHOTS=folder, as pages-appearance. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test("an administrator asks in the list of people, another approves on a phone in Chinese, and an operator who is in is shown everywhere", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const person = async (role: string, name: string) => {
    const login = ownName(name);
    const of = role === "operator" ? {} : { schoolId: school.id };
    await done(server, "POST", "/users", { ...of, login, name, role, password: PASSWORD });
    const { body } = await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null);
    return { login, token: body.token as string };
  };
  const [ada, bo, operator] = [
    await person("administrator", "Ada"),
    await person("administrator", "Bo"),
    await person("operator", "Root"),
  ];
  await done(server, "POST", "/users", { schoolId: school.id, login: ownName("mia"), name: "Mia Chen", role: "student" });

  const first = await pageOf(t, server.http, ada.token);
  await first.goto(`${server.http}/console/settings`);
  const group = first.getByRole("region", { name: "A second person approves" });
  for (const name of ["Erasing people", "Operators entering the school"]) {
    await group.getByLabel(name).click();
    await group.getByRole("checkbox", { name, checked: true }).waitFor();
  }
  await shoot(first, "settings-desktop");
  await group.getByLabel("Erasing people").click();
  await group.getByText("Turning off waits for another administrator.").waitFor();
  assert.equal(await group.getByLabel("Erasing people").isChecked(), true);
  assert.deepEqual(await axeFaults(first), []);

  await first.goto(`${server.http}/console/people`);
  await first.getByLabel("Select: Mia Chen").check();
  await first.getByRole("button", { name: "Erase", exact: false }).first().click();
  await first.getByRole("button", { name: "Confirm" }).click();
  await first.getByText("1 request sent. Another administrator approves it.").waitFor();
  await first.getByRole("link", { name: "Approvals" }).first().click();
  const asked = first.getByRole("listitem").filter({ hasText: "Erase permanently: Mia Chen" });
  await asked.getByRole("button", { name: /^Withdraw/ }).waitFor();
  assert.equal(await asked.getByRole("button", { name: /^Approve/ }).count(), 0);
  await shoot(first, "approvals-asker-desktop");

  const second = await pageOf(t, server.http, bo.token, PHONE, "zh-CN");
  await second.goto(`${server.http}/console/approvals`);
  const request = second.getByRole("listitem").filter({ hasText: "永久删除个人信息：Mia Chen" });
  await request.waitFor();
  await shoot(second, "approvals-phone-zh");
  assert.deepEqual(await axeFaults(second), []);
  await request.getByRole("button", { name: /^批准/ }).click();
  await request.waitFor({ state: "detached" });

  const third = await pageOf(t, server.http, operator.token);
  await third.goto(`${server.http}/console/approvals?school=${school.id}`);
  await third.getByLabel("Reason, for the school").fill("the timetable does not load");
  await shoot(third, "approvals-operator-desktop");
  await third.getByRole("button", { name: "Request", exact: true }).click();
  await third.getByRole("listitem").filter({ hasText: "Let an operator into" }).waitFor();
  await second.reload();
  const entry = second.getByRole("listitem").filter({ hasText: "允许平台管理员进入" });
  await entry.getByRole("button", { name: /^批准/ }).click();
  await entry.waitFor({ state: "detached" });
  const banner = second.getByRole("status").filter({ hasText: "正在学校中" });
  await banner.waitFor();
  await shoot(second, "banner-phone-zh");
  await first.goto(`${server.http}/console/`);
  await first.getByText(/Root, an operator of the platform, is in the school until/).waitFor();
  await shoot(first, "banner-home-desktop");
  assert.deepEqual(await axeFaults(first), []);
  await banner.getByRole("button", { name: "立即结束" }).click();
  await banner.waitFor({ state: "detached" });
});
