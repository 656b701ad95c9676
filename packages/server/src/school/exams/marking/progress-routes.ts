/** Serves the API routes by which those who work with an examination see how far its markers are, and what each gave. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id } from "../../foundation/requests/fields.ts";
import { paging } from "../../foundation/requests/paging.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS } from "../exam-rights.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { countMarking } from "../grading/questions-to-mark.ts";
import { toleranceOf } from "./marking-rights.ts";
import { markingsPage, progressShape, questionId, STATES } from "./shapes.ts";

const TAG = "Marking";
const params = z.strictObject({ examinationId: id });

export function progressRoutes(context: ExamContext, papers: FrozenPapers): ApiRoute[] {
  return [progressRoute(context, papers), listMarkingsRoute(context)];
}

function progressRoute({ db }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "getMarkingProgress",
    method: "GET",
    path: "/exams/:examinationId/marking-progress",
    tag: TAG,
    summary: "Get how far marking is, by question and by marker",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "counts of answers, and names of staff" },
    params,
    status: 200,
    answer: progressShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params: { examinationId } }) => {
      const exam = published(await findExam(db, actor, examinationId));
      const [questions, tolerances, markers, between] = await Promise.all([
        papers.paperOf(db, exam.id).then((paper) => countMarking(db, exam, paper)),
        toleranceOf(db, exam.id),
        countByMarker(db, exam.id),
        countBetween(db, exam.id),
      ]);
      return {
        body: {
          questions: questions.map(({ question, text, of, waiting, marked }) => {
            const { once = 0, differing = 0 } = between.get(question) ?? {};
            const own = markers.filter((one) => one.question === question);
            return {
              question,
              text,
              of,
              waiting,
              marked,
              once,
              differing,
              tolerance: tolerances.get(question) ?? null,
              markers: own.map(({ userId, name, marked: given, open }) => ({ userId, name, marked: given, open })),
            };
          }),
        },
      };
    },
  });
}

function listMarkingsRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listAnswerMarkings",
    method: "GET",
    path: "/exams/:examinationId/markings",
    tag: TAG,
    summary: "List what each marker gave for the answers to a question",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "results",
    params,
    query: z.strictObject({
      ...paging,
      question: questionId,
      state: z
        .enum(STATES)
        .optional()
        .describe("once: the second is missing. differing: a third decides. settled: the points count."),
    }),
    status: 200,
    answer: markingsPage,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params: { examinationId }, query: { question, state, limit, cursor = "" } }) => {
      const exam = published(await findExam(db, actor, examinationId));
      const rows = await statesOf(db, { examId: exam.id, question, state, limit: limit + 1, cursor });
      const shown = rows.slice(0, limit);
      const given = await markingsOf(
        db,
        shown.map(({ attempt_id }) => attempt_id),
        question,
      );
      const items = shown.map(({ attempt_id, points, ...row }) => ({
        attemptId: attempt_id,
        question,
        state: row.state,
        points,
        markings: given.get(attempt_id) ?? [],
      }));
      return { body: { items, nextCursor: rows.length > limit ? (shown.at(-1)?.attempt_id ?? null) : null } };
    },
  });
}

type Page = {
  readonly examId: string;
  readonly question: string;
  readonly state: (typeof STATES)[number] | undefined;
  readonly limit: number;
  readonly cursor: string;
};

/** Answers that somebody has marked, in the order of their ids. */
async function statesOf(db: Db, { examId, question, state, limit, cursor }: Page) {
  const { rows } = await sql<{ attempt_id: string; state: (typeof STATES)[number]; points: number | null }>`
    select attempt_id, state, points from (
      select m.attempt_id, max(k.points) as points,
        case when max(k.points) is not null then 'settled' when count(m.points) = 1 then 'once' else 'differing' end as state
      from exam_markings m left join exam_marks k on k.attempt_id = m.attempt_id and k.question = m.question
      where m.exam_id = ${examId} and m.question = ${question} and m.attempt_id > ${cursor} and m.points is not null
      group by m.attempt_id
    ) each where ${state ?? null}::text is null or state = ${state ?? null}::text order by attempt_id limit ${limit}`.execute(db);
  return rows;
}

async function markingsOf(db: Db, attemptIds: readonly string[], question: string) {
  if (attemptIds.length === 0) return new Map<string, never[]>();
  const rows = await db
    .selectFrom("exam_markings")
    .leftJoin("users", "users.id", "exam_markings.marker_id")
    .select(["attempt_id", "turn", "marker_id", "users.name", "points", "comment", "marked_at"])
    .where("attempt_id", "in", attemptIds)
    .where("question", "=", question)
    .orderBy("turn")
    .execute();
  const given = rows.flatMap(({ points, ...row }) => (points === null ? [] : [{ ...row, points }]));
  const by = Map.groupBy(given, ({ attempt_id }) => attempt_id);
  return new Map(
    [...by].map(([attempt, all]) => [
      attempt,
      all.map(({ turn, marker_id, name, points, comment, marked_at }) => ({
        turn,
        markerId: marker_id,
        name,
        points,
        comment,
        markedAt: marked_at,
      })),
    ]),
  );
}

async function countByMarker(db: Db, examId: string) {
  const { rows } = await sql<{ question: string; userId: string; name: string; marked: number; open: number }>`
    select question, users.id as "userId", users.name, count(points)::int as marked,
      count(*) filter (where points is null and leased_until > now())::int as open
    from exam_markings join users on users.id = marker_id where exam_id = ${examId}
    group by question, users.id, users.name order by users.name, users.id`.execute(db);
  return rows;
}

/** Of questions that two mark: answers between the first points and those that count. */
async function countBetween(db: Db, examId: string) {
  const { rows } = await sql<{ question: string; once: number; differing: number }>`
    select question, count(*) filter (where given = 1)::int as once, count(*) filter (where given >= 2)::int as differing
    from (
      select attempt_id, question, count(points) as given from exam_markings m where exam_id = ${examId} and not exists (
        select 1 from exam_marks k where k.attempt_id = m.attempt_id and k.question = m.question)
      group by attempt_id, question
    ) each group by question`.execute(db);
  return new Map(rows.map(({ question, ...counts }) => [question, counts]));
}
