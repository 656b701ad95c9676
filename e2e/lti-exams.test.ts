/** Examinations of a learning platform (LTI 1.3): chosen by deep linking, opened by launches, and their released points in the platform's grade book. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { json } from "../packages/server/src/platform/store/store.ts";
import { examGradeReports } from "../packages/server/src/school/exchange/lti/exam-grade-reports.ts";
import { paperOfQuestions, QUESTIONS } from "./exam-school.ts";
import { until } from "./lectern.ts";
import { CLAIM, gradesOf, launch as launchOf, NETWORKS, register } from "./lti-launches.ts";
import type { LtiUser } from "./lti-platform.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

const ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
const TEACHER: LtiUser = { sub: "t1", role: "Instructor", name: "Wang Fang" };
const STUDENT: LtiUser = { sub: "s1", role: "Learner", name: "Li Lei" };
const MINUTE = 60_000;

type Claims = Readonly<Record<string, unknown>>;

function linkTo(examinationId: string, id = "exam-link", issuer = ""): Claims {
  const endpoint = {
    scope: ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
    lineitems: `${issuer}/lineitems`,
  };
  return {
    [`${CLAIM}resource_link`]: { id, title: "Test" },
    [`${CLAIM}custom`]: { examination: examinationId },
    ...(issuer ? { "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": endpoint } : {}),
  };
}

/** An examination of the platform's course, without questions that people mark. */
async function courseExam({ ok }: TestSchool, as: string, courseId: string, more: object = {}) {
  const content = paperOfQuestions(QUESTIONS.slice(0, 2));
  const { id: paperId } = await ok("POST", "/papers", { as, body: { courseId, title: "Maths", content } });
  const times = {
    opensAt: new Date(Date.now() - MINUTE).toISOString(),
    closesAt: new Date(Date.now() + 60 * MINUTE).toISOString(),
  };
  return await ok("POST", "/exams", { as, body: { courseId, paperId, title: "Test", seconds: 1200, ...times, ...more } });
}

