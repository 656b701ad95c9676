/** API routes for joining lessons, as a member of the school or as a guest, and for their participants. */
import { z } from "zod";
import { everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { addressOwner } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { ID } from "../../platform/id.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal } from "../../platform/refusal.ts";
import { schoolText } from "../messages/school-texts.ts";
import { id, idParam } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { requires, STAFF } from "../requests/permissions.ts";
import type { Db, Lesson, Participant } from "../store/tables.ts";
import type { LessonContext } from "./change-lesson.ts";
import { joinLesson } from "./join.ts";
import { newCode } from "./join-code.ts";
import { invitationShape, joinBody, joinedShape, participantResponse, participantShape, troubleReport } from "./joining-shapes.ts";
import { findActiveLesson, findLessonByCode } from "./lesson-by-code.ts";
import { findLesson } from "./lesson-rights.ts";
import { signedPlayUrls } from "./play-urls.ts";
import { GUEST_READER, lessonResponse } from "./shapes.ts";

const TAG = "Joining";

export function joiningRoutes(context: LessonContext): ApiRoute[] {
  return [
    getInvitationRoute(context),
    joinLessonRoute(context),
    reportTroubleRoute(context),
    listParticipantsRoute(context),
    removeParticipantRoute(context),
    readmitParticipantRoute(context),
  ];
}

function getInvitationRoute({ db, signIn }: LessonContext): ApiRoute {
  return route({
    id: "getInvitation",
    method: "GET",
    path: "/invitations/:code",
    tag: TAG,
    summary: "Get the invitation behind a join code, before joining",
    access: everybody("lessons:read"),
    params: z.strictObject({ code: z.string().max(40) }),
    status: 200,
    answer: invitationShape,
    refusals: ["no-such-lesson", "database-away"],
    handle: async ({ params, ip }) => {
      const lesson = await findLessonByCode(db, signIn, params.code, ip);
      const { school, teacher } = await db
        .selectFrom("schools")
        .leftJoin("users", (join) => join.on("users.id", "=", lesson.teacher_id))
        .select(["schools.name as school", "users.name as teacher"])
        .where("schools.id", "=", lesson.school_id)
        .executeTakeFirstOrThrow();
      const { id: lessonId, title, state, starts_at: startsAt, ends_at: endsAt, started_at: startedAt, guests } = lesson;
      return { body: { lessonId, title, school, teacher, state, startsAt, endsAt, startedAt, guests } };
    },
  });
}

function joinLessonRoute({ db, changes, signIn, streams }: LessonContext): ApiRoute {
  return route({
    id: "joinLesson",
    method: "POST",
    path: "/lessons/:lessonId/join",
    tag: TAG,
    summary: "Join a lesson, or renew its links: as a member of the school, or as a guest with the code",
    access: everybody("lessons:read"),
    params: z.strictObject({ lessonId: z.string().max(40).describe("The lesson's id, or its join code.") }),
    body: joinBody.prefault({}),
    status: 200,
    answer: joinedShape,
    refusals: ["no-such-lesson", "guests-not-allowed", "removed-from-lesson", "lesson-ended", "lesson-full", "database-away"],
    handle: async ({ actor, params, body, origin, ip }) => {
      const code = ID.test(params.lessonId) ? (body.code ?? null) : params.lessonId;
      const lesson =
        code === null ? await findActiveLesson(db, signIn, params.lessonId, ip) : await findLessonByCode(db, signIn, code, ip);
      if (ID.test(params.lessonId) && lesson.id !== params.lessonId) throw new RefusalError("no-such-lesson");
      const { body: joined } = await changes.transact({ actor }, async (change) => ({
        body: await joinLesson(change, actor, lesson, {
          name: body.name ?? null,
          token: body.token ?? null,
          hasCode: code !== null,
        }),
      }));
      const { participant, token } = joined;
      const hosts = { origin, rtmp: streams.rtmpOf(origin) };
      const signed = signedPlayUrls(lesson, participant.id, streams.linkSecret(), hosts);
      return {
        body: {
          viewer: participant.id,
          name: participant.name,
          token,
          lesson: lessonResponse(lesson, hosts, GUEST_READER),
          ...signed,
        },
      };
    },
  });
}

/** Problem reports of one person, and of one address, which a whole school may share. */
const REPORTS_OF_PERSON = { burst: 5, perSecond: 1 / 20 };
const REPORTS_OF_ADDRESS = { burst: 60, perSecond: 1 };

function reportTroubleRoute({ log }: LessonContext): ApiRoute {
  const ofPerson = new RateLimit(REPORTS_OF_PERSON);
  const ofAddress = new RateLimit(REPORTS_OF_ADDRESS);
  const throttle = new LogThrottle(systemClock, (count) => log.warn({ count }, "playback problem reports suppressed"));
  return route({
    id: "reportTrouble",
    method: "POST",
    path: "/lessons/:lessonId/trouble",
    tag: TAG,
    summary: "Report a playback problem; the answer has a trace code by which the operator finds the report in the log",
    access: everybody("lessons:read"),
    params: idParam("lessonId"),
    body: troubleReport,
    status: 202,
    answer: z.object({ trace: z.string().describe("Eight letters and digits, to read aloud.") }).meta({ id: "Trace" }),
    refusals: [],
    handle: async ({ actor, params, body, ip, agent }) => {
      // Guests are counted by their address: the participant that they name is not verified.
      const seconds = (actor.id === null ? 0 : ofPerson.take([actor.id])) || ofAddress.take([addressOwner(ip)]);
      if (seconds > 0) throw new RefusalError(new Refusal("too-many", schoolText("trouble-limit")).after(seconds));
      const trace = newCode();
      const report = { trace, lesson: params.lessonId, ip, agent, ...body };
      if (throttle.allow()) log.warn(report, "viewer reported a playback problem");
      return { body: { trace } };
    },
  });
}

function listParticipantsRoute({ db }: LessonContext): ApiRoute {
  return route({
    id: "listParticipants",
    method: "GET",
    path: "/lessons/:lessonId/participants",
    tag: TAG,
    summary: "List participants of a lesson",
    access: requires("lessons:read", ...STAFF),
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(participantShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const rows = await db
        .selectFrom("participants")
        .selectAll()
        .where("lesson_id", "=", lesson.id)
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, participantResponse) };
    },
  });
}

