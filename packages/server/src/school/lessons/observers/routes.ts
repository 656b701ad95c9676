/** Serves the API routes for watchers: parents and inspectors who may watch a lesson for a time, each by a link of their own. */
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { hourlyCounts } from "../../people/limits/hourly-limits.ts";
import type { LessonContext } from "../change-lesson.ts";
import { endedParticipants } from "../ended-permissions.ts";
import { joinedAnswer, lessonView } from "../joined-answer.ts";
import { findLesson } from "../lesson-rights.ts";
import { createdObserverShape, newObserver, observerResponse, observerShape, watchingShape } from "./shapes.ts";
import { admitObserver, findWatching, type WatchingEnds } from "./watching.ts";

const TAG = "Joining";
const BEFORE_MS = 600_000;
/** Where the lesson has no planned end, or goes on after it. */
const DEFAULT_MS = 2 * 3600_000;
/** A window is for one lesson. */
const MAX_MS = 7 * 86_400_000;
/** Televisions count apart, for each person who lets them in. */
const LIMIT = { max: 2000, refusal: schoolText("too-many-watchers"), counted: sql<SqlBool>`screen_of is null` };
/** Tries of links from one address: a whole school may share it. */
const TRIES = { burst: 300, perSecond: 5 };

export type ObserverContext = LessonContext & { readonly watchingEnds: WatchingEnds };

export function observerRoutes(context: ObserverContext): ApiRoute[] {
  return [listObserversRoute(context), createObserverRoute(context), revokeObserverRoute(context), watchRoute(context)];
}

function listObserversRoute({ db }: ObserverContext): ApiRoute {
  return route({
    id: "listWatchers",
    method: "GET",
    path: "/lessons/:lessonId/watchers",
    tag: TAG,
    summary: "List parents and inspectors who may watch a lesson, and whether they did",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "people",
    params: idParam("lessonId"),
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(observerShape),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor = "" } }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const rows = await db
        .selectFrom("watchers")
        .leftJoin("users", "users.id", "watchers.child_id")
        .selectAll("watchers")
        .select("users.name as child")
        .where("lesson_id", "=", lesson.id)
        .where("watchers.id", ">", cursor)
        .orderBy("watchers.id")
        .limit(limit + 1)
        .execute();
      return { body: toPage(rows, limit, observerResponse) };
    },
  });
}

function createObserverRoute({ changes, hourly }: ObserverContext): ApiRoute {
  return route({
    id: "createWatcher",
    method: "POST",
    path: "/lessons/:lessonId/watchers",
    tag: TAG,
    summary: "Invite a parent or an inspector to watch a lesson for a time; the answer has the link",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    body: newObserver,
    status: 201,
    answer: createdObserverShape,
    refusals: ["not-found", "refused-by-rule", "conflict", "too-many", "database-away"],
    handle: async ({ actor, params, body, origin }) => {
      await hourly.admit(hourlyCounts("invitation", actor, body.childId ?? actor.id ?? ""));
      return await changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const child = body.childId === undefined ? null : await findChild(change, lesson, body.childId);
        await assertQuota(change.trx, "watchers", { lesson: lesson.id }, LIMIT);
        const { from, to } = timeOf(lesson, body);
        const secret = newSecret();
        const watcher = await change.trx
          .insertInto("watchers")
          .values({
            id: newId(),
            lesson_id: lesson.id,
            child_id: child?.id ?? null,
            name: body.name,
            chat: body.chat,
            secret_hash: hashSecret(secret),
            from_at: from,
            to_at: to,
            participant_id: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit(change, lesson, "watcher.create", { watcher: watcher.id, name: watcher.name });
        const link = `${origin}/watch#${secret}`;
        return { body: { ...observerResponse({ ...watcher, child: child?.name ?? null }), link } };
      });
    },
  });
}

