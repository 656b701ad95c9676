/** Serves the API routes for examinations: when who may sit which paper. Candidates are in `attempts/`, results in `results/`. */
import type { FactKind, PaperFile } from "@lectern/exam";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { definedFields, id, idParam, search, toDate } from "../../foundation/requests/fields.ts";
import { containsPattern } from "../../foundation/requests/paging.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { Exam, Supervision } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { newCode } from "../../lessons/join-code.ts";
import type { ExamContext } from "../exam-context.ts";
import { checkCourse, findExam, READ_EXAMS, reachedExams, WRITE_EXAMS } from "../exam-rights.ts";
import { checkTimes } from "../exam-times.ts";
import { standingsDue } from "../grading/standings-due.ts";
import { streamNameFor } from "../supervised.ts";
import { changedColumns, moveEnds } from "./change-exam.ts";
import { checkPaperOf } from "./exam-paper.ts";
import { publishExam } from "./publish.ts";
import { changedExam, examEventData, examResponse, examShape, newExam } from "./shapes.ts";

const MAX_EXAMS = 10_000;
const TAG = "Examinations";

export function examinationRoutes(context: ExamContext): ApiRoute[] {
  const { storedSecrets } = context;
  const present = (exam: Exam) => examResponse(exam, storedSecrets.decrypt("exams", exam.id, exam.secret_access_code) ?? "");
  const exams = resource(context, {
    table: "exams",
    path: "/exams/:examinationId",
    tag: TAG,
    kind: "examination",
    read: READ_EXAMS,
    write: WRITE_EXAMS,
    owner: "school",
    missing: examText("no-exam"),
    limit: { max: MAX_EXAMS, refusal: examText("too-many-exams", { max: MAX_EXAMS }) },
    shape: examShape,
    present: () => present,
    visible: reachedExams,
  });
  return [
    exams.list("listExaminations", {
      summary: "List examinations",
      rights: ["++++----", "+000----"],
      newestFirst: true,
      query: {
        courseId: id.optional(),
        paperId: id.optional(),
        search: search.describe("Part of the title."),
      },
      where: (matching, { courseId, paperId, search: part }) => {
        let found = matching;
        if (courseId) found = found.where("course_id", "=", courseId);
        if (paperId) found = found.where("paper_id", "=", paperId);
        if (part) found = found.where("title", "ilike", containsPattern(part));
        return found;
      },
    }),
    exams.create("createExamination", {
      summary: "Create an examination, which candidates can enter once it is published",
      rights: ["++++----", "+000----"],
      body: newExam,
      taken: examText("code-conflict"),
      refusals: ["refused-by-rule"],
      ownerOf: async (db, actor, { schoolId, courseId = null }) => {
        const school = await targetSchool(db, actor, schoolId);
        await checkCourse(db, actor, school.id, courseId);
        return school.id;
      },
      row: (body, creation) => newRow(context, body, creation),
    }),
    exams.get("getExamination", { summary: "Get an examination", rights: ["+++0----", "+000----"] }),
    exams.change("changeExamination", {
      summary: "Change an examination; once it is published, its paper, its course and the number of attempts stay",
      rights: ["+++0----", "+000----"],
      body: changedExam,
      refusals: ["refused-by-rule", "conflict"],
      columns: async ({ accessCode, ...body }, before, { trx, actor }) => ({
        ...(await changedColumns(trx, actor, before, body, new Date())),
        ...definedFields({
          secret_access_code: accessCode === undefined ? undefined : storedSecrets.encrypt("exams", before.id, accessCode),
        }),
      }),
      also: ({ trx }, after, before) => moveEnds(trx, before, after),
    }),
    deleteExaminationRoute(context),
    publishRoute(context, present),
    releaseRoute(context, present),
  ];
}

type Creation = { readonly trx: Db; readonly actor: Actor; readonly id: string; readonly schoolId: string };

