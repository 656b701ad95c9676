/** Serves the API routes for the school's question bank. `transfer-routes.ts` imports and exports it. */
import { sql } from "kysely";
import type { ApiRoute } from "../../../access/route.ts";
import { json } from "../../../platform/store/store.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { definedFields, id, search } from "../../foundation/requests/fields.ts";
import { containsPattern } from "../../foundation/requests/paging.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import { changedItem, checkMayChange, itemResponse, itemShape, MAX_ITEMS, newItem, questionColumns, tag } from "./bank-items.ts";
import { transferRoutes } from "./transfer-routes.ts";

export function quizBankRoutes(context: RouteContext): ApiRoute[] {
  const items = resource(context, {
    table: "quiz_bank",
    path: "/quiz-bank/:itemId",
    tag: "Question bank",
    kind: "quiz-bank",
    read: requires("rooms:read", ...STAFF),
    write: requires("rooms:write", ...TEACHERS),
    owner: "school",
    missing: quizText("no-bank-item"),
    limit: { max: MAX_ITEMS, refusal: quizText("too-many-items", { max: MAX_ITEMS }) },
    shape: itemShape,
    present: () => itemResponse,
  });
  return [
    items.list("listQuizBank", {
      summary: "List the questions of the bank",
      rights: ["+++++---", "+0000---"],
      query: {
        tag: tag.optional(),
        courseId: id.optional().describe("Questions of this course, and those of no course."),
        search: search.describe("Part of the text."),
      },
      where: (matching, query) => {
        let found = matching;
        const { courseId } = query;
        if (courseId) found = found.where(({ or, eb }) => or([eb("course_id", "=", courseId), eb("course_id", "is", null)]));
        if (query.search) found = found.where("text", "ilike", containsPattern(query.search));
        if (query.tag) found = found.where(sql<boolean>`tags @> (${JSON.stringify([query.tag])}::text)::jsonb`);
        return found;
      },
    }),
    items.create("createQuizBankItem", {
      summary: "Add a question to the bank",
      rights: ["++++----", "+000----"],
      body: newItem,
      refusals: ["refused-by-rule"],
      ownerOf: async (db, actor, { schoolId, courseId = null }) => {
        const school = await targetSchool(db, actor, schoolId);
        await checkMayChange(db, actor, school.id, courseId);
        return school.id;
      },
      row: ({ courseId = null, seconds = null, anonymous, tags, ...asked }) => ({
        course_id: courseId,
        ...questionColumns(asked),
        seconds,
        anonymous,
        tags: json(tags),
      }),
    }),
    ...transferRoutes(context),
    items.get("getQuizBankItem", { summary: "Get a question of the bank", rights: ["+++++---", "+0000---"] }),
    items.change("changeQuizBankItem", {
      summary: "Change a question of the bank; quizzes that were opened from it stay as they are",
      // A question of the course.
      rights: ["+++-----", "+000----"],
      body: changedItem,
      refusals: ["refused-by-rule", "conflict"],
      columns: async ({ courseId, seconds, anonymous, tags, ...asked }, before, { trx, actor }) => {
        await checkMayChange(trx, actor, before.school_id, before.course_id);
        if (courseId) await checkMayChange(trx, actor, before.school_id, courseId);
        return {
          ...questionColumns({ ...before, ...definedFields(asked) }),
          ...definedFields({ course_id: courseId, seconds, anonymous, tags: tags && json(tags) }),
        };
      },
    }),
    items.delete("deleteQuizBankItem", {
      summary: "Delete a question of the bank; quizzes that were opened from it stay",
      rights: ["+++-----", "+000----"],
      refusals: ["refused-by-rule", "conflict"],
      check: ({ trx }, before, actor) => checkMayChange(trx, actor, before.school_id, before.course_id),
    }),
  ];
}
