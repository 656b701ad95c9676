/** API routes for word lists, which texts in rooms are checked by. */
import { z } from "zod";
import type { Actor } from "../../../../access/actor.ts";
import { type ApiRoute, route } from "../../../../access/route.ts";
import { RefusalError } from "../../../../platform/api/server.ts";
import { newId } from "../../../../platform/id.ts";
import { moderationText } from "../../../foundation/messages/moderation-texts.ts";
import { definedFields, id, idParam } from "../../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../../foundation/requests/permissions.ts";
import { conflictAs, type RouteContext } from "../../../foundation/requests/route-context.ts";
import { assertQuota } from "../../../foundation/schools/room.ts";
import { actsFor, schoolScope, targetSchool } from "../../../foundation/schools/scope.ts";
import { checkVersion } from "../../../foundation/store/change.ts";
import type { WordList } from "../../../foundation/store/moderation-tables.ts";
import type { Db } from "../../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../../foundation/store/update-row.ts";
import {
  changedWordList,
  countWords,
  fullWordListResponse,
  fullWordListShape,
  MAX_CHARACTERS,
  MAX_WORDS,
  newWordList,
  wordListResponse,
  wordListShape,
} from "./word-list-shapes.ts";

const TAG = "Word lists";
const MAX_LISTS = 50;
/** The largest text of words, in UTF-8 and quoted as JSON. */
const BODY_BYTES = 2 * 1024 * 1024;
const taken = conflictAs(moderationText("word-list-name-taken"));
const COLUMNS = [
  ...(["id", "school_id", "name", "action", "skips_signs", "enabled"] as const),
  ...(["word_count", "created_at", "version"] as const),
] as const;

export function wordListRoutes(context: RouteContext): ApiRoute[] {
  return [
    listWordListsRoute(context),
    createWordListRoute(context),
    getWordListRoute(context),
    changeWordListRoute(context),
    deleteWordListRoute(context),
  ];
}

function listWordListsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listWordLists",
    method: "GET",
    path: "/word-lists",
    tag: TAG,
    summary: "List word lists, without their words",
    access: requires("policies:read", ...TEACHERS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(wordListShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("word_lists")
        .select(COLUMNS)
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, wordListResponse) };
    },
  });
}

function createWordListRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "createWordList",
    method: "POST",
    path: "/word-lists",
    tag: TAG,
    summary: "Create a word list; all lists of a school together have at most 20 000 words",
    access: requires("policies:write", ...ADMINISTRATORS),
    body: newWordList,
    bodyLimit: BODY_BYTES,
    status: 201,
    answer: fullWordListShape,
    creates: true,
    refusals: ["not-found", "conflict", "too-large", "database-away"],
    handle: async ({ body, ...requester }) => {
      const created = changes.transact(requester, async (change) => {
        const { id: schoolId } = await targetSchool(change.trx, requester.actor, body.schoolId);
        const refusal = moderationText("too-many-word-lists", { max: MAX_LISTS });
        await assertQuota(change.trx, "word_lists", schoolId, MAX_LISTS, refusal);
        const row = {
          id: newId(),
          school_id: schoolId,
          name: body.name,
          action: body.action,
          enabled: body.enabled,
          skips_signs: body.skipsSigns,
          words: body.words,
          word_count: countWords(body.words),
        };
        await requireWords(change.trx, row);
        const list = await change.trx.insertInto("word_lists").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "word-list.create", ...auditTarget(list), after: audited(list) });
        return { body: fullWordListResponse(list) };
      });
      return await created.catch(taken);
    },
  });
}

function getWordListRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getWordList",
    method: "GET",
    path: "/word-lists/:wordListId",
    tag: TAG,
    summary: "Get a word list with its words",
    access: requires("policies:read", ...TEACHERS),
    params: idParam("wordListId"),
    status: 200,
    answer: fullWordListShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: fullWordListResponse(await findWordList(db, actor, params.wordListId)) }),
  });
}

function changeWordListRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "changeWordList",
    method: "PATCH",
    path: "/word-lists/:wordListId",
    tag: TAG,
    summary: "Change a word list; rooms check by the new words within a second",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("wordListId"),
    body: changedWordList,
    bodyLimit: BODY_BYTES,
    status: 200,
    answer: fullWordListShape,
    changes: true,
    refusals: ["not-found", "conflict", "too-large", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      const changed = changes.transact({ actor }, async (change) => {
        const before = await findWordList(change.trx, actor, params.wordListId);
        checkVersion(before, ifMatch);
        const { words } = body;
        const columns = definedFields({
          name: body.name,
          action: body.action,
          enabled: body.enabled,
          skips_signs: body.skipsSigns,
          words,
          word_count: words === undefined ? undefined : countWords(words),
        });
        if (words !== undefined) {
          await change.trx.selectFrom("schools").select("id").where("id", "=", before.school_id).forNoKeyUpdate().execute();
          await requireWords(change.trx, { ...before, words, word_count: countWords(words) });
        }
        const after = await updateRow(change, "word_lists", before, columns);
        await change.audit({
          action: "word-list.change",
          ...auditTarget(before),
          before: audited(before),
          after: { ...audited(after), wordsChanged: after.words !== before.words },
        });
        return { body: fullWordListResponse(after) };
      });
      return await changed.catch(taken);
    },
  });
}

function deleteWordListRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteWordList",
    method: "DELETE",
    path: "/word-lists/:wordListId",
    tag: TAG,
    summary: "Delete a word list",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("wordListId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findWordList(change.trx, actor, params.wordListId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "word_lists", before);
        await change.audit({ action: "word-list.delete", ...auditTarget(before), before: audited(before) });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findWordList(db: Db, actor: Actor, listId: string): Promise<WordList> {
  const list = await db.selectFrom("word_lists").selectAll().where("id", "=", listId).executeTakeFirst();
  if (!list || !actsFor(actor, list.school_id)) throw new RefusalError("not-found", moderationText("no-word-list"));
  return list;
}

/**
 * Limits what the lists of a school have together, with this one as it will be. The school's row is held.
 * @throws RefusalError too-large
 */
async function requireWords(db: Db, list: Pick<WordList, "id" | "school_id" | "words" | "word_count">): Promise<void> {
  const others = await db
    .selectFrom("word_lists")
    .select(({ fn, lit }) => [
      fn.coalesce(fn.sum<number>("word_count"), lit(0)).as("words"),
      fn.coalesce(fn.sum<number>(fn("length", ["words"])), lit(0)).as("characters"),
    ])
    .where("school_id", "=", list.school_id)
    .where("id", "!=", list.id)
    .executeTakeFirstOrThrow();
  if (Number(others.words) + list.word_count > MAX_WORDS)
    throw new RefusalError("too-large", moderationText("too-many-words", { max: MAX_WORDS }));
  if (Number(others.characters) + list.words.length > MAX_CHARACTERS)
    throw new RefusalError("too-large", moderationText("words-too-large", { max: MAX_CHARACTERS }));
}

function auditTarget({ id: targetId, school_id: schoolId }: WordList) {
  return { schoolId, targetKind: "word-list", targetId };
}

/** The words would fill the audit log. */
function audited({ words: _, ...list }: WordList): Record<string, unknown> {
  return list;
}
