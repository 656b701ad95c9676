/** Serves the API route for the texts of a lesson that wait for staff. */
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { RoomEntryTable } from "../../foundation/store/room-tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { entryOf } from "../entry-store.ts";
import { type HeldLine, heldKey, heldLineOf } from "./held-line.ts";

const heldTextShape = z
  .object({
    id,
    at: time,
    kind: z.string().describe("chat, danmaku or question."),
    text: z.string(),
    person: z.object({ id: z.string(), name: z.string(), role: z.string() }),
    reason: z.string().describe("Names of the word lists that hold it, or what the school's own check answered; may be empty."),
  })
  .meta({ id: "HeldText" });

export function heldTextRoutes(context: RouteContext): ApiRoute[] {
  return [listHeldTextsRoute(context)];
}

function listHeldTextsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listHeldTexts",
    method: "GET",
    path: "/lessons/:lessonId/room/held",
    tag: "Rooms",
    summary: "List texts that wait until staff approve or refuse them; oldest first",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: { unlogged: "part of teaching the lesson, as its chat" },
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(heldTextShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const { rows } = await sql<Selectable<RoomEntryTable>>`
        select * from (
          select distinct on (key) * from room_entries
          where lesson_id = ${lesson.id} and key like ${`${heldKey("")}%`} and key > ${heldKey(cursor)}
          order by key, at desc, seq desc
        ) as newest where not gone order by key limit ${limit + 1}`.execute(db);
      const held = rows.flatMap((row) => {
        const line = heldLineOf(entryOf(row));
        return line ? [{ ...line, id: line.ref, at: row.at }] : [];
      });
      return { body: toPage(held, limit, heldTextResponse) };
    },
  });
}

function heldTextResponse({
  id: ref,
  at,
  textKind: kind,
  text,
  person,
  reason,
}: HeldLine & { readonly id: string; readonly at: Date }) {
  return { id: ref, at, kind, text, person, reason };
}
