/**
 * Serves the API routes that show a lesson on a television without typing there: the television shows a code, and a person who is in the lesson, or
 * may enter it, confirms the code on a phone (as in the device flow of RFC 8628). The television is a watcher of the lesson, and out with this
 * person.
 */
import { type SqlBool, sql } from "kysely";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Lesson, Participant } from "../../foundation/store/tables.ts";
import type { LessonContext } from "../change-lesson.ts";
import { WATCHING_MS } from "../ended-permissions.ts";
import { joinLesson } from "../join.ts";
import { findActiveLesson } from "../lesson-by-code.ts";
import { newScreenCode, readScreenCode } from "./screen-code.ts";
import { admittedScreen, admittedScreenShape, createdScreenShape, requestedScreen, screenShape } from "./shapes.ts";

const TAG = "Joining";
const EXPIRES_MS = 600_000;
const INTERVAL_SECONDS = 3;
/** A little more often than asked for: clocks of televisions are not exact. */
const ASKING = { burst: 10, perSecond: 0.5 };
/** New codes of one address: each of a school's televisions takes one in ten minutes. */
const CREATING = { burst: 60, perSecond: 0.5 };
/** After the planned end, or from now on, and no longer than `WATCHING_MS`; a lesson that ends takes the television out anyway. */
const STAYS_MS = 2 * 3600_000;
const MAX_SCREENS = 3;
/** For each person who lets them in; those that are over or out do not count. */
const LIMIT = {
  max: MAX_SCREENS,
  refusal: schoolText("too-many-screens", { max: MAX_SCREENS }),
  counted: sql<SqlBool>`revoked_at is null and to_at > now()`,
};

export function screenRoutes(context: LessonContext): ApiRoute[] {
  return [createScreenRoute(context), askScreenRoute(context), admitScreenRoute(context)];
}

function createScreenRoute({ db }: LessonContext): ApiRoute {
  const creating = new RateLimit(CREATING);
  return route({
    id: "createScreen",
    method: "POST",
    path: "/screens",
    tag: TAG,
    summary: "Get a code for a television, with which a phone lets it into a lesson",
    access: everybody("lessons:read"),
    rights: ["++++++++", null],
    status: 201,
    answer: createdScreenShape,
    refusals: ["too-many", "database-away"],
    handle: async ({ ip }) => {
      assertRate(creating, [addressOwner(ip)]);
      const now = Date.now();
      const secret = newSecret();
      const row = { id: newId(), code: newScreenCode(), secret_hash: hashSecret(secret), lesson_id: null };
      const expiresAt = new Date(now + EXPIRES_MS);
      await db.deleteFrom("screens").where("expires_at", "<", new Date(now)).execute();
      await db
        .insertInto("screens")
        .values({ ...row, expires_at: expiresAt })
        .execute();
      return { body: { secret, code: row.code, expiresAt, intervalSeconds: INTERVAL_SECONDS } };
    },
  });
}

function askScreenRoute({ db }: LessonContext): ApiRoute {
  const asking = new RateLimit(ASKING);
  return route({
    id: "askScreen",
    method: "POST",
    path: "/screens/lesson",
    tag: TAG,
    summary: "Ask which lesson a phone has chosen for this television",
    access: everybody("lessons:read"),
    // No television has this secret.
    rights: ["00000000", null],
    body: requestedScreen,
    status: 200,
    answer: screenShape,
    refusals: ["link-expired", "too-many", "database-away"],
    handle: async ({ body }) => {
      const hash = hashSecret(body.secret);
      assertRate(asking, [hash]);
      const screens = db.selectFrom("screens").selectAll().where("secret_hash", "=", hash);
      const screen = await screens.where("expires_at", ">", new Date()).executeTakeFirst();
      if (!screen) throw new RefusalError("link-expired", schoolText("screen-expired"));
      // The row stays until it expires: an answer may be lost, and the television asks again.
      return { body: { lessonId: screen.lesson_id } };
    },
  });
}

