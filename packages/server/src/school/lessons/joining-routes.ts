/** Joining lessons, by people of the school and by guests with the code; who has joined, and taking people out. */

import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { ID } from "../../platform/id.ts";
import {
  id,
  idParam,
  invitationShape,
  joinBody,
  joinedShape,
  pageOf,
  paging,
  participantShape,
  troubleReport,
} from "../requests/fields.ts";
import { type Desk, requires, STAFF, toPage } from "../requests/route-context.ts";
import type { Lesson, Participant } from "../store/tables.ts";
import { joinLesson, signedPlayUrls } from "./join.ts";
import { newCode } from "./join-code.ts";
import { findLesson } from "./lesson.ts";
import { activeLessons, findLessonByCode, rejectUnknownLesson } from "./lesson-by-code.ts";
import { lessonResponse } from "./lesson-shape.ts";

const TAG = "Joining";

export function joiningRoutes({ db, changes, signIn, streams, log }: Desk): ApiRoute[] {
  return [
    route({
      id: "getInvitation",
      method: "GET",
      path: "/invitations/:code",
      tag: TAG,
      summary: "What somebody with a join code may know before joining",
      access: "everybody",
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
    }),
    route({
      id: "joinLesson",
      method: "POST",
      path: "/lessons/:lessonId/join",
      tag: TAG,
      summary: "Join a lesson, or renew its links: as a member of the school, or as a guest with the code",
      access: "everybody",
      params: z.strictObject({ lessonId: z.string().max(40).describe("The lesson's id, or its join code.") }),
      body: joinBody.prefault({}),
      status: 200,
      answer: joinedShape,
      refusals: ["no-such-lesson", "guests-not-allowed", "removed-from-lesson", "lesson-ended", "lesson-full", "database-away"],
      handle: async ({ actor, params, body, origin, ip }) => {
        const byCode = ID.test(params.lessonId) ? (body.code ?? null) : params.lessonId;
        const lesson = byCode === null ? await lessonById(params.lessonId, ip) : await findLessonByCode(db, signIn, byCode, ip);
        if (ID.test(params.lessonId) && lesson.id !== params.lessonId) throw new RefusalError("no-such-lesson");
        const { body: joined } = await changes.transact({ actor }, async (change) => ({
          body: await joinLesson(change, actor, lesson, {
            name: body.name ?? null,
            token: body.token ?? null,
            hasCode: byCode !== null,
          }),
        }));
        const { participant, token } = joined;
        const hosts = { origin, rtmp: streams.rtmpOf(origin) };
        const signed = signedPlayUrls(lesson, participant.id, streams.linkSecret(), hosts);
        return {
          body: { viewer: participant.id, name: participant.name, token, lesson: lessonResponse(lesson, hosts, false), ...signed },
        };
      },
    }),
    route({
      id: "reportTrouble",
      method: "POST",
      path: "/lessons/:lessonId/trouble",
      tag: TAG,
      summary: "Say that something is wrong with the picture; the answer has a number by which the operator finds it in the log",
      access: "everybody",
      params: idParam("lessonId"),
      body: troubleReport,
      status: 202,
      answer: z.object({ trace: z.string().describe("To be read aloud: eight letters and digits.") }).meta({ id: "Trace" }),
      refusals: [],
      handle: async ({ params, body, ip, agent }) => {
        const trace = newCode();
        log.warn({ trace, lesson: params.lessonId, ip, agent, ...body }, "a viewer says that something is wrong");
        return { body: { trace } };
      },
    }),
    route({
      id: "listParticipants",
      method: "GET",
      path: "/lessons/:lessonId/participants",
      tag: TAG,
      summary: "Who has joined a lesson",
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
    }),
    route({
      id: "removeParticipant",
      method: "DELETE",
      path: "/lessons/:lessonId/participants/:participantId",
      tag: TAG,
      summary: "Take somebody out of a lesson: their links are void, and their picture stops at once",
      access: requires("lessons:write", ...STAFF),
      params: z.strictObject({ lessonId: id, participantId: id }),
      status: 204,
      answer: null,
      refusals: ["not-found", "refused-by-rule", "database-away"],
      handle: ({ actor, params }) =>
        changes.transact({ actor }, async (change) => {
          const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
          const gone = await change.trx
            .updateTable("participants")
            .set({ removed_at: new Date() })
            .where("id", "=", params.participantId)
            .where("lesson_id", "=", lesson.id)
            .returningAll()
            .executeTakeFirst();
          if (!gone) throw new RefusalError("not-found", "This person has not joined the lesson.");
          const target = { targetKind: "participant", targetId: gone.id };
          await change.audit({ action: "participant.remove", schoolId: lesson.school_id, ...target, after: { name: gone.name } });
          await change.emit("participant.removed", lesson.school_id, {
            lessonId: lesson.id,
            participantId: gone.id,
            name: gone.name,
          });
          change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
          return { body: null };
        }),
    }),
  ];

  async function lessonById(lessonId: string, ip: string): Promise<Lesson> {
    const lesson = await activeLessons(db).where("lessons.id", "=", lessonId).executeTakeFirst();
    return lesson ?? (await rejectUnknownLesson(signIn, ip));
  }
}

function participantResponse(participant: Participant) {
  return {
    id: participant.id,
    userId: participant.user_id,
    name: participant.name,
    role: participant.role,
    joinedAt: participant.joined_at,
    seenAt: participant.seen_at,
    removedAt: participant.removed_at,
  };
}
