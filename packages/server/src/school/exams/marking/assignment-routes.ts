/** Serves the API routes of one marker: the questions that are the marker's, the next answer without a name, and points for it. */
import { type AuthoredPaper, mediaOfQuestion } from "@lectern/exam";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { forPeople } from "../../foundation/requests/permissions.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { namedFiles, storedFiles } from "../answer-files.ts";
import type { answerValue } from "../answer-shapes.ts";
import { newestAnswers } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { published } from "../exam-rights.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { countMarking } from "../grading/questions-to-mark.ts";
import { proposalFor } from "../score-proposals.ts";
import { giveMarking, undoMarking } from "./give-marking.ts";
import { findMarker, findMarkerOf, READ_MARKING, toleranceOf, WRITE_MARKING } from "./marking-rights.ts";
import { LEASE_MS, takeNext } from "./next-answer.ts";
import {
  assignmentShape,
  assignmentsShape,
  givenShape,
  leaseShape,
  markingBody,
  nextBody,
  nextShape,
  questionId,
  undoneShape,
} from "./shapes.ts";

const TAG = "Marking";
const MAX_ASSIGNMENTS = 100;
const params = z.strictObject({ examinationId: id });
const answerParams = z.strictObject({ examinationId: id, attemptId: id, question: questionId });
const ANSWER = "/exams/:examinationId/markings/:attemptId/:question";
const THIRD = 3;

export function assignmentRoutes(context: ExamContext, papers: FrozenPapers): ApiRoute[] {
  const ofPeople = [
    nextRoute(context),
    giveRoute(context, papers),
    undoRoute(context, papers),
    renewRoute(context),
    giveBackRoute(context),
  ].map((one) => forPeople(one, examText("markers-are-people")));
  return [listAssignmentsRoute(context), assignmentRoute(context, papers), ...ofPeople];
}

function listAssignmentsRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listMarkingAssignments",
    method: "GET",
    path: "/marking-assignments",
    tag: TAG,
    summary: "List the examinations that name this person as a marker",
    access: READ_MARKING,
    rights: ["+++++---", null],
    status: 200,
    answer: assignmentsShape,
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      const exams = db
        .selectFrom("exams")
        .innerJoin("exam_markers", "exam_markers.exam_id", "exams.id")
        .select(["exams.id as examinationId", "title"])
        .where("user_id", "=", actor.kind === "user" ? (actor.id ?? "") : "")
        .where("exams.school_id", "=", actor.schoolId ?? "")
        .where("deleted_at", "is", null);
      return { body: { items: await exams.orderBy("exams.id", "desc").limit(MAX_ASSIGNMENTS).execute() } };
    },
  });
}

function assignmentRoute({ db }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "getMarkingAssignment",
    method: "GET",
    path: "/exams/:examinationId/marking-assignment",
    tag: TAG,
    summary: "Get the questions that this person marks, and how far they are",
    access: READ_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    reads: { unlogged: "questions, and counts of answers" },
    params,
    status: 200,
    answer: assignmentShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params: { examinationId } }) => {
      const { exam, leads, isMarker, marks } = await findMarker(db, actor, examinationId);
      published(exam);
      const paper = await papers.paperOf(db, exam.id);
      const [questions, double, own] = await Promise.all([
        countMarking(db, exam, paper),
        toleranceOf(db, exam.id),
        countOwn(db, exam.id, actor),
      ]);
      const shown = questions.filter(({ question }) => marks(question));
      return {
        body: {
          examinationId: exam.id,
          title: exam.title,
          leads,
          marks: isMarker,
          questions: shown.map(({ solution, ...counted }) => ({
            ...counted,
            ...shownMedia(paper, counted.question),
            criteria: [...(("criteria" in solution && solution.criteria) || [])],
            isDouble: double.has(counted.question),
            own: own.get(counted.question) ?? 0,
          })),
        },
      };
    },
  });
}

function shownMedia(paper: AuthoredPaper, question: string) {
  const media = mediaOfQuestion(paper, question);
  return media.length > 0 ? { media: [...media] } : {};
}

function nextRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "takeNextAnswer",
    method: "POST",
    path: "/exams/:examinationId/markings/next",
    tag: TAG,
    summary: "Take the next answer to a question, without a name; nobody else gets it for four minutes",
    access: WRITE_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    params,
    body: nextBody,
    status: 200,
    answer: nextShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params: { examinationId }, body: { question, besides } }) =>
      changes.transact({ actor }, async ({ trx }) => {
        const { exam } = await findMarkerOf(trx, actor, examinationId, question);
        published(exam);
        const isDouble = (await toleranceOf(trx, exam.id)).has(question);
        const wanted = { examId: exam.id, question, markerId: actor.id ?? "", isDouble, besides, now: new Date() };
        const taken = await takeNext(trx, wanted);
        return { body: { item: taken && { ...taken, question, ...(await presentAnswer(trx, taken, question)) } } };
      }),
  });
}

