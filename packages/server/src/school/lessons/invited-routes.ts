/** Serves the API routes for the people who are invited to a lesson: they may see and join it without being in its course. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { id, idParam } from "../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../foundation/requests/paging.ts";
import { requires, TEACHERS } from "../foundation/requests/permissions.ts";
import { findUser } from "../people/accounts/user.ts";
import { hourlyCounts } from "../people/limits/hourly-limits.ts";
import type { LessonContext } from "./change-lesson.ts";
import { invitedShape } from "./joining-shapes.ts";
import { findLesson } from "./lesson-rights.ts";

const TAG = "Joining";
const onePerson = z.strictObject({ lessonId: id, userId: id });

export function invitedRoutes(context: LessonContext): ApiRoute[] {
  return [listInvitedRoute(context), inviteRoute(context), uninviteRoute(context)];
}

function listInvitedRoute({ db }: LessonContext): ApiRoute {
  return route({
    id: "listInvited",
    method: "GET",
    path: "/lessons/:lessonId/invited",
    tag: TAG,
    summary: "List people who are invited to a lesson",
    access: requires("lessons:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    reads: "people",
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(invitedShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "teach");
      const rows = await db
        .selectFrom("lesson_invitations")
        .innerJoin("users", "users.id", "lesson_invitations.user_id")
        .select(["users.id", "users.login", "users.name"])
        .where("lesson_id", "=", lesson.id)
        .where("users.id", ">", cursor)
        .orderBy("users.id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, ({ id: userId, login, name }) => ({ userId, login, name })) };
    },
  });
}

function inviteRoute({ db, changes, hourly }: LessonContext): ApiRoute {
  return route({
    id: "invite",
    method: "PUT",
    path: "/lessons/:lessonId/invited/:userId",
    tag: TAG,
    summary: "Invite a person of the school to a lesson",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: onePerson,
    status: 200,
    answer: invitedShape,
    refusals: ["not-found", "refused-by-rule", "too-many", "database-away"],
    handle: async ({ actor, params }) => {
      // Only what would be an invitation counts, or people could be kept from being invited.
      await findLesson(db, actor, params.lessonId, "teach");
      const invited = await findUser(db, actor, params.userId);
      await hourly.admit(hourlyCounts("invitation", actor, invited.id));
      return await changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
        const { id: userId, school_id: schoolId, login, name } = await findUser(change.trx, actor, params.userId);
        if (schoolId !== lesson.school_id) throw new RefusalError("not-found", schoolText("no-person-in-school"));
        const row = { lesson_id: lesson.id, user_id: userId };
        await change.trx
          .insertInto("lesson_invitations")
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const target = { schoolId, targetKind: "lesson", targetId: lesson.id };
        await change.audit({ action: "lesson.invite", ...target, after: row });
        return { body: { userId, login, name } };
      });
    },
  });
}

function uninviteRoute({ changes }: LessonContext): ApiRoute {
  return route({
    id: "uninvite",
    method: "DELETE",
    path: "/lessons/:lessonId/invited/:userId",
    tag: TAG,
    summary: "Take back an invitation; a person who watches is disconnected",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: onePerson,
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
        const removed = await change.trx
          .deleteFrom("lesson_invitations")
          .where("lesson_id", "=", lesson.id)
          .where("user_id", "=", params.userId)
          .returningAll()
          .executeTakeFirst();
        if (!removed) throw new RefusalError("not-found", schoolText("no-person"));
        const target = { schoolId: lesson.school_id, targetKind: "lesson", targetId: lesson.id };
        await change.audit({ action: "lesson.uninvite", ...target, before: removed });
        return { body: null };
      }),
  });
}
