/** Serves the API routes of a lesson's room, for staff, members, bots and other systems: what it is like, what was said in it, and doing something in it. */
import { entryOnWire } from "@lectern/room";
import { z } from "zod";
import { type Actor, everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { addressOwner } from "../../platform/address.ts";
import { type Rate, RateLimit } from "../../platform/rate-limit.ts";
import { talkText } from "../foundation/messages/talk-texts.ts";
import { writeCsv } from "../foundation/requests/csv.ts";
import { idParam } from "../foundation/requests/fields.ts";
import { EVERY_ROLE, requires, STAFF } from "../foundation/requests/permissions.ts";
import { assertRate } from "../foundation/requests/request-rate.ts";
import type { RouteContext } from "../foundation/requests/route-context.ts";
import { findLesson } from "../lessons/lesson-rights.ts";
import { entryOf } from "./entry-store.ts";
import { ENTRY_COLUMNS } from "./room-export.ts";
import { readEntries } from "./room-reading.ts";
import { findReader, findRoomPerson } from "./room-requester.ts";
import { actionAnswer, actionResponse, kindField, roomAction, roomEntryShape, roomResponse, roomShape } from "./room-shapes.ts";
import type { RoomService } from "./rooms.ts";

export type RoomContext = RouteContext & { readonly rooms: RoomService };

const TAG = "Rooms";
const MAX_EXPORT = 10_000;
/** What one person or key does in one room. */
const ACTIONS: Rate = { burst: 100, perSecond: 20 };
/** What one person or key reads of one room. */
const READS: Rate = { burst: 60, perSecond: 10 };
/** What guests behind one address read of one room: a whole school may share it. */
const READS_OF_ADDRESS: Rate = { burst: 2000, perSecond: 200 };
const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export function roomRoutes(context: RoomContext): ApiRoute[] {
  const reads = new RateLimit(READS);
  return [
    getRoomRoute(context, reads),
    listEntriesRoute(context, reads),
    createEntryRoute(context),
    exportRoomRoute(context, reads),
  ];
}

/** @throws RefusalError too-many */
function limit(rate: RateLimit, { id, kind }: Pick<Actor, "id" | "kind">, lessonId: string): void {
  assertRate(rate, [`${id ?? kind} ${lessonId}`], talkText("too-many-requests"));
}

function getRoomRoute({ db, rooms }: RoomContext, reads: RateLimit): ApiRoute {
  return route({
    id: "getRoom",
    method: "GET",
    path: "/lessons/:lessonId/room",
    tag: TAG,
    summary: "Get what a lesson's room is like now: settings, people, the open quiz",
    access: requires("rooms:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    params: idParam("lessonId"),
    status: 200,
    answer: roomShape,
    refusals: ["not-found", "control-away", "database-away"],
    handle: async ({ actor, params: { lessonId } }) => {
      limit(reads, actor, lessonId);
      await findLesson(db, actor, lessonId, "see");
      return { body: roomResponse(lessonId, await rooms.content(lessonId)) };
    },
  });
}

function listEntriesRoute({ db }: RoomContext, reads: RateLimit): ApiRoute {
  const readsOfAddress = new RateLimit(READS_OF_ADDRESS);
  return route({
    id: "listRoomEntries",
    method: "GET",
    path: "/lessons/:lessonId/room/entries",
    tag: TAG,
    summary: "List what was said in a room, as far as the requester may see it: the last entries, or those before or after a place",
    access: everybody("rooms:read"),
    rights: ["+++0+++0", "+0000000"],
    reads: { unlogged: "what everybody in the lesson sees" },
    params: idParam("lessonId"),
    query: z.strictObject({
      kind: kindField.optional().describe("`chat`, `question` and so on; absent: all kinds but `stroke`."),
      before: place.optional().describe("Entries before this place (`seq`)."),
      after: place.optional().describe("The first entries after this place."),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      token: z.string().max(100).optional().describe("A guest's token of the lesson; people who are signed in need none."),
    }),
    status: 200,
    answer: z.object({
      epoch: z.string().describe("Of the room's log; empty before its first entry."),
      items: z.array(roomEntryShape).describe("In their order; of each key the newest entry."),
      hasMore: z.boolean().describe("Whether there are others, in the direction of reading."),
    }),
    refusals: ["not-found", "removed-from-lesson", "database-away"],
    handle: async ({ actor, params: { lessonId }, query: { token, ...query }, ip }) => {
      if (actor.kind === "nobody") limit(readsOfAddress, { id: addressOwner(ip), kind: actor.kind }, lessonId);
      else limit(reads, actor, lessonId);
      const reader = await findReader(db, actor, lessonId, token ?? null);
      const { epoch, rows, hasMore } = await readEntries(db, reader, query);
      return { body: { epoch, items: rows.map((row) => entryOnWire(epoch, entryOf(row))), hasMore } };
    },
  });
}

function createEntryRoute({ db, rooms }: RoomContext): ApiRoute {
  const actions = new RateLimit(ACTIONS);
  return route({
    id: "createRoomEntry",
    method: "POST",
    path: "/lessons/:lessonId/room/entries",
    tag: TAG,
    summary: "Do something in a room: write, ask, answer, open a quiz. Answered once it is stored",
    access: requires("rooms:write", ...EVERY_ROLE),
    // The student and the supervisor have not joined.
    rights: ["+++0+---", "+000000-"],
    params: idParam("lessonId"),
    body: roomAction,
    bodyLimit: 65_536,
    status: 200,
    answer: actionAnswer,
    refusals: [
      ...(["not-found", "refused-by-rule", "removed-from-lesson", "muted", "switched-off", "refused-words"] as const),
      ...([
        "conflict",
        "closed",
        "wrong-code",
        "no-such-lesson",
        "board-full",
        "too-large",
        "control-away",
        "database-away",
      ] as const),
    ],
    handle: async ({ actor, params: { lessonId }, body: { id, kind, mediaTime, ...body } }) => {
      limit(actions, actor, lessonId);
      const person = await findRoomPerson(db, actor, lessonId);
      return { body: actionResponse(id, await rooms.action(lessonId, person, { id, kind, mediaTime, body })) };
    },
  });
}

function exportRoomRoute({ db }: RoomContext, reads: RateLimit): ApiRoute {
  return route({
    id: "exportRoom",
    method: "GET",
    path: "/lessons/:lessonId/room/export",
    tag: TAG,
    summary: "Export what was said in a room, as CSV for spreadsheets; no cell is a formula",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "export",
    params: idParam("lessonId"),
    query: z.strictObject({
      kind: kindField.default("chat"),
      after: place.default(0).describe("The header Lectern-Next-Cursor of the page before."),
      limit: z.coerce.number().int().min(1).max(MAX_EXPORT).default(MAX_EXPORT).describe("Rows."),
    }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { lessonId }, query }) => {
      limit(reads, actor, lessonId);
      const lesson = await findLesson(db, actor, lessonId, "assist");
      const { rows, hasMore } = await readEntries(db, { lesson, isStaff: true, participant: null }, query);
      const headers = {
        "content-disposition": `attachment; filename="${query.kind}.csv"`,
        ...(hasMore ? { "lectern-next-cursor": String(rows.at(-1)?.seq) } : {}),
      };
      return { body: writeCsv(ENTRY_COLUMNS, rows), headers };
    },
  });
}