/** @throws RefusalError not-found, bad-request, conflict */
async function newRow(
  { storedSecrets }: ExamContext,
  body: z.output<typeof newExam>,
  { trx, actor, id: examId, schoolId }: Creation,
) {
  const { courseId = null, paperId = null, title, seconds, attempts, guests, practice } = body;
  if (paperId !== null) await checkPaperOf(trx, actor, { school_id: schoolId, course_id: courseId }, paperId);
  const times = {
    opens_at: new Date(body.opensAt),
    closes_at: new Date(body.closesAt),
    latest_entry_at: toDate(body.latestEntryAt),
    seconds,
  };
  checkTimes(times);
  return {
    ...times,
    course_id: courseId,
    paper_id: paperId,
    title,
    code: newCode(),
    attempts,
    guests,
    practice,
    secret_access_code: storedSecrets.encrypt("exams", examId, body.accessCode),
    facts: json<readonly FactKind[]>(body.facts),
    offline_seconds: body.offlineSeconds,
    results_shown: body.resultsShown,
    standing: body.standing,
    supervision: json<Supervision>(body.supervision),
    ...streamNameFor(body.supervision, null),
  };
}

function deleteExaminationRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "deleteExamination",
    method: "DELETE",
    path: "/exams/:examinationId",
    tag: TAG,
    summary: "Delete an examination with all answers and results; refused while candidates sit it",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: idParam("examinationId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ params, actor, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const before = await findExam(trx, actor, params.examinationId);
        checkVersion(before, ifMatch);
        const sitting = trx.selectFrom("exam_attempts").select("id").where("exam_id", "=", before.id);
        const now = await sitting.where("handed_in_at", "is", null).where("ends_at", ">", new Date()).limit(1).executeTakeFirst();
        if (now) throw new RefusalError("conflict", examText("sat-now"));
        // The rows go in steps (`delete-examinations.ts`): there may be millions of answers.
        await updateRow(change, "exams", before, { deleted_at: new Date() });
        await note(change, "delete", before, { before });
        return { body: null };
      }),
  });
}

function publishRoute(
  { db, changes, storedSecrets, paperFiles }: ExamContext,
  present: (exam: Exam) => z.input<typeof examShape>,
): ApiRoute {
  return route({
    id: "publishExamination",
    method: "POST",
    path: "/exams/:examinationId/publish",
    tag: TAG,
    summary: "Publish an examination: its paper is frozen, and candidates can enter from 30 minutes before it opens",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: idParam("examinationId"),
    status: 200,
    answer: examShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "storage-away", "database-away"],
    handle: async ({ params, actor, ifMatch }) => {
      const files = await filesToPublish(db, paperFiles, await findExam(db, actor, params.examinationId));
      return await changes.transact({ actor }, async (change) => {
        const before = await findExam(change.trx, actor, params.examinationId);
        checkVersion(before, ifMatch);
        const after = await publishExam(change, { storedSecrets, files }, before, new Date());
        await note(change, "publish", after, { after: { published_at: after.published_at } });
        await change.emit("exam.published", after.school_id, examEventData(after));
        return { body: present(after) };
      });
    },
  });
}

/** Read before the transaction, in which the embedded database answers nobody else. */
async function filesToPublish(db: Db, paperFiles: ExamContext["paperFiles"], { paper_id }: Exam): Promise<readonly PaperFile[]> {
  if (paper_id === null) return [];
  const papers = db.selectFrom("exam_papers").select(["id", "content"]).where("id", "=", paper_id);
  const paper = await papers.executeTakeFirst();
  return paper ? await paperFiles.readAll(paper) : [];
}

function releaseRoute({ changes }: ExamContext, present: (exam: Exam) => z.input<typeof examShape>): ApiRoute {
  return route({
    id: "releaseExamination",
    method: "POST",
    path: "/exams/:examinationId/release",
    tag: TAG,
    summary: "Show the results to the candidates, or hide them again",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: idParam("examinationId"),
    body: z.strictObject({ released: z.boolean() }),
    status: 200,
    answer: examShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ params, body, actor, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findExam(change.trx, actor, params.examinationId);
        checkVersion(before, ifMatch);
        if (!before.published_at) throw new RefusalError("conflict", examText("not-published"));
        if ((before.released_at !== null) === body.released) return { body: present(before) };
        const after = await updateRow(change, "exams", before, { released_at: body.released ? new Date() : null });
        await standingsDue(change, after.id, new Date());
        await note(change, body.released ? "release" : "hide-results", after);
        if (body.released) await change.emit("exam.released", after.school_id, examEventData(after));
        return { body: present(after) };
      }),
  });
}

function note(change: Change, verb: string, exam: Exam, values: { before?: object; after?: object } = {}): Promise<void> {
  const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
  return change.audit({ action: `examination.${verb}`, ...target, ...(values as Record<string, Record<string, unknown>>) });
}
