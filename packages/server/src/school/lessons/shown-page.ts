/** Defines what the board of a lesson shows now, for pages that lay themselves out before their room has answered. */
import { type PageId, type PageSet, partsOfPage, type ShownView } from "@lectern/board";
import { SHOWN_KEY } from "@lectern/room";
import { sql } from "kysely";
import { z } from "zod";
import { id } from "../foundation/requests/fields.ts";
import type { Db } from "../foundation/store/tables.ts";

export const shownPageShape = z
  .object({
    page: z.string().describe("`SET.NUMBER`: a set of pages of the lesson's board, and the page in it, from 1."),
    material: id
      .nullable()
      .describe(
        "Of a slide, whose picture is `/api/v1/rooms/CODE/slides/MATERIAL/small-NUMBER.webp` (or `large-`), with the query of a link of the lesson; null: a page of a board.",
      ),
    whole: z.boolean().describe("Whether all of the page is shown, and not a part that the teacher has enlarged."),
  })
  .nullable()
  .describe("The page that the board shows; null: none. Where it changes, the lesson's room says so.");

export type ShownPage = { readonly page: PageId; readonly material: string | null; readonly whole: boolean };

/** Null: no page is shown. */
export async function findShownPage(db: Db, lessonId: string): Promise<ShownPage | null> {
  const shown = (await newestBody(db, lessonId, SHOWN_KEY)) as ShownView | null;
  if (shown === null || shown.page === null) return null;
  const set = (await newestBody(db, lessonId, `page/${partsOfPage(shown.page).set}`)) as PageSet | null;
  if (set === null) return null;
  return { page: shown.page, material: set.pages === "slides" ? set.material : null, whole: shown.view === null };
}

/** Of an entry that the server itself has written; null: there is none. */
async function newestBody(db: Db, lessonId: string, key: string): Promise<unknown> {
  const entry = await db
    .selectFrom("room_entries as entry")
    .innerJoin("rooms as room", (join) =>
      join.onRef("room.lesson_id", "=", "entry.lesson_id").onRef("room.epoch", "=", "entry.epoch"),
    )
    .select("entry.body")
    .where("entry.lesson_id", "=", lessonId)
    .where("entry.key", "=", key)
    .orderBy("entry.seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return entry?.body ?? null;
}

/** Whether any page of the board was shown in a lesson. */
export async function hasShownPages(db: Db, lessonId: string): Promise<boolean> {
  const shown = await db
    .selectFrom("room_entries")
    .select("id")
    .where("lesson_id", "=", lessonId)
    .where("key", "=", SHOWN_KEY)
    .where(sql<boolean>`body ->> 'page' is not null`)
    .limit(1)
    .executeTakeFirst();
  return shown !== undefined;
}
