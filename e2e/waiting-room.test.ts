/**
 * Guests at the door of a lesson, in Chromium: they wait until the teacher lets them in, and a removed one stays out.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";

const PASSWORD = "sunlit-harbour-42";

async function knock(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join class" }).click();
}

test("a guest waits until the teacher lets them in, a removed one stays out with the same device, and a new code leaves those inside", async (t) => {
  const server = await sharedLectern();
  const { id: schoolId } = await done(server, "POST", "/schools", { slug: "doors", name: "Doors" });
  const { id: teacherId } = await done(server, "POST", "/users", {
    schoolId,
    login: "wang",
    name: "Wang Fang",
    role: "teacher",
    password: PASSWORD,
  });
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, waitingRoom: true });
  push(t, lesson.stream.rtmpUrl, "calm");
  const link = `${server.http}/j/${lesson.code}`;
  const size = { viewport: { width: 1280, height: 900 } };
  const [teacher, guest] = [await openOwnPage(t, size, server.http), await openOwnPage(t, size, server.http)];
  await teacher.goto(`${server.http}/studio/${lesson.id}`);
  await teacher.getByLabel("Username").fill("wang");
  await teacher.getByLabel("Password").fill(PASSWORD);
  await teacher.getByRole("button", { name: "Sign in", exact: true }).click();

  await knock(guest, link, "Li Mei");
  await guest.getByText("Please wait. Your teacher will let you in.").waitFor();
  await teacher.getByRole("heading", { name: "1 guest is waiting" }).waitFor();
  await teacher.getByRole("button", { name: "Let in: Li Mei" }).click();
  await guest.locator("lectern-player").waitFor();

  await teacher.getByRole("button", { name: "Invite", exact: true }).click();
  await teacher.getByRole("button", { name: "New lesson code" }).click();
  await teacher.getByText("The old code and link no longer work.").waitFor();
  await teacher.keyboard.press("Escape");
  assert.equal((await ask(server, "GET", `/invitations/${lesson.code}`, undefined, null)).status, 404);
  assert.equal(await guest.locator("lectern-player").count(), 1);
  const { code } = await done(server, "GET", `/lessons/${lesson.id}`);

  await teacher.getByRole("tab", { name: "People" }).click();
  await teacher.getByRole("button", { name: "Actions: Li Mei" }).click();
  await teacher.getByRole("menuitem", { name: "Remove from lesson" }).click();
  await teacher.getByRole("button", { name: "Also keep out this device" }).click();
  const participants = async () => (await done(server, "GET", `/lessons/${lesson.id}/participants`)).items;
  await until(
    async () => (await participants()).some((one: { removedAt: string | null }) => one.removedAt !== null),
    "the removal",
  );
  // Under another name, with the new code, in a fresh tab of the same browser.
  const again = await guest.context().newPage();
  await knock(again, `${server.http}/j/${code}`, "Somebody Else");
  await again.getByText("You were removed from this lesson.").waitFor();

  await teacher.getByRole("button", { name: "Invite", exact: true }).click();
  await teacher.getByLabel("Lock the lesson: no new guests").click();
  await until(async () => (await done(server, "GET", `/lessons/${lesson.id}`)).locked, "the lock");
  const locked = await ask(server, "POST", `/lessons/${code}/join`, { name: "Late" }, null);
  assert.deepEqual([locked.status, locked.body.code], [403, "lesson-locked"]);
});
