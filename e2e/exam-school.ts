/** Prepares an examination in a school of its own: a course with a teacher and students, a paper, and what candidates do. Answers are written as the doors store them. */
import { createDecipheriv } from "node:crypto";
import type { AnswerValue, AuthoredPaper, AuthoredQuestion, Paper } from "../packages/exam/src/index.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import { until } from "./lectern.ts";
import type { CallOptions, TestSchool } from "./school.ts";

const MINUTE = 60_000;

export const QUESTIONS: readonly AuthoredQuestion[] = [
  {
    question: {
      id: "q1",
      kind: "single",
      text: "1 + 1?",
      points: 2,
      knowledge: ["sums"],
      options: [
        { id: "a", text: "1" },
        { id: "b", text: "2" },
      ],
    },
    solution: { kind: "single", right: "b" },
    explanation: "One and one is two.",
  },
  {
    question: { id: "q2", kind: "boolean", text: "Is 3 odd?", points: 1, knowledge: ["sums", "numbers"] },
    solution: { kind: "boolean", right: true },
  },
  {
    question: { id: "q3", kind: "essay", form: "typed", text: "Why?", points: 3 },
    solution: { kind: "essay", rubric: "A secret rubric" },
  },
];

export function paperOfQuestions(questions: readonly AuthoredQuestion[] = QUESTIONS): AuthoredPaper {
  const section = { id: "s1", title: "Sums", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: true };
  return { title: "Maths", instruction: "Think first.", sections: [{ ...section, questions }] };
}

export async function examSchool(school: TestSchool) {
  const { ok, person } = school;
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const teacher = await person(schoolId, "teacher");
  const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  const member = async (id: string, role: string) => ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role } });
  await member(teacher.id, "teacher");
  const as = teacher.token;
  const student = async () => {
    const one = await person(schoolId, "student");
    await member(one.id, "student");
    return one;
  };
  const paper = async (content: AuthoredPaper = paperOfQuestions()) =>
    ok("POST", "/papers", { as, body: { courseId: course.id, title: content.title, content } });
  /** Open since a minute, for an hour. */
  const times = (from = -1, to = 60) => ({
    opensAt: new Date(Date.now() + from * MINUTE).toISOString(),
    closesAt: new Date(Date.now() + to * MINUTE).toISOString(),
  });
  const draft = async (more: object = {}) => {
    const { id: paperId } = await paper();
    const body = { courseId: course.id, paperId, title: "Test", seconds: 1200, ...times(), ...more };
    return await ok("POST", "/exams", { as, body });
  };
  const exam = async (more: object = {}) => ok("POST", `/exams/${(await draft(more)).id}/publish`, { as });
  const enter = (id: string, options: CallOptions) => school.call("POST", `/exams/${id}/attempts`, options);
  /** @returns the entry */
  const entered = async (id: string, options: CallOptions) => ok("POST", `/exams/${id}/attempts`, options);
  return { schoolId, teacher, as, course, member, student, paper, times, draft, exam, enter, entered, ...candidates(school, as) };
}

/** What candidates do. @param as a teacher */
function candidates({ ok, service }: TestSchool, as: string) {
  const { db } = service;
  /** The key was given out. */
  const start = async (attemptId: string, startedAt = new Date()) => {
    const attempts = db.selectFrom("exam_attempts").innerJoin("exams", "exams.id", "exam_attempts.exam_id");
    const row = await attempts
      .select(["seconds", "closes_at", "extra_seconds"])
      .where("exam_attempts.id", "=", attemptId)
      .executeTakeFirstOrThrow();
    const end = Math.min(row.closes_at.getTime(), startedAt.getTime() + row.seconds * 1000) + row.extra_seconds * 1000;
    await db
      .updateTable("exam_attempts")
      .set({ started_at: startedAt, ends_at: new Date(end) })
      .where("id", "=", attemptId)
      .execute();
  };
  let seq = 0;
  const answer = async (attemptId: string, answers: Readonly<Record<string, AnswerValue>>, seat = 1) => {
    const now = new Date();
    const row = { attempt_id: attemptId, seat, written_at: now, received_at: now };
    await db
      .insertInto("exam_answers")
      .values(Object.entries(answers).map(([question, value]) => ({ ...row, seq: ++seq, question, value: json(value) })))
      .execute();
    await db
      .updateTable("exam_attempts")
      .set({ grade_due_at: now })
      .where("id", "=", attemptId)
      .where("handed_in_at", "is not", null)
      .execute();
  };
  const handIn = async (attemptId: string) => {
    const now = new Date();
    await db
      .updateTable("exam_attempts")
      .set({ handed_in_at: now, handed_in_by: "candidate", grade_due_at: now })
      .where("id", "=", attemptId)
      .execute();
    service.wakeWork();
  };
  const graded = (examId: string, attemptId: string) =>
    until(async () => {
      const attempt = await ok("GET", `/exams/${examId}/attempts/${attemptId}`, { as });
      const row = await db.selectFrom("exam_attempts").select("grade_due_at").where("id", "=", attemptId).executeTakeFirst();
      return attempt.gradedAt && row?.grade_due_at === null ? attempt : null;
    }, "the grading");
  return { start, answer, handIn, graded };
}

/** What a candidate's page makes of the package. */
export function decryptPackage(bytes: Buffer, key: string): Paper {
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64url"), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString());
}
