/** Serves the API routes that say who marks which questions of an examination, and which are marked twice. */
import { type AuthoredPaper, isMarkedByPeople } from "@lectern/exam";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { STAFF } from "../../foundation/requests/permissions.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { queueWaiting, scoredQuestions } from "../score-proposals.ts";
import { toleranceOf } from "./marking-rights.ts";
import { markingPlanBody, markingPlanShape } from "./shapes.ts";

const TAG = "Marking";
const params = z.strictObject({ examinationId: id });
type Plan = z.output<typeof markingPlanBody>;

export function planRoutes(context: ExamContext, papers: FrozenPapers): ApiRoute[] {
  return [getPlanRoute(context), putPlanRoute(context, papers)];
}

function getPlanRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "getMarkingPlan",
    method: "GET",
    path: "/exams/:examinationId/marking-plan",
    tag: TAG,
    summary: "Get who marks which questions, and which are marked twice",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "names of staff, and no answers" },
    params,
    status: 200,
    answer: markingPlanShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { examinationId } }) => {
      const exam = await findExam(db, actor, examinationId);
      return { body: await readPlan(db, exam) };
    },
  });
}

function putPlanRoute({ changes }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "putMarkingPlan",
    method: "PUT",
    path: "/exams/:examinationId/marking-plan",
    tag: TAG,
    summary: "Say who marks which questions, and which are marked twice",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params,
    body: markingPlanBody,
    status: 200,
    answer: markingPlanShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params: { examinationId }, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const exam = published(await findExam(trx, actor, examinationId));
        // One after the other: the row is the lock.
        await trx.selectFrom("exams").select("id").where("id", "=", exam.id).forNoKeyUpdate().execute();
        const before = await readPlan(trx, exam);
        checkPlan(await papers.paperOf(trx, exam.id), body);
        await checkPeople(trx, exam, body);
        await checkDouble(trx, exam, body);
        await storePlan(trx, exam, body);
        if (body.scored) await storeScored(change, exam, body.scored);
        const after = await readPlan(trx, exam);
        const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
        await change.audit({ action: "examination.plan-marking", ...target, before: audited(before), after: audited(after) });
        return { body: after };
      }),
  });
}

async function readPlan(db: Db, exam: Exam): Promise<z.input<typeof markingPlanShape>> {
  const markers = await db
    .selectFrom("exam_markers")
    .innerJoin("users", "users.id", "exam_markers.user_id")
    .select(["users.id", "users.name", "questions"])
    .where("exam_id", "=", exam.id)
    .orderBy("users.name")
    .orderBy("users.id")
    .execute();
  const double = [...(await toleranceOf(db, exam.id))].map(([question, tolerance]) => ({ question, tolerance }));
  return {
    markers: markers.map(({ id: userId, name, questions }) => ({ userId, name, questions: questions && [...questions] })),
    double: double.toSorted((a, b) => (a.question < b.question ? -1 : 1)),
    scored: [...(await scoredQuestions(db, exam.id))],
  };
}

/** @throws RefusalError bad-request */
function checkPlan({ sections }: AuthoredPaper, { markers, double, scored = [] }: Plan): void {
  const ofPeople = sections.flatMap(({ questions }) => questions).filter(isMarkedByPeople);
  const known = new Set(ofPeople.map(({ question }) => question.id));
  const named = [...markers.flatMap(({ questions }) => questions ?? []), ...double.map(({ question }) => question), ...scored];
  if (named.some((question) => !known.has(question))) throw new RefusalError("bad-request", examText("not-marked-by-people"));
  const isRepeated = [markers.map(({ userId }) => userId), double.map(({ question }) => question), scored].some(
    (all) => new Set(all).size < all.length,
  );
  if (isRepeated) throw new RefusalError("bad-request", examText("plan-repeats"));
  if (markers.length === 0) return;
  for (const { question } of double) {
    const count = markers.filter(({ questions }) => questions === null || questions.includes(question)).length;
    if (count < 2) throw new RefusalError("bad-request", examText("two-markers-needed"));
  }
}

/** @throws RefusalError bad-request */
async function checkPeople(db: Db, exam: Exam, { markers }: Plan): Promise<void> {
  if (markers.length === 0) return;
  const ids = markers.map(({ userId }) => userId);
  const people = await db
    .selectFrom("users")
    .select("id")
    .where("id", "in", ids)
    .where("school_id", "=", exam.school_id)
    .where("role", "in", STAFF)
    .where("disabled_at", "is", null)
    .where("erased_at", "is", null)
    .execute();
  if (people.length < ids.length) throw new RefusalError("bad-request", examText("no-marker"));
}

/** @throws RefusalError conflict, where what was marked already would count otherwise. An answer that somebody only has open is not marked. */
async function checkDouble(db: Db, exam: Exam, { double }: Plan): Promise<void> {
  const before = await toleranceOf(db, exam.id);
  const after = new Map(double.map(({ question, tolerance }) => [question, tolerance]));
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((one) => before.get(one) !== after.get(one));
  if (changed.length === 0) return;
  const begun = db.selectFrom("exam_markings").select("question").where("exam_id", "=", exam.id);
  if (await begun.where("question", "in", changed).where("points", "is not", null).limit(1).executeTakeFirst())
    throw new RefusalError("conflict", examText("marking-begun"));
  // An answer that two had open is one person's now.
  await db
    .deleteFrom("exam_markings")
    .where("exam_id", "=", exam.id)
    .where("question", "in", changed)
    .where("turn", ">", 1)
    .execute();
}

async function storePlan(db: Db, exam: Exam, { markers, double }: Plan): Promise<void> {
  // What others have open waits for those who are named.
  if (markers.length > 0)
    await db
      .deleteFrom("exam_markings")
      .where("exam_id", "=", exam.id)
      .where("points", "is", null)
      .where(
        "marker_id",
        "not in",
        markers.map(({ userId }) => userId),
      )
      .execute();
  for (const table of ["exam_markers", "exam_double_questions"] as const)
    await db.deleteFrom(table).where("exam_id", "=", exam.id).execute();
  if (markers.length > 0)
    await db
      .insertInto("exam_markers")
      .values(
        markers.map(({ userId, questions }) => ({ exam_id: exam.id, user_id: userId, questions: questions && json(questions) })),
      )
      .execute();
  if (double.length > 0)
    await db
      .insertInto("exam_double_questions")
      .values(double.map(({ question, tolerance }) => ({ exam_id: exam.id, question, tolerance })))
      .execute();
}

async function storeScored(change: Change, exam: Exam, questions: readonly string[]): Promise<void> {
  const { trx } = change;
  await trx.deleteFrom("exam_scored_questions").where("exam_id", "=", exam.id).execute();
  if (questions.length > 0)
    await trx
      .insertInto("exam_scored_questions")
      .values(questions.map((question) => ({ exam_id: exam.id, question })))
      .execute();
  await queueWaiting(change, exam.id, exam.school_id);
}

/** Without the names: the entry outlives them. */
function audited({ markers, double, scored }: z.input<typeof markingPlanShape>) {
  return { markers: markers.map(({ userId, questions }) => ({ userId, questions })), double, scored };
}
