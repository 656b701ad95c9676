/**
 * Continues with the board of an earlier lesson. Its last pages become new sets of this room, each page as its first state (`board_pages`, before every entry), so
 * that the log has one entry for each set and nobody is sent what they do not look at:
 *
 *     rooms, room_entries, board_pages of the earlier lesson ─▶ pages without deleted items ─▶ board_tags, board_pages, lesson_materials of this one ─▶ `page/SET`
 */
import { type ItemId, type Operation, type Page, type PageId, type PageSet, pageIdOf, retagged, tagOf } from "@lectern/board";
import type { Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { boardText } from "../../foundation/messages/board-texts.ts";
import type { Tables } from "../../foundation/store/tables.ts";
import { hasLessonRight, visibleLessons } from "../../lessons/lesson-rights.ts";
import type { RoomView } from "../domain.ts";
import { firstStateSeq, loadTags, storePage } from "./board-rows.ts";
import { findSets } from "./board-sheets.ts";
import { type LessonBoard, loadRetainedPage } from "./lesson-board.ts";

/** Of the operations that make all pages: three hours of writing without a rest. They are read and written while the room waits. */
const MAX_BYTES = 2_000_000;

/** A set of the earlier lesson, with what is on its pages; a page that is empty has no operations. */
export type EarlierSet = { readonly set: PageSet; readonly pages: readonly (readonly Operation[])[] };

/** The sets that a person may continue with, and the epoch of their room. */
export async function findEarlierSets(
  { trx, lessonId, schoolId }: RoomView,
  personId: string,
  earlier: string,
): Promise<{ readonly epoch: string; readonly sets: readonly PageSet[] } | Refusal> {
  if (earlier === lessonId || !(await mayTake(trx, schoolId, personId, earlier)))
    return new Refusal("not-found", boardText("no-earlier-lesson"));
  const found = await findSets(trx, earlier);
  return found.sets.length > 0 ? found : new Refusal("not-found", boardText("no-board"));
}

/** @returns what is on the pages of these sets, or that it is too much */
export async function readEarlierSets(
  trx: Transaction<Tables>,
  earlier: string,
  epoch: string,
  sets: readonly PageSet[],
): Promise<readonly EarlierSet[] | Refusal> {
  const read: EarlierSet[] = [];
  let bytes = 0;
  for (const set of sets) {
    const pages: (readonly Operation[])[] = [];
    for (let number = 1; number <= set.count; number++) {
      const { page } = await loadRetainedPage(trx, earlier, epoch, pageIdOf(set.set, number));
      bytes += page.size.bytes;
      if (bytes > MAX_BYTES) return new Refusal("too-large", boardText("earlier-too-large"));
      pages.push(keptOperations(page));
    }
    read.push({ set, pages });
  }
  return read;
}

/** Writes the pages of one set. @param number of the set in this room. @returns the materials that the pages show */
export async function storeEarlierSet(
  room: RoomView,
  board: LessonBoard,
  number: number,
  { set, pages }: EarlierSet,
  tags: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const materials = new Set(set.pages === "slides" ? [set.material] : []);
  for (const [i, operations] of pages.entries()) {
    if (operations.length === 0) continue;
    const page: PageId = pageIdOf(number, i + 1);
    const place = { epoch: room.epoch, seq: firstStateSeq(page), at: new Date(room.now) };
    await storePage(room.trx, board.lessonId, { page, ...place, operations: retagged(operations, tags) });
    for (const operation of operations)
      if (operation[0] === "i" && operation[2].type === "picture") materials.add(operation[2].material);
  }
  return [...materials];
}

/**
 * The items stay those of the people who drew them, who are other participants here: nobody but staff changes them, and what a person drew is found when it is
 * to be erased. @returns the tags that items have here, by those that they had
 */
export async function adoptTags(
  room: RoomView,
  board: LessonBoard,
  earlier: string,
  sets: readonly EarlierSet[],
): Promise<ReadonlyMap<string, string>> {
  const owners = await loadTags(room.trx, earlier);
  const ids = sets.flatMap(({ pages }) => pages.flat()).flatMap(itemOf);
  const used = new Set(ids.map(tagOf));
  const tags = new Map<string, string>();
  for (const tag of used) tags.set(tag, await board.adopt(room, tag, owners.get(tag) ?? "", used));
  return tags;
}

function itemOf(operation: Operation): ItemId[] {
  return operation[0] === "s" || operation[0] === "i" ? [operation[1]] : [];
}

/** Without what was deleted. Nobody goes on with a stroke of another lesson. */
function keptOperations(page: Page): readonly Operation[] {
  const operations = page.operations();
  const deleted = new Set(operations.flatMap((operation) => (operation[0] === "d" ? operation[1] : [])));
  return operations.flatMap((operation): Operation[] => {
    const [letter, id] = operation;
    if (letter === "s") {
      const [, , tool, color, width, points] = operation;
      return deleted.has(id) ? [] : [["s", id, tool, color, width, points, 1]];
    }
    return (letter === "i" || letter === "m") && !deleted.has(id) ? [operation] : [];
  });
}

/** The person assists in the earlier lesson, which is of the same school. API keys are no people. */
async function mayTake(trx: Transaction<Tables>, schoolId: string, personId: string, earlier: string): Promise<boolean> {
  const participant = await trx.selectFrom("participants").select("user_id").where("id", "=", personId).executeTakeFirst();
  const user = await trx
    .selectFrom("users")
    .select(["id", "name", "role", "school_id as schoolId"])
    // Staff who have not joined act as themselves.
    .where("id", "=", participant ? (participant.user_id ?? "") : personId)
    .executeTakeFirst();
  if (!user) return false;
  const actor: Actor = { kind: "user", ...user, scopes: null, ip: "" };
  const lesson = await visibleLessons(trx, actor)
    .where("lessons.id", "=", earlier)
    .where("lessons.school_id", "=", schoolId)
    .executeTakeFirst();
  return lesson !== undefined && (await hasLessonRight(trx, actor, lesson, "assist"));
}
