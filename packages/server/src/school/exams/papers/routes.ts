/** Serves the API routes for papers. `file-routes.ts` imports and exports them, `bank-route.ts` takes questions of the bank. */
import type { AuthoredPaper } from "@lectern/exam";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { definedFields, id, search } from "../../foundation/requests/fields.ts";
import { containsPattern, pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { checkCourse, isReached, READ_EXAMS, reachedPapers, WRITE_EXAMS } from "../exam-rights.ts";
import { addFromBankRoute } from "./bank-route.ts";
import { sizeOf } from "./content.ts";
import { fileRoutes } from "./file-routes.ts";
import { changedPaper, newPaper, paperResponse, paperShape, paperSummary, paperSummaryShape } from "./shapes.ts";

const MAX_PAPERS = 5000;
/** A paper of 300 long questions. */
export const MAX_PAPER_BYTES = 4 * 1024 * 1024;
const TAG = "Papers";

export function paperRoutes(context: RouteContext): ApiRoute[] {
  const papers = resource(context, {
    table: "exam_papers",
    path: "/papers/:paperId",
    tag: TAG,
    kind: "exam-paper",
    read: READ_EXAMS,
    write: WRITE_EXAMS,
    owner: "school",
    missing: examText("no-paper"),
    limit: { max: MAX_PAPERS, refusal: examText("too-many-papers", { max: MAX_PAPERS }) },
    shape: paperShape,
    present: () => paperResponse,
    visible: reachedPapers,
    // Questions are secret, and the log is read by others.
    audited: ({ course_id, title, questions, points }) => ({ course_id, title, questions, points }),
  });
  return [
    listPapersRoute(context),
    papers.create("createExamPaper", {
      summary: "Create a paper",
      rights: ["++++----", "+000----"],
      body: newPaper,
      bodyLimit: MAX_PAPER_BYTES,
      refusals: ["refused-by-rule"],
      ownerOf: async (db, actor, { schoolId, courseId = null }) => {
        const school = await targetSchool(db, actor, schoolId);
        await checkCourse(db, actor, school.id, courseId);
        return school.id;
      },
      row: ({ courseId = null, title, content }) => ({
        course_id: courseId,
        title,
        ...contentColumns(content ?? { title, instruction: "", sections: [] }),
      }),
    }),
    papers.get("getExamPaper", {
      summary: "Get a paper with its questions and what is right",
      // Of the course.
      rights: ["+++0----", "+000----"],
    }),
    papers.change("changeExamPaper", {
      summary: "Change a paper; examinations that are published keep theirs",
      rights: ["+++0----", "+000----"],
      body: changedPaper,
      bodyLimit: MAX_PAPER_BYTES,
      refusals: ["refused-by-rule"],
      columns: async ({ courseId, title, content }, before, { trx, actor }) => {
        if (courseId !== undefined) await checkCourse(trx, actor, before.school_id, courseId);
        return { ...definedFields({ course_id: courseId, title }), ...(content ? contentColumns(content) : {}) };
      },
    }),
    papers.delete("deleteExamPaper", {
      summary: "Delete a paper; refused while an examination that is not published uses it",
      // An examination that is not published uses it.
      rights: ["+++0----", "+000----"],
      refusals: ["conflict"],
      check: async ({ trx }, { id: paperId }) => {
        const using = trx.selectFrom("exams").select("id").where("paper_id", "=", paperId);
        const waiting = using.where("published_at", "is", null).where("deleted_at", "is", null).limit(1);
        if (await waiting.executeTakeFirst()) throw new RefusalError("conflict", examText("paper-used"));
      },
    }),
    addFromBankRoute(context),
    ...fileRoutes(context),
  ];
}

/** What is half written may be saved: publishing refuses a paper with mistakes (`papers/assert-paper.ts`). */
function contentColumns(content: AuthoredPaper) {
  return { content: json(content), ...sizeOf(content) };
}

/** Without the contents, which can be large. */
function listPapersRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listExamPapers",
    method: "GET",
    path: "/papers",
    tag: TAG,
    summary: "List papers, without their questions",
    access: READ_EXAMS,
    rights: ["++++----", "+000----"],
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      courseId: id.optional().describe("Papers of this course, and those of no course."),
      search: search.describe("Part of the title."),
    }),
    status: 200,
    answer: pageOf(paperSummaryShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { schoolId, courseId, search: part, limit, cursor } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("exam_papers")
        .select(["id", "school_id", "course_id", "title", "questions", "points", "created_at", "version"])
        .where(isReached("exam_papers", actor));
      if (school !== null) matching = matching.where("school_id", "=", school);
      if (courseId) matching = matching.where(({ or, eb }) => or([eb("course_id", "=", courseId), eb("course_id", "is", null)]));
      if (part) matching = matching.where("title", "ilike", containsPattern(part));
      if (cursor) matching = matching.where("id", "<", cursor);
      const rows = await matching
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, paperSummary) };
    },
  });
}
