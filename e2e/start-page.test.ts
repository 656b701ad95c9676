/** The start page: for those who learn and those who teach, and with the next lessons of who is signed in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PHONE = { viewport: { width: 390, height: 844 } };

test("a visitor has a code and the sign-in, and a student who is signed in the next lessons", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const lesson = await school.call("POST", "/lessons", { title: "Fractions", startsAt, openToSchool: true });
  const page = await openOwnPage(t, PHONE, server.http);
  await page.goto(server.http);
  await page.getByRole("heading", { name: "I learn" }).waitFor();
  await page.getByRole("heading", { name: "I teach" }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("link", { name: "Sign in" }).getAttribute("href"), "/console");

  await signInBrowser(page.context(), server.http, await school.tokenOf("student"));
  await page.reload();
  await page.getByRole("heading", { name: "Your lessons" }).waitFor();
  const link = page.getByRole("link", { name: "Fractions" });
  assert.equal(await link.getAttribute("href"), `/class/${lesson.code}`);
  await page.getByLabel("Lesson code").fill(`${lesson.code}`.toLowerCase());
  await page.getByRole("button", { name: "Join" }).click();
  await page.waitForURL(/\/j\//);
});

test("a session that has ended leaves the start page as for a visitor", async (t) => {
  const server = await sharedLectern();
  const page = await openOwnPage(t, PHONE, server.http);
  await signInBrowser(page.context(), server.http, "no-session");
  await page.goto(server.http);
  await page.getByRole("heading", { name: "I teach" }).waitFor();
});
