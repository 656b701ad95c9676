/** Serves the API routes for the participants of a lesson: list them, let them in from the waiting room, remove them. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { Refusal } from "../../platform/refusal.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { flag, id, idParam, personWatermark } from "../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../foundation/requests/paging.ts";
import { requires, STAFF } from "../foundation/requests/permissions.ts";
import type { Change } from "../foundation/store/change.ts";
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { markColumn } from "../people/accounts/person-watermark.ts";
import { assertCapacity } from "./capacity.ts";
import type { LessonContext } from "./change-lesson.ts";
import { joinedEvent } from "./join.ts";
import { participantResponse, participantShape } from "./joining-shapes.ts";
import { findLesson } from "./lesson-rights.ts";
import { removeParticipant } from "./remove-participant.ts";

const TAG = "Joining";
const onePerson = z.strictObject({ lessonId: id, participantId: id });

export function participantRoutes(context: LessonContext): ApiRoute[] {
  return [
    listParticipantsRoute(context),
    admitParticipantRoute(context),
    removeParticipantRoute(context),
    readmitParticipantRoute(context),
  ];
}

function listParticipantsRoute({ db }: LessonContext): ApiRoute {
  return route({
    id: "listParticipants",
    method: "GET",
    path: "/lessons/:lessonId/participants",
    tag: TAG,
    summary: "List participants of a lesson",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "people",
    params: idParam("lessonId"),
    query: z.strictObject({ ...paging, mark: personWatermark.optional() }),
    status: 200,
    answer: pageOf(participantShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "", mark } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      let matching = db.selectFrom("participants").selectAll().where("lesson_id", "=", lesson.id).where("id", ">", cursor);
      if (mark) matching = matching.where(({ fn }) => markColumn(fn.coalesce("user_id", "id")), "=", mark);
      const rows = await matching
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, participantResponse) };
    },
  });
}

function admitParticipantRoute({ changes }: LessonContext): ApiRoute {
  return route({
    id: "admitParticipant",
    method: "POST",
    path: "/lessons/:lessonId/participants/:participantId/admit",
    tag: TAG,
    summary: "Let a guest in from the waiting room",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: onePerson,
    status: 200,
    answer: participantShape,
    refusals: ["not-found", "refused-by-rule", "conflict", "lesson-full", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const waiting = await findParticipant(change.trx, lesson, params.participantId);
        if (waiting.removed_at !== null || waiting.waiting_since === null)
          throw new RefusalError("conflict", schoolText("not-waiting"));
        await assertCapacity(change.trx, lesson, "guest");
        const admitted = await change.trx
          .updateTable("participants")
          .set({ waiting_since: null })
          .where("id", "=", waiting.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit(change, lesson, "participant.admit", admitted);
        const { event, data } = joinedEvent(admitted);
        await change.emit(event, lesson.school_id, data);
        return { body: participantResponse(admitted) };
      }),
  });
}

function removeParticipantRoute({ changes, streams }: LessonContext): ApiRoute {
  return route({
    id: "removeParticipant",
    method: "DELETE",
    path: "/lessons/:lessonId/participants/:participantId",
    tag: TAG,
    summary: "Remove another participant: their links and sessions stop working, and playback stops immediately",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: onePerson,
    query: z.strictObject({
      device: flag
        .optional()
        .describe("Also keeps out guests from the same device. Default: true for a person with an account, else false."),
    }),
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "conflict", "database-away"],
    handle: ({ actor, params, query }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const isOwn = (participant: Participant) => actor.kind === "user" && participant.user_id === actor.id;
        const result = await removeParticipant(change.trx, lesson, params.participantId, { isOwn, device: query.device });
        if (result instanceof Refusal) throw new RefusalError(result);
        const { removed, isNews } = result;
        await audit(change, lesson, "participant.remove", removed);
        const { id: participantId, name } = removed;
        // A second removal, which also keeps out the device, is no news.
        if (isNews) await change.emit("participant.removed", lesson.school_id, { lessonId: lesson.id, participantId, name });
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
    rights: ["+++0+---", "+0000---"],
    params: onePerson,
    status: 200,
    answer: participantShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const before = await findParticipant(change.trx, lesson, params.participantId);
        if (before.removed_at === null) return { body: participantResponse(before) };
        const readmitted = await change.trx
          .updateTable("participants")
          .set({ removed_at: null, device_removed: false })
          .where("id", "=", before.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit(change, lesson, "participant.readmit", readmitted);
        change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: participantResponse(readmitted) };
      }),
  });
}

/** @throws RefusalError not-found */
async function findParticipant(db: Db, lesson: Lesson, participantId: string): Promise<Participant> {
  const found = await db
    .selectFrom("participants")
    .selectAll()
    .where("id", "=", participantId)
    .where("lesson_id", "=", lesson.id)
    .executeTakeFirst();
  if (!found) throw new RefusalError("not-found", schoolText("not-a-participant"));
  return found;
}

function audit(change: Change, lesson: Lesson, action: string, { id: targetId, name }: Participant): Promise<void> {
  return change.audit({ action, schoolId: lesson.school_id, targetKind: "participant", targetId, after: { name } });
}
