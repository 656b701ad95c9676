/** Serves the API routes that give out a person's data, and erase a person or a guest. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { Accepted } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { askForApproval } from "../../foundation/approvals/ask.ts";
import { approvalShape } from "../../foundation/approvals/present.ts";
import { reason } from "../../foundation/approvals/reason.ts";
import { needsSecondPerson } from "../../foundation/approvals/switches.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import type { AccountContext } from "../../people/accounts/account-context.ts";
import { checkMayManage } from "../../people/accounts/account-rights.ts";
import { userShape } from "../../people/accounts/shapes.ts";
import { findUser, userResponse } from "../../people/accounts/user.ts";
import { archiveOf, archiveShape } from "./archive.ts";
import { eraseGuest, erasePerson, guestState, personState } from "./erase-acts.ts";

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
    // A person has the own data.
    rights: ["++00000-", "+000000-"],
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
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    body: z.strictObject({
      login: z.string().max(200).describe("The person's login, so that nobody is erased by mistake."),
      reason,
    }),
    status: 200,
    answer: userShape,
    accepted: approvalShape,
    refusals: ["not-found", "conflict", "approval-needed", "too-many", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact<ReturnType<typeof userResponse> | Accepted<unknown>>({ actor }, async (change) => {
        const before = await findUser(change.trx, actor, params.userId);
        checkMayManage(actor, before.role);
        if (before.id === actor.id) throw new RefusalError("conflict", schoolText("own-account"));
        if (before.login !== body.login.trim().toLowerCase()) throw new RefusalError("conflict", schoolText("erase-login"));
        const { school_id: schoolId } = before;
        if (schoolId !== null && (await needsSecondPerson(change.trx, schoolId, "erase")))
          return await askForApproval(change, actor, {
            act: "erase-person",
            schoolId,
            target: { kind: "user", id: before.id },
            params: {},
            objectState: personState(before),
            reason: body.reason,
          });
        const after = await erasePerson(change, before, () => signIn.clearCache());
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
    rights: ["++------", "+0------"],
    params: z.strictObject({ lessonId: id, participantId: id }),
    status: 204,
    answer: null,
    accepted: approvalShape,
    refusals: ["not-found", "approval-needed", "conflict", "too-many", "database-away"],
    handle: ({ actor, params: { lessonId, participantId } }) =>
      changes.transact<null | Accepted<unknown>>({ actor }, async (change) => {
        const { school_id: schoolId } = await findLesson(change.trx, actor, lessonId, "teach");
        if (!(await needsSecondPerson(change.trx, schoolId, "erase"))) {
          await eraseGuest(change, actor, lessonId, participantId);
          return { body: null };
        }
        const objectState = await guestState(change.trx, schoolId, participantId);
        if (objectState !== `of lesson ${lessonId}`) throw new RefusalError("not-found", schoolText("not-a-participant"));
        return await askForApproval(change, actor, {
          act: "erase-guest",
          schoolId,
          target: { kind: "participant", id: participantId },
          params: { lessonId },
          objectState,
          reason: "",
        });
      }),
  });
}
