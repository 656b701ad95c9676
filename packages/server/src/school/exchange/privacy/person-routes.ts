/** Serves the API routes that give out a person's data, and erase a person or a guest. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import type { AccountContext } from "../../people/accounts/account-context.ts";
import { checkMayManage } from "../../people/accounts/account-rights.ts";
import { userShape } from "../../people/accounts/shapes.ts";
import { findUser, userEventData, userResponse } from "../../people/accounts/user.ts";
import { archiveOf, archiveShape } from "./archive.ts";
import { ERASED_PARTICIPANT, erasedColumns, eraseParticipants, eraseTraces } from "./erase.ts";

const TAG = "Data protection";

export function personDataRoutes(context: AccountContext): ApiRoute[] {
  return [archiveRoute(context), eraseUserRoute(context), eraseParticipantRoute(context)];
}

function archiveRoute({ db }: AccountContext): ApiRoute {
  return route({
    id: "getPersonArchive",
    method: "GET",
    path: "/users/:userId/archive",
    tag: TAG,
    summary: "Get everything stored about a person, in one document: for administrators, and for the person",
    access: requires("people:read", ...EVERY_ROLE),
    reads: "archive",
    params: idParam("userId"),
    status: 200,
    answer: archiveShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const isOwn = actor.kind === "user" && actor.id === params.userId;
      if (!isOwn && (actor.role === null || !ADMINISTRATORS.includes(actor.role)))
        throw new RefusalError("not-found", schoolText("no-person"));
      const user = await findUser(db, actor, params.userId);
      const archive = await archiveOf(db, user, actor);
      const disposition = `attachment; filename="person-${user.id}.json"`;
      return { body: archive, headers: { "content-disposition": disposition } };
    },
  });
}

function eraseUserRoute({ changes, signIn }: AccountContext): ApiRoute {
  return route({
    id: "eraseUser",
    method: "POST",
    path: "/users/:userId/erase",
    tag: TAG,
    summary: 'Erase a person for good: the name becomes "removed person"; recordings, attendance and counts stay',
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("userId"),
    body: z.strictObject({ login: z.string().max(200).describe("The person's login, so that nobody is erased by mistake.") }),
    status: 200,
    answer: userShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findUser(change.trx, actor, params.userId);
        checkMayManage(actor, before.role);
        if (before.id === actor.id) throw new RefusalError("conflict", schoolText("own-account"));
        if (before.login !== body.login.trim().toLowerCase()) throw new RefusalError("conflict", schoolText("erase-login"));
        const after = await updateRow(change, "users", before, erasedColumns(before, new Date()));
        await eraseTraces(change.trx, before);
        await change.audit({ action: "user.erase", schoolId: before.school_id, targetKind: "user", targetId: before.id });
        await change.emit("user.erased", before.school_id, userEventData(after));
        change.afterCommit(() => signIn.clearCache());
        return { body: userResponse(after, actor) };
      }),
  });
}

function eraseParticipantRoute({ changes }: AccountContext): ApiRoute {
  return route({
    id: "eraseParticipant",
    method: "POST",
    path: "/lessons/:lessonId/participants/:participantId/erase",
    tag: TAG,
    summary: "Erase the name of a guest in a lesson for good; the guest still counts",
    access: requires("people:write", ...ADMINISTRATORS),
    params: z.strictObject({ lessonId: id, participantId: id }),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
        const erased = await change.trx
          .updateTable("participants")
          .set(ERASED_PARTICIPANT)
          .where("id", "=", params.participantId)
          .where("lesson_id", "=", lesson.id)
          .returning("id")
          .executeTakeFirst();
        if (!erased) throw new RefusalError("not-found", schoolText("not-a-participant"));
        await eraseParticipants(change.trx, [erased.id]);
        await change.audit({
          action: "participant.erase",
          schoolId: lesson.school_id,
          targetKind: "participant",
          targetId: erased.id,
        });
        return { body: null };
      }),
  });
}
