/** The list of invited people in Chromium, in the studio and in the console: who is on it may join a private lesson, and nobody else. Only with --all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

test("a teacher finds people by name, invites them to a private lesson, and takes an invitation back, on a phone and in the console", async (t) => {
  const server = await sharedLectern();
  const { id: schoolId, slug } = await newSchool(server);
  const password = "a good password";
  const person = async (login: string, name: string, role: string) => {
    const { id } = await done(server, "POST", "/users", { schoolId, login, name, role, password });
    const { token } = (await ask(server, "POST", "/sessions", { school: slug, login, password }, null)).body;
    return { id, token, name, login };
  };
  const teacher = await person("wang", "Wang Fang", "teacher");
  const li = await person("limei", "Li Mei 李梅", "student");
  const ann = await person("ann", "Ann <b>Lee</b>", "student");
  const head = await person("head", "The head", "administrator");
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Tutorial", teacherId: teacher.id, guests: false });
  const sees = async (token: string) => (await ask(server, "GET", `/lessons/${lesson.id}`, undefined, token)).status === 200;
  assert.deepEqual([await sees(li.token), await sees(ann.token)], [false, false]);

  const page = await openOwnPage(t, { viewport: { width: 375, height: 740 } }, server.http);
  await signInBrowser(page.context(), server.http, teacher.token);
  await page.goto(`${server.http}/studio/${lesson.id}`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const tile = page.getByRole("region", { name: "Invited people" });
  await tile.getByText("Nobody is invited.").waitFor();
  await tile.getByLabel("Search by name or username").first().fill("l");
  await tile.getByRole("button", { name: "Invite: Li Mei 李梅 (limei)" }).click();
  await tile.getByText("Li Mei 李梅 is invited.").waitFor();
  await until(() => sees(li.token), "the student sees the lesson");
  await tile.getByRole("button", { name: "Invite: Ann <b>Lee</b> (ann)" }).click();
  await until(() => sees(ann.token), "the other student sees it");
  await tile.getByLabel("Search by name or username").first().fill("nobody has this name");
  await tile.getByText("No one else of the school matches.").waitFor();
  assert.equal(await overflow(page), 0, "nothing is wider than the phone");

  await tile.getByRole("button", { name: "Remove: Li Mei 李梅 (limei)" }).click();
  await tile.getByText("Li Mei 李梅 is no longer invited.").waitFor();
  assert.equal(await sees(li.token), false);
  await tile.getByRole("button", { name: "Undo" }).click();
  await until(() => sees(li.token), "invited again");

  const office = await openOwnPage(t, { locale: "zh-CN", viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(office.context(), server.http, head.token);
  await office.goto(`${server.http}/console/lessons`);
  await office.getByRole("button", { name: "更多：Tutorial" }).click();
  await office.getByRole("menuitem", { name: "邀请", exact: true }).click();
  await office.getByRole("button", { name: "移除: Ann <b>Lee</b> (ann)" }).click();
  await until(async () => !(await sees(ann.token)), "the student sees it no more");
});