onPostgresFirst((open) => {
  test("a teacher links an examination by deep linking, and students enter it as themselves once it is published", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, call } = school;
    const registered = await register(t, school);
    const { platform } = registered;
    const launch = (user: LtiUser, change: Claims = {}) => launchOf(school, registered, user, change);
    const settings = { deep_link_return_url: `${platform.issuer}/deep-links`, accept_types: ["ltiResourceLink"] };
    const { body: choosing } = await launch(TEACHER, {
      [`${CLAIM}message_type`]: "LtiDeepLinkingRequest",
      "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": settings,
    });
    const as = choosing.token;
    const exam = await courseExam(school, as, choosing.courseId);
    const choose = (examinationId: string) =>
      call("POST", "/lti/deep-links", { as, body: { ticket: choosing.ticket, item: { examinationId } } });
    const { jwt } = (await choose(exam.id)).body;
    const [item] = decodeJwt(jwt)[ITEMS] as [Record<string, unknown>];
    assert.deepEqual(
      [item["title"], item["custom"], item["lineItem"]],
      ["Test", { examination: exam.id }, { scoreMaximum: 100, label: "Test", resourceId: exam.id }],
    );
    const foreign = await courseExam(
      school,
      as,
      (await ok("POST", "/courses", { body: { schoolId: exam.schoolId, name: "Other" } })).id,
    ).catch(() => null);
    assert.equal(foreign, null, "a course that the teacher does not teach");
    const early = await launch(STUDENT, linkTo(exam.id));
    assert.deepEqual([early.status, early.body.code], [409, "lesson-not-ready"]);
    const prepared = await launch(TEACHER, linkTo(exam.id));
    assert.deepEqual([prepared.body.kind, prepared.body.examination.id, prepared.body.lesson], ["examination", exam.id, null]);
    await ok("POST", `/exams/${exam.id}/publish`, { as });
    const { body } = await launch(STUDENT, linkTo(exam.id));
    assert.deepEqual(
      [body.kind, body.role, body.examination],
      ["examination", "student", { id: exam.id, title: "Test", code: exam.code }],
    );
    const { attempt } = await ok("POST", `/exams/${exam.code}/attempts`, { as: body.token });
    assert.equal(attempt.name, "Li Lei");
    assert.equal((await launch(STUDENT, linkTo("01m8qh4v2vky72xae6ek2yfy3g", "other"))).body.code, "lesson-not-ready");
    assert.equal((await ok("GET", "/lessons", { as })).items.length, 0, "no lesson was made for it");
  });

  test("released points go to the grade book: of the newest attempt, after failures and again after a regrade, and not while hidden", async (t) => {
    const school = await open(t, NETWORKS);
    const { ok, service } = school;
    const registered = await register(t, school);
    const { platform } = registered;
    const launch = (user: LtiUser, change: Claims = {}) => launchOf(school, registered, user, change);
    const { body: teacher } = await launch(TEACHER);
    const as = teacher.token;
    const exam = await courseExam(school, as, teacher.courseId, { attempts: 2 });
    await ok("POST", `/exams/${exam.id}/publish`, { as });
    const link = linkTo(exam.id, "exam-link", platform.issuer);
    const { db } = service;
    const sit = async (user: LtiUser, answers: Readonly<Record<string, string | boolean>>) => {
      const { body } = await launch(user, link);
      const { attempt } = await ok("POST", `/exams/${exam.id}/attempts`, { as: body.token });
      const now = new Date();
      const rows = Object.entries(answers).map(([question, value], at) => ({ seat: 1, seq: at + 1, question, value: json(value) }));
      await db
        .insertInto("exam_answers")
        .values(rows.map((row) => ({ ...row, attempt_id: attempt.id, written_at: now, received_at: now })))
        .execute();
      await db
        .updateTable("exam_attempts")
        .set({ started_at: now, ends_at: now, handed_in_at: now, handed_in_by: "candidate", grade_due_at: now })
        .where("id", "=", attempt.id)
        .execute();
      service.wakeWork();
    };
    const allGraded = () =>
      until(async () => {
        const due = await db.selectFrom("exam_attempts").select("id").where("grade_due_at", "is not", null).execute();
        return due.length === 0;
      }, "the grading");
    await sit(STUDENT, { q1: "b", q2: false });
    await sit({ sub: "s2", role: "Learner", name: "Han Meimei" }, { q1: "a", q2: false });
    await sit({ sub: "s2", role: "Learner" }, { q1: "b", q2: true });
    await launch({ sub: "s3", role: "Learner", name: "Lin Tao" }, link);
    await allGraded();
    const report = gradesOf(db, examGradeReports);
    let now = Date.now() + 10 * MINUTE;
    await report(now);
    assert.equal(platform.asked.get("/token"), undefined, "nothing is told before the release");
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    platform.failures = 1;
    await report(now);
    now += 10 * MINUTE;
    await report(now);
    const [column] = platform.lineItems;
    assert.deepEqual([platform.lineItems.length, column?.label, column?.resourceLinkId], [1, "Test", "exam-link"]);
    const given = () =>
      Object.fromEntries(
        (column?.scores ?? []).map(({ userId, scoreGiven, scoreMaximum }) => [userId, `${scoreGiven}/${scoreMaximum}`]),
      );
    assert.deepEqual(given(), { s1: "2/3", s2: "3/3" }, "the newest attempt; who has not sat it has none");
    const asked = platform.asked.get("/token");
    await report(now + MINUTE);
    assert.equal(platform.asked.get("/token"), asked, "everything is reported");
    // What is graded again is graded after what was reported.
    await db.updateTable("lti_exam_links").set({ scored_until: new Date() }).execute();
    await ok("POST", `/exams/${exam.id}/regrade`, {
      as,
      body: { question: "q2", solution: { kind: "boolean", right: false } },
    });
    service.wakeWork();
    await allGraded();
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: false } });
    await report(Date.now() + 10 * MINUTE);
    assert.deepEqual(given(), { s1: "2/3", s2: "3/3" }, "hidden again");
    await ok("POST", `/exams/${exam.id}/release`, { as, body: { released: true } });
    await report(Date.now() + 10 * MINUTE);
    assert.deepEqual(given(), { s1: "3/3", s2: "2/3" });
    assert.equal(platform.lineItems.length, 1, "the column is used again");
  });
});
