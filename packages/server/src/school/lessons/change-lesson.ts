/** Changes one lesson on behalf of an API request, and presents it to the requester. */

import { type Actor, hasScope } from "../../access/actor.ts";
import type { Sheds } from "../../contracts/degradation/degradation.ts";
import { RefusalError } from "../../platform/api/server.ts";
import type { Logger } from "../../platform/log.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { conflictAs, type RouteContext } from "../foundation/requests/route-context.ts";
import { type Change, checkVersion } from "../foundation/store/change.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import type { SignInService } from "../people/accounts/sign-in.ts";
import type { HourlyLimits } from "../people/limits/hourly-limits.ts";
import type { JoinLimits } from "../people/limits/join-limits.ts";
import type { Invitations } from "./invitations.ts";
import { findLesson, hasLessonRight } from "./lesson-rights.ts";
import { lessonResponse } from "./shapes.ts";
import type { StreamControl } from "./stream-control.ts";

export const taken = conflictAs(schoolText("external-id-taken"));

export type LessonContext = RouteContext & {
  readonly signIn: Pick<SignInService, "attempts">;
  readonly streams: StreamControl;
  readonly invitations: Invitations;
  readonly joins: JoinLimits;
  readonly hourly: HourlyLimits;
  /** Names that people choose for themselves. Throws a RefusalError. */
  readonly guestNames: { readonly check: (lesson: Lesson, name: string) => Promise<void> };
  /** So many lessons have captions at the same time; 0: this server has no engine. */
  readonly maxCaptions: () => number;
  readonly log: Logger;
  /** What this node does without. */
  readonly degradation: Sheds;
};

/** The part of an API call that identifies a lesson and the version to change. */
type LessonCall = {
  readonly actor: Actor;
  readonly params: { readonly lessonId: string };
  readonly origin: string;
  readonly ifMatch: number | null;
};

/** Runs `work` on a lesson to which the actor has the right, then has media workers fetch its stream's rule again. */
export function changeLesson(
  context: LessonContext,
  call: LessonCall,
  right: "assist" | "teach",
  work: (change: Change, lesson: Lesson) => Promise<Lesson>,
  inBin = false,
) {
  const changed = context.changes.transact({ actor: call.actor }, async (change) => {
    const lesson = await findLesson(change.trx, call.actor, call.params.lessonId, right, inBin);
    checkVersion(lesson, call.ifMatch);
    const after = await work(change, lesson);
    change.afterCommit(() => context.streams.ruleChanged(lesson.stream_app, lesson.stream_name));
    return { body: await respondTo(context, change.trx, call.actor, after, call.origin) };
  });
  return changed.catch(taken);
}

/** @param teaches whether the reader teaches the lesson */
export function respond({ streams }: LessonContext, lesson: Lesson, origin: string, actor: Actor, teaches: boolean) {
  const reader = { mayInvite: teaches, mayPublish: teaches && hasScope(actor, "publish-keys:write") };
  return lessonResponse(lesson, { origin, rtmp: streams.rtmpOf(origin), srt: streams.srtOf(origin) }, reader);
}

export async function respondTo(context: LessonContext, db: Db, actor: Actor, lesson: Lesson, origin: string) {
  return respond(context, lesson, origin, actor, await hasLessonRight(db, actor, lesson, "teach"));
}

export function auditLesson(change: Change, action: string, before: Lesson, after: Lesson): Promise<void> {
  return change.audit({ action, schoolId: before.school_id, targetKind: "lesson", targetId: before.id, before, after });
}

/** @throws RefusalError refused-by-rule where captions are wanted and there is no engine */
export function checkCaptions({ maxCaptions }: Pick<LessonContext, "maxCaptions">, wanted: boolean): void {
  if (wanted && maxCaptions() === 0) throw new RefusalError("refused-by-rule", schoolText("no-caption-engine"));
}

/** The data of a lesson's webhook events. */
export function lessonEventData(lesson: Lesson) {
  return {
    lessonId: lesson.id,
    title: lesson.title,
    state: lesson.state,
    courseId: lesson.course_id,
    teacherId: lesson.teacher_id,
    startsAt: lesson.starts_at,
    endsAt: lesson.ends_at,
  };
}
