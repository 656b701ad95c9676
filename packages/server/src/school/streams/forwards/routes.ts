/** Serves the API routes for forwards: services that the stream of a lesson is sent on to. Who teaches the lesson sees and changes them. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Forward } from "../../foundation/store/stream-tables.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import type { JobControl } from "../jobs/job-control.ts";
import { jobStates } from "../jobs/job-state.ts";
import { coveredAddress, shownForward, withStored } from "../sources/addresses.ts";
import { changedForward, forwardResponse, forwardShape, newForward } from "./shapes.ts";

export type ForwardContext = RouteContext & { readonly jobs: JobControl };

const TAG = "Forwards";
const MAX_FORWARDS = 5;
const LIMIT = { max: MAX_FORWARDS, refusal: schoolText("too-many-forwards", { max: MAX_FORWARDS }) };

export function forwardRoutes(context: ForwardContext): ApiRoute[] {
  return [
    listForwardsRoute(context),
    listLessonForwardsRoute(context),
    createForwardRoute(context),
    getForwardRoute(context),
    changeForwardRoute(context),
    deleteForwardRoute(context),
  ];
}

function listForwardsRoute({ db, storedSecrets, jobs }: ForwardContext): ApiRoute {
  return route({
    id: "listForwards",
    method: "GET",
    path: "/forwards",
    tag: TAG,
    summary: "List the forwards of all lessons of a school, with their states",
    access: requires("lessons:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(forwardShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("forwards")
        .innerJoin("lessons", "lessons.id", "forwards.lesson_id")
        .selectAll("forwards")
        .where("lessons.deleted_at", "is", null)
        .where("forwards.id", ">", cursor)
        .orderBy("forwards.id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("lessons.school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, await presentForwards(jobs, storedSecrets)) };
    },
  });
}

function listLessonForwardsRoute({ db, storedSecrets, jobs }: ForwardContext): ApiRoute {
  return route({
    id: "listLessonForwards",
    method: "GET",
    path: "/lessons/:lessonId/forwards",
    tag: TAG,
    summary: "List the forwards of a lesson, with their states",
    access: requires("lessons:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(forwardShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "teach");
      const rows = await db
        .selectFrom("forwards")
        .selectAll()
        .where("lesson_id", "=", lesson.id)
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, await presentForwards(jobs, storedSecrets)) };
    },
  });
}

function createForwardRoute({ changes, storedSecrets, jobs }: ForwardContext): ApiRoute {
  return route({
    id: "createForward",
    method: "POST",
    path: "/lessons/:lessonId/forwards",
    tag: TAG,
    summary: "Send a lesson's stream on to another service while it is live; at most five services",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("lessonId"),
    body: newForward,
    status: 201,
    answer: forwardShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: async ({ body, params, ...requester }) => {
      const present = await presentForwards(jobs, storedSecrets);
      return await changes.transact(requester, async (change) => {
        const lesson = await findLesson(change.trx, requester.actor, params.lessonId, "teach");
        await assertQuota(change.trx, "forwards", { lesson: lesson.id }, LIMIT);
        const url = completeUrl(body.url, null);
        const forwardId = newId();
        const row = {
          id: forwardId,
          lesson_id: lesson.id,
          title: body.title,
          secret_url: storedSecrets.encrypt("forwards", forwardId, url),
          enabled: body.enabled,
        };
        const forward = await change.trx.insertInto("forwards").values(row).returningAll().executeTakeFirstOrThrow();
        const target = { schoolId: lesson.school_id, targetKind: "forward", targetId: forwardId };
        await change.audit({ action: "forward.create", ...target, after: { ...forward, url: shownForward(url) } });
        return { body: present(forward) };
      });
    },
  });
}

function getForwardRoute({ db, storedSecrets, jobs }: ForwardContext): ApiRoute {
  return route({
    id: "getForward",
    method: "GET",
    path: "/forwards/:forwardId",
    tag: TAG,
    summary: "Get a forward with its state",
    access: requires("lessons:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("forwardId"),
    status: 200,
    answer: forwardShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params }) => {
      const { forward } = await findForward(db, actor, params.forwardId);
      return { body: (await presentForwards(jobs, storedSecrets))(forward) };
    },
  });
}

function changeForwardRoute({ changes, storedSecrets, jobs }: ForwardContext): ApiRoute {
  return route({
    id: "changeForward",
    method: "PATCH",
    path: "/forwards/:forwardId",
    tag: TAG,
    summary: "Change a forward; an address that is sent back as it was shown keeps its key",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("forwardId"),
    body: changedForward,
    status: 200,
    answer: forwardShape,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      const present = await presentForwards(jobs, storedSecrets);
      return await changes.transact({ actor }, async (change) => {
        const { forward: before, lesson } = await findForward(change.trx, actor, params.forwardId);
        checkVersion(before, ifMatch);
        const stored = storedSecrets.decrypt("forwards", before.id, before.secret_url);
        const url = body.url === undefined ? stored : completeUrl(body.url, stored);
        const columns = definedFields({
          title: body.title,
          enabled: body.enabled,
          secret_url: body.url === undefined || url === null ? undefined : storedSecrets.encrypt("forwards", before.id, url),
        });
        const after = await updateRow(change, "forwards", before, columns);
        await change.audit({
          action: "forward.change",
          schoolId: lesson.school_id,
          targetKind: "forward",
          targetId: before.id,
          before: { ...before, url: stored && shownForward(stored) },
          after: { ...after, url: url && shownForward(url) },
        });
        return { body: present(after) };
      });
    },
  });
}

function deleteForwardRoute({ changes }: ForwardContext): ApiRoute {
  return route({
    id: "deleteForward",
    method: "DELETE",
    path: "/forwards/:forwardId",
    tag: TAG,
    summary: "Delete a forward; the stream is not sent there any more",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("forwardId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const { forward: before, lesson } = await findForward(change.trx, actor, params.forwardId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "forwards", before);
        const target = { schoolId: lesson.school_id, targetKind: "forward", targetId: before.id };
        await change.audit({ action: "forward.delete", ...target, before });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found where the actor may not see its lesson, refused-by-rule where the actor does not teach it */
async function findForward(
  db: Db,
  actor: Actor,
  forwardId: string,
): Promise<{ readonly forward: Forward; readonly lesson: Lesson }> {
  const forward = await db.selectFrom("forwards").selectAll().where("id", "=", forwardId).executeTakeFirst();
  if (!forward) throw noSuchForward();
  const lesson = await findLesson(db, actor, forward.lesson_id, "teach").catch((error: unknown) => {
    throw error instanceof RefusalError && error.refusal.code === "not-found" ? noSuchForward() : error;
  });
  return { forward, lesson };
}

async function presentForwards(jobs: JobControl, secrets: StoredSecrets) {
  const states = await jobStates(jobs, "forward");
  return (forward: Forward) => forwardResponse(forward, secrets.decrypt("forwards", forward.id, forward.secret_url), states);
}

/** @throws RefusalError bad-request, where the key is covered and the rest is not as it was shown */
function completeUrl(sent: string, stored: string | null): string {
  const urls = withStored([sent], stored === null ? [] : [stored], shownForward);
  if ("covered" in urls) throw coveredAddress("url");
  return urls[0] ?? sent;
}

function noSuchForward(): RefusalError {
  return new RefusalError("not-found", schoolText("no-forward"));
}
