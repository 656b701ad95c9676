/**
 * Secrets on shared screens: the QR code of the stream URL is covered, nobody removes themselves by one click, and the API's pages run under their policy.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

test("the QR code of the stream URL is drawn only while it is held down; a removal is undone, and the own row has none", async (t) => {
  const server = await sharedLectern();
  const { id: schoolId } = (await done(server, "GET", "/schools")).items[0];
  const [login, password] = ["wang-fang", "correct horse"];
  const teacher = await done(server, "POST", "/users", { schoolId, login, name: "Wang Fang", role: "teacher", password });
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId: teacher.id });
  const { token } = (await ask(server, "POST", "/sessions", { login, password }, null)).body;
  await ask(server, "POST", `/lessons/${lesson.id}/join`, {}, token);
  await done(server, "POST", `/lessons/${lesson.code}/join`, { name: "Mei" });
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/studio/${lesson.id}`);

  await page.getByRole("switch", { name: "I use OBS" }).click();
  const cover = page.getByRole("button", { name: "QR code of the stream URL" });
  const code = page.getByRole("img", { name: "QR code of the stream URL" });
  await cover.waitFor();
  assert.equal(await code.count(), 0);
  await cover.hover();
  await page.mouse.down();
  await code.waitFor();
  await page.mouse.up();
  await code.waitFor({ state: "detached" });
  await cover.focus();
  await page.keyboard.down("Space");
  await code.waitFor();
  await page.keyboard.up("Space");
  await code.waitFor({ state: "detached" });

  await page.getByRole("tab", { name: "People" }).click();
  const people = page.getByRole("tabpanel", { name: "People" });
  await people.getByText("Wang Fang").waitFor();
  assert.equal(await people.getByRole("button", { name: /Remove: Wang Fang|Actions: Wang Fang/ }).count(), 0);
  // She has no page open.
  await people.getByText("1 person was here before").click();
  await people.getByRole("button", { name: "Remove: Mei" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  // The list is still open where she was put back before it had gone.
  const mei = people.getByRole("button", { name: "Remove: Mei" });
  await until(async () => {
    if (await mei.isVisible()) return true;
    await people.getByText("1 person was here before").click();
    return false;
  }, "the person who was put back");
});

test("the pages of the API show their operations, and break no rule of their policy", async (t) => {
  const server = await sharedLectern();
  // The browser reports what a policy blocks as an error, and each error fails the test.
  const page = await openOwnPage(t, {}, server.http);
  await page.goto(`${server.http}/api/docs`);
  await page.locator(".opblock-tag", { hasText: "Signing in" }).first().click();
  await page.getByText("Sign in with a login and a password").first().click();
  await page.getByRole("button", { name: "Execute" }).first().waitFor();
});