function revokeObserverRoute({ changes, streams }: ObserverContext): ApiRoute {
  return route({
    id: "revokeWatcher",
    method: "DELETE",
    path: "/lessons/:lessonId/watchers/:watcherId",
    tag: TAG,
    summary: "Take back a watcher's link; one who watches is disconnected",
    access: requires("lessons:write", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: z.strictObject({ lessonId: id, watcherId: id }),
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "assist");
        const revoked = await change.trx
          .updateTable("watchers")
          .set({ revoked_at: new Date() })
          .where("id", "=", params.watcherId)
          .where("lesson_id", "=", lesson.id)
          .returning(["id", "name"])
          .executeTakeFirst();
        if (!revoked) throw new RefusalError("not-found", schoolText("no-watching"));
        await audit(change, lesson, "watcher.revoke", { watcher: revoked.id, name: revoked.name });
        change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: null };
      }),
  });
}

function watchRoute(context: ObserverContext): ApiRoute {
  const { db, changes, watchingEnds } = context;
  const tries = new RateLimit(TRIES);
  return route({
    id: "watch",
    method: "POST",
    path: "/watch",
    tag: TAG,
    summary: "Open the lesson of a watcher's link, or renew its links",
    access: everybody("lessons:read"),
    // The link is nobody's.
    rights: ["00000000", null],
    body: z.strictObject({ secret: z.string().min(1).max(100).describe("What follows `#` in the link.") }),
    status: 200,
    answer: watchingShape,
    refusals: [
      "not-found",
      "watching-not-yet",
      "watching-over",
      "removed-from-lesson",
      "lesson-ended",
      "too-many",
      "database-away",
    ],
    handle: async ({ actor, body, ip, origin }) => {
      assertRate(tries, [addressOwner(ip)]);
      const { body: found } = await changes.transact({ actor }, async (change) => {
        const watching = await findWatching(change.trx, body.secret, Date.now());
        return { body: { ...watching, participant: await admitObserver(change.trx, watching) } };
      });
      const { watcher, lesson, child, participant } = found;
      watchingEnds.plan(watcher.id, watcher.to_at, lesson);
      // A television is out with the person who let it in.
      if (watcher.screen_of !== null && (await endedParticipants(db, lesson.id, [participant.id])).length > 0)
        throw new RefusalError("watching-over");
      const view = await lessonView(db, lesson);
      const joined = joinedAnswer(context.streams, { lesson, participant, token: null, origin }, view);
      return { body: { ...joined, until: watcher.to_at, child } };
    },
  });
}

/** @throws RefusalError not-found */
async function findChild({ trx }: Change, { school_id: schoolId }: Lesson, childId: string) {
  const child = await trx
    .selectFrom("users")
    .select(["id", "name"])
    .where("id", "=", childId)
    .where("school_id", "=", schoolId)
    .where("role", "=", "student")
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (!child) throw new RefusalError("not-found", schoolText("no-person-in-school"));
  return child;
}

type RequestedTime = { readonly from?: string | undefined; readonly to?: string | undefined };

/** @throws RefusalError conflict */
function timeOf({ starts_at: startsAt, ends_at: endsAt }: Lesson, { from: requestedFrom, to: requestedTo }: RequestedTime) {
  const from = requestedFrom ? Date.parse(requestedFrom) : startsAt ? startsAt.getTime() - BEFORE_MS : Date.now();
  const end = endsAt?.getTime() ?? 0;
  const to = requestedTo
    ? Date.parse(requestedTo)
    : end > Math.max(from, Date.now())
      ? end
      : Math.max(from, Date.now()) + DEFAULT_MS;
  if (to <= from || to - from > MAX_MS || to <= Date.now()) throw new RefusalError("conflict", schoolText("watching-time"));
  return { from: new Date(from), to: new Date(to) };
}

function audit(change: Change, lesson: Lesson, action: string, after: Readonly<Record<string, unknown>>): Promise<void> {
  return change.audit({ action, schoolId: lesson.school_id, targetKind: "lesson", targetId: lesson.id, after });
}