function giveRoute({ changes }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "giveMarking",
    method: "PUT",
    path: ANSWER,
    tag: TAG,
    summary: "Give points for an answer that this person has, or others than before",
    access: WRITE_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    params: answerParams,
    body: markingBody,
    status: 200,
    answer: givenShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params: which, body }) =>
      changes.transact({ actor }, async (change) => {
        const markedAt = await giveMarking(change, papers, actor, which, body);
        // What follows for the answer is not told: it would tell what the other one gave.
        return { body: { attemptId: which.attemptId, question: which.question, points: body.points, markedAt } };
      }),
  });
}

function undoRoute({ changes }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "undoMarking",
    method: "POST",
    path: `${ANSWER}/undo`,
    tag: TAG,
    summary: "Take back what this person gave for an answer; the person has it again, with what was given",
    access: WRITE_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    params: answerParams,
    status: 200,
    answer: undoneShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params: which }) =>
      changes.transact({ actor }, async (change) => {
        const undone = await undoMarking(change, papers, actor, which);
        const { attemptId, question } = which;
        const shown = await presentAnswer(change.trx, { attemptId, turn: undone.turn }, question);
        return { body: { attemptId, question, ...undone, criteria: [...undone.criteria], ...shown } };
      }),
  });
}

function renewRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "renewMarking",
    method: "POST",
    path: `${ANSWER}/renew`,
    tag: TAG,
    summary: "Keep an answer for four minutes more",
    access: WRITE_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    params: answerParams,
    status: 200,
    answer: leaseShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { examinationId, attemptId, question } }) => {
      await findMarkerOf(db, actor, examinationId, question);
      const leasedUntil = new Date(Date.now() + LEASE_MS);
      const own = db.updateTable("exam_markings").set({ leased_until: leasedUntil }).where("attempt_id", "=", attemptId);
      const { numUpdatedRows } = await own
        .where("question", "=", question)
        .where("exam_id", "=", examinationId)
        .where("marker_id", "=", actor.id)
        .where("points", "is", null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new RefusalError("conflict", examText("answer-elsewhere"));
      return { body: { leasedUntil } };
    },
  });
}

function giveBackRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "giveBackAnswer",
    method: "DELETE",
    path: ANSWER,
    tag: TAG,
    summary: "Give back an answer that this person has and has not marked",
    access: WRITE_MARKING,
    // Nobody is named, so those mark who work with the examination.
    rights: ["+++00---", "+0000---"],
    params: answerParams,
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { examinationId, attemptId, question } }) => {
      // Also who is no longer named, with what the page had open.
      await findMarker(db, actor, examinationId);
      await db
        .deleteFrom("exam_markings")
        .where("attempt_id", "=", attemptId)
        .where("question", "=", question)
        .where("exam_id", "=", examinationId)
        .where("marker_id", "=", actor.id)
        .where("points", "is", null)
        .execute();
      return { body: null };
    },
  });
}

/** The answer, and for a third what the two gave. */
async function presentAnswer(db: Db, { attemptId, turn }: { readonly attemptId: string; readonly turn: number }, question: string) {
  const [answer] = await newestAnswers(db, [attemptId], [question]);
  const value = (answer?.value ?? null) as z.input<typeof answerValue>;
  const files = namedFiles(await storedFiles(db, [attemptId], question), value);
  const proposal = await proposalFor(db, attemptId, question);
  if (turn !== THIRD) return { value, files, proposal, earlier: [] };
  const given = db.selectFrom("exam_markings").select(["points", "comment"]).where("attempt_id", "=", attemptId);
  const rows = await given.where("question", "=", question).where("turn", "<", THIRD).orderBy("turn").execute();
  return { value, files, proposal, earlier: rows.flatMap(({ points, comment }) => (points === null ? [] : [{ points, comment }])) };
}

async function countOwn(db: Db, examId: string, actor: Actor): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("exam_markings")
    .select(["question", (count) => count.fn.countAll<string>().as("count")])
    .where("exam_id", "=", examId)
    .where("marker_id", "=", actor.kind === "user" ? (actor.id ?? "") : "")
    .where("points", "is not", null)
    .groupBy("question")
    .execute();
  return new Map(rows.map(({ question, count }) => [question, Number(count)]));
}
