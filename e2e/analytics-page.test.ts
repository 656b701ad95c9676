/**
 * Analytics in Chromium: a student finds what they missed and watches it, the teacher sees what of the recording was watched and who ranks where,
 * and the school its days. Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openStore } from "../packages/server/src/platform/store/open-store.ts";
import { attend, endedLesson, MINUTE_MS, quiz, say, watch } from "../packages/server/src/school/analytics/test-lesson.ts";
import { MIGRATIONS } from "../packages/server/src/school/migrations/index.ts";
import type { Database, Tables } from "../packages/server/src/school/store/tables.ts";
import { silentLog } from "../packages/server/src/school/store/test-database.ts";
import { axeFaults } from "./axe-faults.ts";
import { openPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { startPostgres } from "./postgres.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const RECORDED_SECONDS = 8;
const PASSWORD = "a good password";
const HOUR_MS = 60 * MINUTE_MS;

async function openServer(t: TestContext): Promise<{ readonly server: Lectern; readonly db: Database }> {
  const url = (await startPostgres(t)).database();
  const server = await startLectern(t, { "database.url": url, "publish.graceSeconds": "0" });
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-analytics-"));
  const store = await openStore<Tables>({ url, dataDir, migrations: MIGRATIONS, log: silentLog });
  t.after(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { server, db: store.db };
}

/** A course with a lesson of two hours ago that Anna left early, and one that she missed and that was recorded. */
async function openTerm(t: TestContext, server: Lectern, db: Database) {
  const schoolId: string = (await done(server, "GET", "/schools")).items[0].id;
  const person = async (login: string, name: string, role: string) => {
    const { id } = await done(server, "POST", "/users", { schoolId, login, name, role, password: PASSWORD });
    const { token } = (await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
    return { id: String(id), token: String(token) };
  };
  const people = { anna: await person("anna", "Anna", "student"), ben: await person("ben", "Ben", "student") };
  const staff = { wang: await person("wang", "Wang Fang", "teacher"), head: await person("head", "The head", "administrator") };
  const course = await done(server, "POST", "/courses", { schoolId, name: "Mathematics" });
  for (const [{ id }, role] of [
    [people.anna, "student"] as const,
    [people.ben, "student"] as const,
    [staff.wang, "teacher"] as const,
  ])
    await done(server, "PUT", `/courses/${course.id}/members/${id}`, { role });
  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 3 * HOUR_MS;
  const left = await endedLesson(db, schoolId, { courseId: course.id, teacherId: staff.wang.id, start });
  const [anna, ben] = [
    await attend(db, left, { userId: people.anna.id, name: "Anna" }, [0, 20]),
    await attend(db, left, { userId: people.ben.id, name: "Ben" }, [0, null]),
  ];
  await watch(db, left, anna, 0, 20);
  await watch(db, left, ben, 0, 60);
  for (let i = 0; i < 3; i++) await say(db, left, anna, "chat");
  await quiz(db, left, { [anna]: true, [ben]: false });
  const recorded = await done(server, "POST", "/lessons", {
    title: "Fractions",
    courseId: course.id,
    teacherId: staff.wang.id,
    record: true,
  });
  await publish(t, clip("camera", 20), recorded.stream.rtmpUrl, ["-t", String(RECORDED_SECONDS)]).done;
  await ask(server, "POST", `/lessons/${recorded.id}/end`);
  await until(async () => (await done(server, "GET", `/recordings?lessonId=${recorded.id}`)).items[0]?.whole, "the recording");
  return { ...people, ...staff, left, recorded };
}

async function pageOf(t: TestContext, server: Lectern, token: string, width: number): Promise<Page> {
  const page = await openPage(t, { viewport: { width, height: 800 } });
  await signInBrowser(page.context(), server.http, token);
  return page;
}

test("a student watches what they missed; the teacher sees what was watched, and the school its days", async (t) => {
  const { server, db } = await openServer(t);
  const { anna, wang, head, left, recorded } = await openTerm(t, server, db);

  const phone = await pageOf(t, server, anna.token, 360);
  await phone.goto(`${server.http}/console`);
  await phone.getByRole("link", { name: "My record" }).click();
  await phone.getByRole("heading", { name: "To catch up on" }).waitFor();
  await phone.getByText("No recording: ask the teacher", { exact: false }).waitFor();
  assert.deepEqual([await axeFaults(phone), await overflow(phone)], [[], 0]);
  await phone.getByRole("link", { name: "Watch: Fractions" }).click();
  const video = phone.locator("lectern-replay video");
  await until(() => video.evaluate((element: HTMLVideoElement) => element.ended), "the end of the replay");
  // A player at the end of a recording says what it has played.
  const missed = async () => (await done(server, "GET", `/reports/students/${anna.id}`)).catchUp;
  await until(async () => (await missed()).every(({ recordingId }: Step) => recordingId === null), "nothing to watch any more");
  await phone.goto(`${server.http}/console/record`);
  await phone.getByText("No recording: ask the teacher", { exact: false }).waitFor();
  assert.equal(await phone.getByRole("link", { name: "Watch: Fractions" }).count(), 0, "it is no longer to catch up on");

  const office = await pageOf(t, server, wang.token, 1280);
  await office.goto(`${server.http}/console/lessons/${recorded.id}/analytics`);
  await office.getByRole("img", { name: /most watched 0:00–0:0\d/ }).waitFor();
  await office.goto(`${server.http}/console/lessons/${left.id}/analytics`);
  await office.getByRole("img", { name: "Who was there, minute by minute", exact: false }).waitFor();
  const names = () => office.getByRole("table").locator("tbody tr td:nth-child(2)").allTextContents();
  await until(async () => (await names()).join() === "Ben,Anna", "the ranking by attendance");
  await office.getByText("Taking part").click();
  await until(async () => (await names()).join() === "Anna,Ben", "the ranking by interaction");
  assert.deepEqual(await axeFaults(office), []);
  await office.getByRole("link", { name: "Anna" }).click();
  await office.getByRole("heading", { name: "Record of Anna" }).waitFor();
  assert.equal(await office.getByRole("link", { name: "Watch:", exact: false }).count(), 0, "staff do not watch for a student");

  await done(server, "POST", `/reports/recompute`);
  const school = await pageOf(t, server, head.token, 1280);
  await school.goto(`${server.http}/console/analytics?by=course`);
  await school.getByRole("cell", { name: "Mathematics" }).waitFor();
  await school.getByRole("img", { name: "Hours watched live", exact: false }).waitFor();
  assert.deepEqual([await axeFaults(school), await overflow(school)], [[], 0]);
  await school.goto(`${server.http}/console/settings`);
  await school.getByLabel("Rank students in the analytics of a lesson").uncheck();
  await school.getByRole("button", { name: "Save" }).click();
  await until(async () => !(await done(server, "GET", `/reports/lessons/${left.id}`)).ranking, "the setting");
  await office.goto(`${server.http}/console/lessons/${left.id}/analytics`);
  await office.getByRole("img", { name: "Who was there, minute by minute", exact: false }).waitFor();
  assert.equal(await office.getByRole("heading", { name: "Ranking" }).count(), 0);
});

type Step = { readonly recordingId: string | null };
