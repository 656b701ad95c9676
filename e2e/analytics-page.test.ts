/**
 * Analytics in Chromium. With answers of the API: the teacher sees what of the recording was watched and who ranks where, and the school its days. One
 * journey with a server: a student finds what they missed and watches it, and the teacher sees that. Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { analyticsAnswers } from "./analytics-answers.ts";
import { axeFaults } from "./axe-faults.ts";
import { openPage } from "./chromium.ts";
import { clip } from "./clips.ts";
import { newPerson, newSchool, ownName } from "./console-school.ts";
import { publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { servePages } from "./served-pages.ts";
import { signInBrowser } from "./sign-in-browser.ts";

/** How long the student watches. */
const RECORDED_SECONDS = 6;

test("a teacher sees who was there, what was replayed and who ranks where, and a student's record, in which staff watch nothing", async (t) => {
  const { lessonId, answers } = analyticsAnswers("teacher");
  const { open } = await servePages(t, answers);
  const page = await open(`/console/lessons/${lessonId}/analytics`);
  await page.getByRole("img", { name: "Who was there, minute by minute", exact: false }).waitFor();
  await page.getByRole("img", { name: /most watched 1:00–/ }).waitFor();
  const names = () => page.getByRole("table").locator("tbody tr td:nth-child(2)").allTextContents();
  await until(async () => (await names()).join() === "Ben,Anna", "the ranking by attendance");
  await page.getByText("Participation").click();
  await until(async () => (await names()).join() === "Anna,Ben", "the ranking by interaction");
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("link", { name: "Anna" }).click();
  await page.getByRole("heading", { name: "Record of Anna" }).waitFor();
  await page.getByRole("heading", { name: "To catch up on" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Watch:", exact: false }).count(), 0, "staff do not watch for a student");
});

test("a school sees its days and its courses, and lessons without the ranking that it does not want", async (t) => {
  const { lessonId, answers, school } = analyticsAnswers("administrator");
  const { open, http } = await servePages(t, answers);
  const page = await open("/console/analytics?by=course");
  await page.getByRole("cell", { name: "Mathematics" }).waitFor();
  await page.getByRole("img", { name: "Hours watched live", exact: false }).waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await page.goto(`${http}/console/settings`);
  await page.getByLabel("Rank students in the analytics of a lesson").uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await until(() => !school.lessonRanking, "the setting");
  await page.goto(`${http}/console/lessons/${lessonId}/analytics`);
  await page.getByRole("img", { name: "Who was there, minute by minute", exact: false }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Ranking" }).count(), 0);
});

/** A course with a student and a teacher, and two lessons without the student: one was recorded, the other was not. */
async function openTerm(t: TestContext) {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const school = await newSchool(server);
  const student = await newPerson(server, school.id, "student", "Anna");
  const teacher = await newPerson(server, school.id, "teacher", "Wang Fang");
  const course = await school.call("POST", "/courses", { name: ownName("Mathematics") });
  for (const [{ id }, role] of [[student, "student"] as const, [teacher, "teacher"] as const])
    await school.call("PUT", `/courses/${course.id}/members/${id}`, { role });
  const taught = async (title: string, record: boolean): Promise<Body> => {
    const lesson = await school.call("POST", "/lessons", { title, courseId: course.id, teacherId: teacher.id, record });
    await publish(t, clip("camera", 20), lesson.stream.rtmpUrl, ["-t", String(record ? RECORDED_SECONDS : 1)]).done;
    await school.call("POST", `/lessons/${lesson.id}/end`);
    return lesson;
  };
  const [recorded] = await Promise.all([taught("Fractions", true), taught("Angles", false)]);
  const recordings = () => school.call("GET", `/recordings?lessonId=${recorded.id}`);
  await until(async () => (await recordings()).items[0]?.whole, "the recording");
  return { server, student, teacher, recorded };
}

test("a student watches what they missed, which the teacher sees", async (t) => {
  const { server, student, teacher, recorded } = await openTerm(t);
  const phone = await openPage(t, { viewport: { width: 360, height: 800 } });
  await signInBrowser(phone.context(), server.http, student.token);
  await phone.goto(`${server.http}/console`);
  await phone.getByRole("link", { name: "My record" }).click();
  await phone.getByRole("heading", { name: "To catch up on" }).waitFor();
  await phone.getByText("No recording: ask the teacher", { exact: false }).waitFor();
  assert.deepEqual([await axeFaults(phone), await overflow(phone)], [[], 0]);
  await phone.getByRole("link", { name: "Watch: Fractions" }).click();
  const video = phone.locator("lectern-replay video");
  await until(() => video.evaluate((element: HTMLVideoElement) => element.ended), "the end of the replay");
  // A player at the end of a recording says what it has played.
  const missed = async (): Promise<readonly Step[]> => (await done(server, "GET", `/reports/students/${student.id}`)).catchUp;
  await until(async () => (await missed()).every(({ recordingId }) => recordingId === null), "nothing to watch any more");
  await phone.goto(`${server.http}/console/record`);
  await phone.getByText("No recording: ask the teacher", { exact: false }).waitFor();
  assert.equal(await phone.getByRole("link", { name: "Watch: Fractions" }).count(), 0, "it is no longer to catch up on");

  const office = await openPage(t, { viewport: { width: 1280, height: 800 } });
  await signInBrowser(office.context(), server.http, teacher.token);
  await office.goto(`${server.http}/console/lessons/${recorded.id}/analytics`);
  await office.getByRole("img", { name: /most watched 0:00–0:0\d/ }).waitFor();
});

type Step = { readonly recordingId: string | null };