function removeParticipantRoute({ changes, streams }: LessonContext): ApiRoute {
  return route({
    id: "removeParticipant",
    method: "DELETE",
    path: "/lessons/:lessonId/participants/:participantId",
    tag: TAG,
    summary: "Remove another participant: their links stop working, and playback stops immediately",
    access: requires("lessons:write", ...STAFF),
    params: z.strictObject({ lessonId: id, participantId: id }),
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "conflict", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const participant = await findParticipantById(change.trx, lesson, params.participantId);
        if (actor.kind === "user" && participant.user_id === actor.id)
          throw new RefusalError("conflict", schoolText("own-participant"));
        const removed = await change.trx
          .updateTable("participants")
          .set({ removed_at: new Date() })
          .where("id", "=", params.participantId)
          .where("lesson_id", "=", lesson.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { targetKind: "participant", targetId: removed.id };
        await change.audit({ action: "participant.remove", schoolId: lesson.school_id, ...target, after: { name: removed.name } });
        await change.emit("participant.removed", lesson.school_id, {
          lessonId: lesson.id,
          participantId: removed.id,
          name: removed.name,
        });
        change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: null };
      }),
  });
}

function readmitParticipantRoute({ changes, streams }: LessonContext): ApiRoute {
  return route({
    id: "readmitParticipant",
    method: "POST",
    path: "/lessons/:lessonId/participants/:participantId/readmit",
    tag: TAG,
    summary: "Undo the removal of a participant, who may join again",
    access: requires("lessons:write", ...STAFF),
    params: z.strictObject({ lessonId: id, participantId: id }),
    status: 200,
    answer: participantShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const before = await findParticipantById(change.trx, lesson, params.participantId);
        if (before.removed_at === null) return { body: participantResponse(before) };
        const readmitted = await change.trx
          .updateTable("participants")
          .set({ removed_at: null })
          .where("id", "=", before.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { targetKind: "participant", targetId: before.id };
        await change.audit({ action: "participant.readmit", schoolId: lesson.school_id, ...target, after: { name: before.name } });
        change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: participantResponse(readmitted) };
      }),
  });
}

/** @throws RefusalError not-found */
async function findParticipantById(db: Db, lesson: Lesson, participantId: string): Promise<Participant> {
  const found = await db
    .selectFrom("participants")
    .selectAll()
    .where("id", "=", participantId)
    .where("lesson_id", "=", lesson.id)
    .executeTakeFirst();
  if (!found) throw new RefusalError("not-found", schoolText("not-a-participant"));
  return found;
}