function admitScreenRoute(context: LessonContext): ApiRoute {
  const { db, changes, signIn, streams } = context;
  return route({
    id: "admitScreen",
    method: "POST",
    path: "/screens/admission",
    tag: TAG,
    summary: "Let a television into a lesson by the code that it shows, as a person who is in the lesson or may enter it",
    access: everybody("lessons:read"),
    // No television shows this code.
    rights: ["00000000", "00000000"],
    body: admittedScreen,
    status: 201,
    answer: admittedScreenShape,
    refusals: [
      ...(["no-such-lesson", "link-expired", "guests-not-allowed", "removed-from-lesson", "lesson-locked"] as const),
      ...(["lesson-ended", "lesson-full", "refused-by-rule", "conflict", "too-many", "database-away"] as const),
    ],
    handle: async ({ actor, body, ip }) => {
      if (actor.kind === "key") throw new RefusalError("refused-by-rule", schoolText("people-only-screen"));
      const lesson = await findActiveLesson(db, signIn, body.lessonId, ip);
      const code = readScreenCode(body.code);
      const typist = actor.id ?? addressOwner(ip);
      // Counted before it is looked for, and given back where it is right: who tries codes is stopped, also by many tries at once.
      await signIn.attempts.admit([{ kind: "screen", subject: typist }]);
      const admitted = await changes.transact({ actor }, async (change) => {
        const secretHash = code === null ? null : await takeCode(change, code, lesson);
        if (secretHash === null) throw new RefusalError("link-expired", schoolText("screen-unknown"));
        const request = { name: null, token: body.token ?? null, hasCode: false };
        const { participant, isBack } = await joinLesson(change, actor, lesson, request);
        if (participant.waiting_since !== null) throw new RefusalError("refused-by-rule", schoolText("screen-while-waiting"));
        if (isBack) change.afterCommit(() => streams.ruleChanged(lesson.stream_app, lesson.stream_name));
        return { body: await addScreen(change, lesson, participant, { secretHash, name: screenName(code ?? "") }) };
      });
      await signIn.attempts.giveBack([{ kind: "screen", subject: typist }]);
      return { body: { title: lesson.title, until: admitted.body } };
    },
  });
}

/** Marks the code as used. Null: there is no such code, it has expired, or was used. */
async function takeCode({ trx }: Change, code: string, { id: lesson_id }: Lesson): Promise<string | null> {
  const taken = await trx
    .updateTable("screens")
    .set({ lesson_id })
    .where("code", "=", code)
    .where("lesson_id", "is", null)
    .where("expires_at", ">", new Date())
    .returning("secret_hash")
    .executeTakeFirst();
  return taken?.secret_hash ?? null;
}

/** No name of a person: it is not erased with theirs. */
function screenName(code: string): string {
  return `TV ${code.slice(0, 4)}`;
}

type NewScreen = { readonly secretHash: string; readonly name: string };

/** @returns until when it may watch */
async function addScreen(change: Change, lesson: Lesson, owner: Participant, { secretHash, name }: NewScreen): Promise<Date> {
  await assertQuota(change.trx, "watchers", { participant: owner.id }, LIMIT);
  const from = new Date();
  const end = Math.max(lesson.ends_at?.getTime() ?? 0, from.getTime());
  const to = new Date(Math.min(end + STAYS_MS, from.getTime() + WATCHING_MS));
  const id = newId();
  const row = { id, lesson_id: lesson.id, child_id: null, name, chat: false, secret_hash: secretHash, screen_of: owner.id };
  await change.trx
    .insertInto("watchers")
    .values({ ...row, from_at: from, to_at: to, participant_id: null })
    .execute();
  const target = { schoolId: lesson.school_id, targetKind: "lesson", targetId: lesson.id };
  await change.audit({ action: "screen.admit", ...target, after: { watcher: id, name, participant: owner.id } });
  return to;
}
