/** Serves the API routes for the staff of a lesson: who is in the room, who was, and who has signed in. */
import { z } from "zod";
import { ROLES } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { systemClock } from "../../../platform/clock.ts";
import { writeCsv } from "../../foundation/requests/csv.ts";
import { id, idParam, search, time } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { SigninRound } from "../../foundation/store/presence-tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { countSigned, type SigninCount, stateOf } from "../sign-in/signin-rounds.ts";
import { attendanceColumns, roundsOf, wholeAttendance } from "./attendance-export.ts";
import { attendanceOf } from "./attendance-report.ts";
import { MAX_DIFFERENCES, peoplePage, peopleSince, roomNow } from "./people-now.ts";

const TAG = "Rooms";
const role = z.enum([...ROLES, "guest"]);

export function presenceRoutes(context: RouteContext): ApiRoute[] {
  return [
    listRoomPeopleRoute(context),
    listAttendanceRoute(context),
    exportLessonAttendanceRoute(context),
    listSigninsRoute(context),
  ];
}

const personShape = z
  .object({
    id: id.describe("The participant's id."),
    userId: id.nullable(),
    name: z.string(),
    role,
    since: time,
    device: z.string().describe("For example `phone, Chrome`."),
  })
  .meta({ id: "RoomMember" });

function listRoomPeopleRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listRoomPeople",
    method: "GET",
    path: "/lessons/:lessonId/room/people",
    tag: TAG,
    summary: "List who is in the room of a lesson now, by name; or, with `since`, what has changed",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "people",
    params: idParam("lessonId"),
    query: z.strictObject({
      ...paging,
      search: search.describe("Part of a name."),
      since: z.coerce
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .optional()
        .describe(`A \`version\` of an earlier answer: the answer has up to ${MAX_DIFFERENCES} people who came or left after it.`),
    }),
    status: 200,
    answer: pageOf(personShape).extend({
      version: z
        .int()
        .describe("Pages that have the list ask for the differences since it, when the signal `roster` tells a greater one."),
      count: z.int().describe("How many are in the room."),
      left: z.array(id).describe("Participants who have left since `since`."),
      again: z.boolean().describe("More has changed since `since` than one answer has: read the list again."),
    }),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { since, ...query } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const { version, count } = await roomNow(db, lesson.id, systemClock.utc());
      const about = { version, count, left: [] as string[], again: false };
      const nobody = { ...about, items: [], nextCursor: null };
      if (since !== undefined) {
        const differences = since > version ? null : await peopleSince(db, lesson.id, since);
        return { body: differences ? { ...nobody, ...differences } : { ...nobody, again: true } };
      }
      if (count === 0) return { body: nobody };
      return { body: { ...about, ...(await peoplePage(db, lesson.id, query)) } };
    },
  });
}

const attendedShape = z
  .object({
    id: id.describe("The participant's id; of those who were absent, the person's."),
    participantId: id.nullable(),
    userId: id.nullable(),
    externalId: z.string().nullable(),
    name: z.string(),
    role,
    status: z
      .enum(["present", "absent", "guest"])
      .describe("present: joined. absent: a student of the course who did not join. guest: joined, and was not expected."),
    inRoom: z.boolean(),
    firstAt: time.nullable(),
    lastAt: time.nullable(),
    seconds: z.int().describe("In the room, also before and after the lesson."),
    lessonSeconds: z.int().describe("In the room while the lesson went on."),
    devices: z.array(z.string()),
    intervals: z.array(z.object({ from: time, to: time.nullable().describe("Null: still there."), device: z.string() })),
    signins: z.array(z.object({ ref: id, at: time, late: z.boolean() })),
    stars: z.int().describe("That staff gave in the room."),
  })
  .meta({ id: "Attended" });

function listAttendanceRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listAttendance",
    method: "GET",
    path: "/lessons/:lessonId/attendance",
    tag: TAG,
    summary: "List when each participant of a lesson was in the room, who signed in, and who of the course did not come",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "attendance",
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(attendedShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor: after = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      return { body: await attendanceOf(db, lesson, { limit, after, now: systemClock.utc() }) };
    },
  });
}

function exportLessonAttendanceRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportLessonAttendance",
    method: "GET",
    path: "/lessons/:lessonId/attendance/export",
    tag: TAG,
    summary: "Export the attendance of a lesson as CSV for spreadsheets, with a column for each sign-in; no cell is a formula",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "export",
    params: idParam("lessonId"),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const rounds = await roundsOf(db, lesson.id);
      const rows = await wholeAttendance(db, lesson, systemClock.utc());
      const headers = { "content-disposition": `attachment; filename="attendance-${lesson.id}.csv"` };
      return { body: writeCsv(attendanceColumns(rounds), rows), headers };
    },
  });
}

const signinShape = z
  .object({
    ref: id,
    title: z.string(),
    state: z.enum(["open", "late", "closed"]).describe("late: people who sign now are noted as late."),
    code: z.string().nullable().describe("Four digits that people need; null: none."),
    lateAllowed: z.boolean(),
    openedAt: time,
    closesAt: time.nullable(),
    closedAt: time.nullable(),
    signed: z.int(),
    late: z.int().describe("Of those who signed."),
  })
  .meta({ id: "Signin" });

function listSigninsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listSignins",
    method: "GET",
    path: "/lessons/:lessonId/signins",
    tag: TAG,
    summary: "List the sign-ins that staff have called in a lesson, with how many signed; listAttendance has who",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(signinShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const rows = await db
        .selectFrom("signin_rounds")
        .selectAll()
        .where("lesson_id", "=", lesson.id)
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const refs = rows.map(({ id: ref }) => ref);
      const count = await countSigned(db, refs);
      return { body: toPage(rows, limit, (round) => signinResponse(round, count(round.id))) };
    },
  });
}

function signinResponse(round: SigninRound, count: SigninCount) {
  const { id: ref, title, code, late_allowed: lateAllowed } = round;
  const times = { openedAt: round.opened_at, closesAt: round.closes_at, closedAt: round.closed_at };
  return { ref, title, code, lateAllowed, state: stateOf(round, systemClock.utc()), ...times, ...count };
}
