/**
 * Keeps what lessons are searched by (`search_blocks`) as their rooms are, in the background: when a lesson has ended, when its transcript is corrected, when a
 * line is deleted, when a person is erased, and when another data key encrypts. Each entry of a room marks it in the same transaction (`rooms.search_at`), so
 * none is forgotten.
 */
import { sql } from "kysely";
import { json } from "../../../platform/store/store.ts";
import { blindWords } from "../../foundation/encryption/blind-words.ts";
import { SEARCHED, type SearchedLine } from "../../foundation/store/search-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import type { WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { readLines } from "./lesson-lines.ts";
import { wordsOf } from "./search-words.ts";

export const SEARCH_INDEX = "search-index";
/** Where the words of a lesson are kept as numbers. */
export const WORDS = { table: "search_blocks", column: "words" } as const;

/**
 * Lines of one block, and characters after which the next one begins. What matches a block is looked at line by line: a larger one has more lines that do not
 * match, a smaller one makes a word that is everywhere slow, since each block with it is counted.
 */
const BLOCK_LINES = 40;
const BLOCK_TEXT = 4000;
const AT_ONCE = 10;
/** What wakes it. Other entries, such as a line that is deleted after the lesson, are found when it looks; who searches gets none that is deleted anyway. */
const WAKING = ["lesson.end", "lesson.restore", "recording.transcript", "user.erase", "participant.erase"];

export function searchIndexing(db: Database): WorkKind<WorkItem> {
  return {
    name: SEARCH_INDEX,
    places: { total: 1 },
    failure: "lesson not made searchable, trying again",
    isWokenBy: ({ action }) => WAKING.includes(action),
    find: async ({ now, busy }) => (await dueLessons(db, busy)).map((row) => itemOf(row, now)),
    perform: async ({ id }) => await indexLesson(db, id),
  };
}

type Due = { readonly id: string; readonly school_id: string };

function itemOf({ id, school_id: schoolId }: Due, now: number): WorkItem {
  return { id, schoolId, target: id, failures: 0, dueAt: now };
}

/** Lessons that are over and have entries that are not in, then those whose words are numbers of another data key. */
async function dueLessons(db: Database, busy: readonly string[]): Promise<readonly Due[]> {
  const ended = db
    .selectFrom("lessons")
    .select(["lessons.id", "lessons.school_id"])
    .where("lessons.state", "=", "ended")
    .where("lessons.deleted_at", "is", null)
    .$if(busy.length > 0, (query) => query.where("lessons.id", "not in", busy));
  const changed = await ended
    .innerJoin("rooms", "rooms.lesson_id", "lessons.id")
    .where("rooms.search_at", "is not", null)
    .orderBy("rooms.search_at")
    .limit(AT_ONCE)
    .execute();
  if (changed.length > 0) return changed;
  const { key } = blindWords(db, WORDS);
  return await ended
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("search_blocks")
          .select("search_blocks.n")
          .whereRef("search_blocks.lesson_id", "=", "lessons.id")
          .where(({ or, eb }) => or([eb("search_blocks.data_key", "<", key), eb("search_blocks.data_key", ">", key)])),
      ),
    )
    .limit(AT_ONCE)
    .execute();
}

/** Makes the blocks of a lesson again, from what its room has now. */
export async function indexLesson(db: Database, lessonId: string): Promise<void> {
  const room = await db
    .selectFrom("rooms")
    // A Date has no microseconds.
    .select(["epoch", "head", sql<string | null>`search_at::text`.as("since")])
    .where("lesson_id", "=", lessonId)
    .executeTakeFirst();
  const rows = await blocksOf(db, lessonId);
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom("search_blocks").where("lesson_id", "=", lessonId).execute();
    for (const row of rows) await trx.insertInto("search_blocks").values(row).execute();
    if (!room) return;
    // What came, or was erased, in the meantime makes it due again.
    await trx
      .updateTable("rooms")
      .set({ search_at: null })
      .where("lesson_id", "=", lessonId)
      .where("epoch", "=", room.epoch)
      .where("head", "=", room.head)
      .where(sql<boolean>`search_at::text is not distinct from ${room.since}`)
      .execute();
  });
}

async function blocksOf(db: Db, lessonId: string) {
  const lines = await readLines(db, lessonId);
  const { key, numberOf } = blindWords(db, WORDS);
  return SEARCHED.flatMap((kind) => blocks(lines[kind]).map((block) => ({ kind, block }))).map(({ kind, block }, n) => ({
    lesson_id: lessonId,
    n,
    kind,
    words: numbersIn(block, numberOf),
    lines: json(block),
    data_key: key,
  }));
}

function blocks(lines: readonly SearchedLine[]): readonly (readonly SearchedLine[])[] {
  const found: SearchedLine[][] = [];
  let length = 0;
  for (const line of lines) {
    const last = found.at(-1);
    length += line.text.length;
    if (last && last.length < BLOCK_LINES && length <= BLOCK_TEXT) {
      last.push(line);
      continue;
    }
    found.push([line]);
    length = line.text.length;
  }
  return found;
}

function numbersIn(block: readonly SearchedLine[], numberOf: (word: string) => number): readonly number[] {
  const words = new Set<string>();
  for (const { text } of block) for (const word of wordsOf(text)) words.add(word);
  return [...new Set([...words].map(numberOf))];
}
