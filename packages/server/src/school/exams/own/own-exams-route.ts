/** Serves the API route by which people see their own examinations: what comes, what they can sit now, and what they have reached. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { ownAccount } from "../../people/accounts/people-only.ts";
import type { ExamContext } from "../exam-context.ts";
import { ENTRY_MS } from "../exam-times.ts";
import { isResultOut } from "../results/result-out.ts";
import { type OwnExam, orderedAt, ownExams } from "./own-exams.ts";
import { OWN_STATES, ownState } from "./own-state.ts";

const MAX_EXAMS = 200;

const ownExamShape = z
  .object({
    id,
    code: z.string().describe("The person sits it at /exam/CODE."),
    title: z.string(),
    courseId: id.nullable(),
    course: z.string().nullable().describe("Null: it is for all of the school."),
    opensAt: time,
    closesAt: time,
    latestEntryAt: time.nullable(),
    entryAt: time.describe("When candidates can enter and wait."),
    seconds: z.int(),
    attempts: z.int().describe("How often the person may sit it."),
    practice: z.boolean(),
    state: z
      .enum(OWN_STATES)
      .describe("coming: nobody can enter yet. open: enter or go on. handed-in: the result is not out. released: it is. missed."),
    attempt: z
      .object({
        number: z.int(),
        startedAt: time.nullable(),
        endsAt: time.nullable(),
        handedInAt: time.nullable(),
        isResultOut: z.boolean(),
        points: z.number().nullable().describe("Null: not graded, or not released."),
        of: z.number().nullable(),
        waiting: z.int().nullable().describe("Answers that people have to mark still."),
      })
      .nullable()
      .describe("The newest of the person. Null: the person has not entered."),
  })
  .meta({ id: "OwnExamination" });

export function ownExamsRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listMyExaminations",
    method: "GET",
    path: "/me/exams",
    tag: "Sitting examinations",
    summary:
      "List the examinations that one may sit as a student, or has entered: those ahead, or those that are over, with the own points",
    access: requires("lessons:read", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    query: z.strictObject({
      ...paging,
      when: z
        .enum(["ahead", "past"])
        .default("ahead")
        .describe("ahead: those that have not closed, the first to open first. past: the others, the last to close first."),
    }),
    status: 200,
    answer: pageOf(ownExamShape),
    refusals: ["refused-by-rule", "bad-request", "database-away"],
    handle: async ({ actor, query }) => {
      const { when } = query;
      const user = await ownAccount(db, actor, examText("people-only-exams"));
      const now = systemClock.utc();
      const limit = Math.min(query.limit, MAX_EXAMS);
      const after = query.cursor === undefined ? null : parseCursor(query.cursor);
      const rows = await ownExams(db, user, { when, now: new Date(now), limit: limit + 1, after });
      const last = rows.length > limit ? rows[limit - 1]?.exam : undefined;
      return {
        body: {
          items: rows.slice(0, limit).map((row) => present(row, now)),
          nextCursor: last ? `${orderedAt(last, when).getTime()}.${last.id}` : null,
        },
      };
    },
  });
}

function present({ exam, course, attempt }: OwnExam, now: number): z.input<typeof ownExamShape> {
  return {
    id: exam.id,
    code: exam.code,
    title: exam.title,
    courseId: exam.course_id,
    course,
    opensAt: exam.opens_at,
    closesAt: exam.closes_at,
    latestEntryAt: exam.latest_entry_at,
    entryAt: new Date(exam.opens_at.getTime() - ENTRY_MS),
    seconds: exam.seconds,
    attempts: exam.attempts,
    practice: exam.practice,
    state: ownState(exam, attempt, now),
    attempt: attempt && presentAttempt(exam, attempt),
  };
}

function presentAttempt(exam: OwnExam["exam"], attempt: NonNullable<OwnExam["attempt"]>) {
  const isOut = isResultOut(exam, attempt);
  return {
    number: attempt.number,
    startedAt: attempt.started_at,
    endsAt: attempt.ends_at,
    handedInAt: attempt.handed_in_at,
    isResultOut: isOut,
    // What the school has not told yet, nobody learns in this way.
    points: isOut ? attempt.points : null,
    of: isOut ? attempt.points_of : null,
    waiting: isOut ? attempt.waiting : null,
  };
}

function parseCursor(cursor: string): { readonly at: Date; readonly id: string } {
  const [, at = "", examId = ""] = /^(\d{1,15})\.(\w{1,64})$/.exec(cursor) ?? [];
  if (at === "") throw new RefusalError("bad-request");
  return { at: new Date(Number(at)), id: examId };
}
