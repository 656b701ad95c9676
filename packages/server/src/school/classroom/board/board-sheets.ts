/** Reads the pages of a lesson's board, in their order, each with what is drawn on it and its pictures: for a PDF. */
import { type PageId, type PageSet, partsOfPage } from "@lectern/board";
import type { BoardSheet } from "../../../contracts/rooms/board-sheet.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { loadRetainedPage } from "./lesson-board.ts";

/** The picture of a material's page; null: it is gone. */
export type ReadSlide = (material: string, page: number) => Promise<Uint8Array | null>;

/** The sets of pages that the lesson had last. */
export async function findSets(db: Db, lessonId: string): Promise<{ readonly epoch: string; readonly sets: readonly PageSet[] }> {
  const room = await db.selectFrom("rooms").select("epoch").where("lesson_id", "=", lessonId).executeTakeFirst();
  if (!room) return { epoch: "", sets: [] };
  const rows = await db
    .selectFrom("room_entries")
    .distinctOn("key")
    .select(["key", "gone", "body"])
    .where("lesson_id", "=", lessonId)
    .where("epoch", "=", room.epoch)
    .where("kind", "=", "page")
    .orderBy("key")
    .orderBy("seq", "desc")
    .execute();
  // The server itself has written them; other keys of the kind have no `set`.
  const sets = rows.filter(({ gone, body }) => !gone && typeof body["set"] === "number").map(({ body }) => body as PageSet);
  return { epoch: room.epoch, sets: sets.sort((one, other) => one.set - other.set) };
}

export async function* boardSheets(db: Db, lessonId: string, readSlide: ReadSlide): AsyncGenerator<BoardSheet> {
  const { epoch, sets } = await findSets(db, lessonId);
  for (const set of sets)
    for (let number = 1; number <= set.count; number++)
      yield await sheetOf(db, lessonId, epoch, set, `${set.set}.${number}`, readSlide);
}

async function sheetOf(
  db: Db,
  lessonId: string,
  epoch: string,
  set: PageSet,
  id: PageId,
  readSlide: ReadSlide,
): Promise<BoardSheet> {
  const { page } = await loadRetainedPage(db, lessonId, epoch, id);
  const pictures = new Map<string, Uint8Array>();
  for (const { content, deleted } of page.items()) {
    if (content.type !== "picture" || deleted) continue;
    const bytes = await readSlide(content.material, content.page);
    if (bytes) pictures.set(`${content.material}/${content.page}`, bytes);
  }
  const slide = set.pages === "slides" ? await readSlide(set.material, partsOfPage(id).number) : null;
  return {
    height: set.height,
    ground: slide ? { slide } : { background: set.pages === "board" ? set.background : "blank" },
    operations: page.operations(),
    pictures,
  };
}
