/** Serves the API routes for word lists, which texts in rooms are checked by. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../../access/route.ts";
import { RefusalError } from "../../../../platform/api/server.ts";
import { moderationText } from "../../../foundation/messages/moderation-texts.ts";
import { definedFields, id } from "../../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../../foundation/requests/route-context.ts";
import { resource } from "../../../foundation/resource/resource.ts";
import { schoolScope } from "../../../foundation/schools/scope.ts";
import type { WordList } from "../../../foundation/store/moderation-tables.ts";
import type { Db } from "../../../foundation/store/tables.ts";
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
const READ = requires("policies:read", ...TEACHERS);
const MAX_LISTS = 50;
/** The largest text of words, in UTF-8 and quoted as JSON. */
const BODY_BYTES = 2 * 1024 * 1024;
const COLUMNS = [
  ...(["id", "school_id", "name", "action", "skips_signs", "enabled"] as const),
  ...(["word_count", "created_at", "version"] as const),
] as const;

export function wordListRoutes(context: RouteContext): ApiRoute[] {
  const taken = moderationText("word-list-name-taken");
  const lists = resource(context, {
    table: "word_lists",
    path: "/word-lists/:wordListId",
    tag: TAG,
    kind: "word-list",
    read: READ,
    write: requires("policies:write", ...ADMINISTRATORS),
    owner: "school",
    missing: moderationText("no-word-list"),
    limit: { max: MAX_LISTS, refusal: moderationText("too-many-word-lists", { max: MAX_LISTS }) },
    shape: fullWordListShape,
    present: () => fullWordListResponse,
    audited,
  });
  return [
    listWordListsRoute(context),
    lists.create("createWordList", {
      summary: "Create a word list; all lists of a school together have at most 20 000 words",
      rights: ["++------", "+0------"],
      body: newWordList,
      bodyLimit: BODY_BYTES,
      taken,
      refusals: ["too-large"],
      row: async ({ name, action, enabled, skipsSigns, words }, { trx, id: listId, schoolId }) => {
        const word_count = countWords(words);
        await requireWords(trx, { id: listId, school_id: schoolId, words, word_count });
        return { name, action, enabled, skips_signs: skipsSigns, words, word_count };
      },
    }),
    lists.get("getWordList", { summary: "Get a word list with its words", rights: ["++++----", "+000----"] }),
    lists.change("changeWordList", {
      summary: "Change a word list; rooms check by the new words within a second",
      rights: ["++------", "+0------"],
      body: changedWordList,
      bodyLimit: BODY_BYTES,
      taken,
      refusals: ["too-large"],
      columns: async ({ skipsSigns: skips_signs, words, ...rest }, before, { trx }) => {
        if (words === undefined) return definedFields({ ...rest, skips_signs });
        const word_count = countWords(words);
        await trx.selectFrom("schools").select("id").where("id", "=", before.school_id).forNoKeyUpdate().execute();
        await requireWords(trx, { ...before, words, word_count });
        return { ...definedFields({ ...rest, skips_signs }), words, word_count };
      },
      entry: (before, after) => ({
        before: audited(before),
        after: { ...audited(after), wordsChanged: after.words !== before.words },
      }),
    }),
    lists.delete("deleteWordList", { summary: "Delete a word list", rights: ["++------", "+0------"] }),
  ];
}

/** Reads no words: all of a school's lists have up to 400 000 letters. */
function listWordListsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listWordLists",
    method: "GET",
    path: "/word-lists",
    tag: TAG,
    summary: "List word lists, without their words",
    access: READ,
    rights: ["++++----", "+000----"],
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

/** The words would fill the audit log. */
function audited({ words: _, ...list }: WordList): Record<string, unknown> {
  return list;
}
