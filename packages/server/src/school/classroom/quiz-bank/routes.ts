/** API routes for the school's question bank. `transfer-routes.ts` imports and exports it. */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import { definedFields, id, idParam, search } from "../../foundation/requests/fields.ts";
import { containsPattern, pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { BankItem } from "../../foundation/store/quiz-tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import {
  changedItem,
  checkMayChange,
  findItem,
  itemResponse,
  itemShape,
  MAX_ITEMS,
  newItem,
  questionColumns,
  tag,
} from "./bank-items.ts";
import { transferRoutes } from "./transfer-routes.ts";

const TAG = "Question bank";

export function quizBankRoutes(context: RouteContext): ApiRoute[] {
  return [
    listItemsRoute(context),
    createItemRoute(context),
    ...transferRoutes(context),
    getItemRoute(context),
    changeItemRoute(context),
    deleteItemRoute(context),
  ];
}

function listItemsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listQuizBank",
    method: "GET",
    path: "/quiz-bank",
    tag: TAG,
    summary: "List the questions of the bank",
    access: requires("rooms:read", ...STAFF),
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      tag: tag.optional(),
      courseId: id.optional().describe("Questions of this course, and those of no course."),
      search: search.describe("Part of the text."),
    }),
    status: 200,
    answer: pageOf(itemShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const school = schoolScope(actor, query.schoolId);
      let matching = db
        .selectFrom("quiz_bank")
        .selectAll()
        .where("id", ">", query.cursor ?? "");
      const { courseId } = query;
      if (school !== null) matching = matching.where("school_id", "=", school);
      if (courseId) matching = matching.where(({ or, eb }) => or([eb("course_id", "=", courseId), eb("course_id", "is", null)]));
      if (query.search) matching = matching.where("text", "ilike", containsPattern(query.search));
      if (query.tag) matching = matching.where(sql<boolean>`tags @> (${JSON.stringify([query.tag])}::text)::jsonb`);
      const rows = await matching
        .orderBy("id")
        .limit(query.limit + 1)
        .execute();
      return { body: toPage(rows, query.limit, itemResponse) };
    },
  });
}

function createItemRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "createQuizBankItem",
    method: "POST",
    path: "/quiz-bank",
    tag: TAG,
    summary: "Add a question to the bank",
    access: requires("rooms:write", ...TEACHERS),
    body: newItem,
    status: 201,
    answer: itemShape,
    creates: true,
    refusals: ["not-found", "refused-by-rule", "conflict", "database-away"],
    handle: ({ body, ...requester }) =>
      changes.transact(requester, async (change) => {
        const school = await targetSchool(change.trx, requester.actor, body.schoolId);
        const { courseId = null, seconds = null, anonymous, tags } = body;
        await checkMayChange(change.trx, requester.actor, school.id, courseId);
        await assertQuota(change.trx, "quiz_bank", school.id, MAX_ITEMS, quizText("too-many-items", { max: MAX_ITEMS }));
        const row = { id: newId(), school_id: school.id, course_id: courseId, ...questionColumns(body), seconds, anonymous };
        const item = await change.trx
          .insertInto("quiz_bank")
          .values({ ...row, tags: json(tags) })
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.audit({ action: "quiz-bank.create", schoolId: school.id, ...targetOf(item), after: item });
        return { body: itemResponse(item) };
      }),
  });
}

function getItemRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getQuizBankItem",
    method: "GET",
    path: "/quiz-bank/:itemId",
    tag: TAG,
    summary: "Get a question of the bank",
    access: requires("rooms:read", ...STAFF),
    params: idParam("itemId"),
    status: 200,
    answer: itemShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: itemResponse(await findItem(db, actor, params.itemId)) }),
  });
}

function changeItemRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "changeQuizBankItem",
    method: "PATCH",
    path: "/quiz-bank/:itemId",
    tag: TAG,
    summary: "Change a question of the bank; quizzes that were opened from it stay as they are",
    access: requires("rooms:write", ...TEACHERS),
    params: idParam("itemId"),
    body: changedItem,
    status: 200,
    answer: itemShape,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "precondition-failed", "conflict", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findItem(change.trx, actor, params.itemId);
        checkVersion(before, ifMatch);
        await checkMayChange(change.trx, actor, before.school_id, before.course_id);
        const { courseId, seconds, anonymous, tags, ...asked } = body;
        if (courseId) await checkMayChange(change.trx, actor, before.school_id, courseId);
        const columns = {
          ...questionColumns({ ...before, ...definedFields(asked) }),
          ...definedFields({ course_id: courseId, seconds, anonymous, tags: tags && json(tags) }),
        };
        const after = await updateRow(change, "quiz_bank", before, columns);
        await change.audit({ action: "quiz-bank.change", schoolId: before.school_id, ...targetOf(before), before, after });
        return { body: itemResponse(after) };
      }),
  });
}

function deleteItemRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteQuizBankItem",
    method: "DELETE",
    path: "/quiz-bank/:itemId",
    tag: TAG,
    summary: "Delete a question of the bank; quizzes that were opened from it stay",
    access: requires("rooms:write", ...TEACHERS),
    params: idParam("itemId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "precondition-failed", "conflict", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findItem(change.trx, actor, params.itemId);
        checkVersion(before, ifMatch);
        await checkMayChange(change.trx, actor, before.school_id, before.course_id);
        await deleteRow(change, "quiz_bank", before);
        await change.audit({ action: "quiz-bank.delete", schoolId: before.school_id, ...targetOf(before), before });
        return { body: null };
      }),
  });
}

function targetOf({ id: targetId }: BankItem) {
  return { targetKind: "quiz-bank", targetId };
}
