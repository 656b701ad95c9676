/** Serves the API route by which players report that a watermark was removed, hidden or covered. */
import { z } from "zod";
import { type Actor, everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { addressOwner } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { id, idParam } from "../foundation/requests/fields.ts";
import { assertRate } from "../foundation/requests/request-rate.ts";
import type { Db } from "../foundation/store/tables.ts";
import { markOf } from "../people/accounts/person-watermark.ts";
import type { LessonContext } from "./change-lesson.ts";
import { findActiveLesson } from "./lesson-by-code.ts";
import { visibleLessons } from "./lesson-rights.ts";
import { watermarkOfParticipant } from "./watermark.ts";

/** Reports of one person, and of one address, which a whole school may share. */
const OF_PERSON = { burst: 5, perSecond: 1 / 60 };
const OF_ADDRESS = { burst: 60, perSecond: 1 };

/** As `packages/player/src/watermark/watermark-faults.ts` explains them. */
const TAMPERINGS = ["attribute", "removed", "text", "hidden", "moved", "picture", "covered", "shadow-root"] as const;

const tamperReport = z.strictObject({
  what: z.enum(TAMPERINGS).describe("What the player has noticed, as in its event `lectern-tamper`."),
  token: z.string().max(100).optional().describe("A guest's token of the lesson; people who are signed in need none."),
  recordingId: id.optional().describe("The recording that was watched; absent for the live lesson."),
});

export function reportTamperRoute({ db, changes, signIn }: LessonContext): ApiRoute {
  const ofPerson = new RateLimit(OF_PERSON);
  const ofAddress = new RateLimit(OF_ADDRESS);
  return route({
    id: "reportTamper",
    method: "POST",
    path: "/lessons/:lessonId/reports/tamper",
    tag: "Joining",
    summary: "Report that the own watermark was removed, hidden or covered; the report is in the audit log as `watermark.tamper`",
    access: everybody("lessons:read"),
    // Only those who see the lesson report, and only themselves.
    rights: ["+++0+++0", "+0000000"],
    params: idParam("lessonId"),
    body: tamperReport,
    status: 204,
    answer: null,
    refusals: ["no-such-lesson", "not-found", "database-away"],
    handle: async ({ actor, params, body, ip }) => {
      assertRate(ofAddress, [addressOwner(ip)], schoolText("trouble-limit"));
      const lesson = await findActiveLesson(db, signIn, params.lessonId, ip);
      const who = await requesterOf(db, actor, lesson.id, body.token ?? null);
      assertRate(ofPerson, [who.targetId], schoolText("trouble-limit"));
      return await changes.transact({ actor }, async (change) => {
        const { name, mark, ...target } = who;
        const entry = { action: "watermark.tamper", schoolId: lesson.school_id, ...target };
        const seen = { what: body.what, name, mark, lessonId: lesson.id, recordingId: body.recordingId ?? null };
        await change.audit({ ...entry, before: {}, after: seen });
        return { body: null };
      });
    },
  });
}

type Watcher = {
  readonly targetKind: "participant" | "user";
  readonly targetId: string;
  readonly name: string;
  readonly mark: string;
};

/**
 * Who the requester is in this lesson: nobody reports others. A person who watches a recording may not have joined.
 * @throws RefusalError not-found
 */
async function requesterOf(db: Db, actor: Actor, lessonId: string, token: string | null): Promise<Watcher> {
  const userId = actor.kind === "user" ? actor.id : null;
  const all = db.selectFrom("participants").selectAll().where("lesson_id", "=", lessonId);
  const own = userId === null ? all.where("token_hash", "=", hashSecret(token ?? "")) : all.where("user_id", "=", userId);
  const participant = await own.executeTakeFirst();
  if (participant) {
    const { id: targetId, name } = participant;
    return { targetKind: "participant", targetId, name, mark: watermarkOfParticipant(participant) };
  }
  const lesson =
    userId === null ? undefined : await visibleLessons(db, actor).where("lessons.id", "=", lessonId).executeTakeFirst();
  if (userId === null || !lesson) throw new RefusalError("not-found", schoolText("not-a-participant"));
  return { targetKind: "user", targetId: userId, name: actor.name, mark: markOf(userId) };
}
