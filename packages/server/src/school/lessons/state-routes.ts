/** Serves the API routes for the life cycle of lessons: delete, restore, start, end, a new publish key, a new join code. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { hashSecret, newSecret } from "../../platform/secrets.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { idParam } from "../foundation/requests/fields.ts";
import { requires, STAFF, TEACHERS } from "../foundation/requests/permissions.ts";
import { checkVersion } from "../foundation/store/change.ts";
import { updateRow } from "../foundation/store/update-row.ts";
import { hourlyCounts } from "../people/limits/hourly-limits.ts";
import { auditLesson, changeLesson, type LessonContext, lessonEventData } from "./change-lesson.ts";
import { newCode } from "./join-code.ts";
import { findLesson } from "./lesson-rights.ts";
import { endLesson, startLesson } from "./lesson-state.ts";
import { lessonShape } from "./shapes.ts";
import { leaveOut, takeBack } from "./weekly/exceptions.ts";

const TAG = "Lessons";

export function lessonStateRoutes(context: LessonContext): ApiRoute[] {
  return [
    deleteLessonRoute(context),
    restoreLessonRoute(context),
    startLessonRoute(context),
    endLessonRoute(context),
    rotateKeyRoute(context),
    rotateCodeRoute(context),
  ];
}

function deleteLessonRoute({ changes, streams }: LessonContext): ApiRoute {
  return route({
    id: "deleteLesson",
    method: "DELETE",
    path: "/lessons/:lessonId",
    tag: TAG,
    summary: "Move a lesson to the bin for 30 days; refused while it is live",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
        checkVersion(lesson, ifMatch);
        if (lesson.state === "live" || streams.isLive(lesson.stream_app, lesson.stream_name))
          throw new RefusalError("conflict", schoolText("lesson-live"));
        const after = await updateRow(change, "lessons", lesson, { deleted_at: new Date() });
        await leaveOut(change, lesson);
        await auditLesson(change, "lesson.delete", lesson, after);
        await change.emit("lesson.deleted", lesson.school_id, lessonEventData(lesson));
        change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: null };
      }),
  });
}

function restoreLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "restoreLesson",
    method: "POST",
    path: "/lessons/:lessonId/restore",
    tag: TAG,
    summary: "Restore a lesson from the bin",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: (call) =>
      changeLesson(
        context,
        { ...call, ifMatch: null },
        "teach",
        async (change, lesson) => {
          const series_edited = await takeBack(change, lesson);
          const after = await updateRow(change, "lessons", lesson, { deleted_at: null, series_edited });
          await auditLesson(change, "lesson.restore", lesson, after);
          await change.emit("lesson.restored", after.school_id, lessonEventData(after));
          return after;
        },
        true,
      ),
  });
}

function startLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "startLesson",
    method: "POST",
    path: "/lessons/:lessonId/start",
    tag: TAG,
    summary: "Start a lesson by hand, whether or not its stream is live",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: (call) =>
      changeLesson(context, { ...call, ifMatch: null }, "assist", (change, lesson) => startLesson(change, lesson, "hand")),
  });
}

function endLessonRoute(context: LessonContext): ApiRoute {
  return route({
    id: "endLesson",
    method: "POST",
    path: "/lessons/:lessonId/end",
    tag: TAG,
    summary: "End a lesson: disconnects its publisher and viewers; nobody can publish to it until it is started by hand",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: (call) =>
      changeLesson(context, { ...call, ifMatch: null }, "assist", async (change, lesson) => {
        change.afterCommit(() => void context.streams.end(lesson.stream_app, lesson.stream_name));
        return await endLesson(change, lesson, "hand");
      }),
  });
}

function rotateKeyRoute(context: LessonContext): ApiRoute {
  return route({
    id: "rotateKey",
    method: "POST",
    path: "/lessons/:lessonId/rotate-key",
    tag: TAG,
    summary: "Replace the publish key: the old key stops working immediately, and a publisher with it is disconnected",
    access: requires("publish-keys:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    body: z
      .strictObject({ disconnect: z.boolean().default(true).describe("false: a publisher with the old key stays connected.") })
      .prefault({}),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: (call) =>
      changeLesson(context, { ...call, ifMatch: null }, "teach", async (change, lesson) => {
        const former = call.body.disconnect ? null : hashSecret(lesson.publish_key);
        const after = await updateRow(change, "lessons", lesson, { publish_key: newSecret(), former_key_hash: former });
        await auditLesson(change, "lesson.rotate-key", lesson, after);
        if (call.body.disconnect) change.afterCommit(() => void context.streams.end(lesson.stream_app, lesson.stream_name));
        return after;
      }),
  });
}

function rotateCodeRoute(context: LessonContext): ApiRoute {
  return route({
    id: "rotateCode",
    method: "POST",
    path: "/lessons/:lessonId/rotate-code",
    tag: TAG,
    summary: "Replace the join code: new guests need the new one; guests who are inside stay",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    status: 200,
    answer: lessonShape,
    refusals: ["not-found", "refused-by-rule", "too-many", "database-away"],
    handle: async (call) => {
      await context.hourly.admit(hourlyCounts("code", call.actor));
      return await changeLesson(context, { ...call, ifMatch: null }, "teach", async (change, lesson) => {
        const after = await updateRow(change, "lessons", lesson, { code: newCode() });
        await auditLesson(change, "lesson.rotate-code", lesson, after);
        return after;
      });
    },
  });
}
