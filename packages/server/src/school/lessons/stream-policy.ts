/** Derives the policy by which media workers admit publishers and viewers of a lesson's stream. */
import { lessonStreamOf, type StreamPolicy } from "../../access/policies/stream-policy.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { resolveLadder } from "../foundation/schools/ladder-choice.ts";
import { isOverQuota } from "../foundation/schools/quota.ts";
import type { Db } from "../foundation/store/tables.ts";
import { endedParticipants } from "./ended-permissions.ts";
import { isRecorded } from "./recording-choice.ts";
import { isSmallLesson } from "./small-lesson.ts";

/**
 * The policy of a lesson's stream; null where no lesson owns the stream.
 * @param of the name of the lesson's stream, or of a member's
 */
export async function streamPolicy(db: Db, app: string, of: string): Promise<StreamPolicy | null> {
  const name = lessonStreamOf(of);
  const lesson = await db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .leftJoin("courses", "courses.id", "lessons.course_id")
    .leftJoin("ladders", (join) =>
      join
        .onRef("ladders.school_id", "=", "lessons.school_id")
        .on("ladders.id", "=", ({ fn }) => fn.coalesce("lessons.ladder", "courses.ladder", "schools.ladder")),
    )
    .selectAll("lessons")
    .select(["schools.archived_at", "schools.quota_bytes", "ladders.rungs as ladder_rungs"])
    .select(({ fn }) => [
      fn.coalesce("lessons.ladder", "courses.ladder", "schools.ladder").as("chosen_ladder"),
      fn.coalesce("lessons.ladder_start", "courses.ladder_start", "schools.ladder_start").as("chosen_start"),
    ])
    .where("lessons.stream_name", "=", name)
    .where("lessons.stream_app", "=", app)
    .where("lessons.deleted_at", "is", null)
    .executeTakeFirst();
  if (!lesson) return null;
  return {
    app,
    name,
    lessonId: lesson.id,
    schoolId: lesson.school_id,
    courseId: lesson.course_id,
    keyHash: hashSecret(lesson.publish_key),
    ...(lesson.former_key_hash === null ? {} : { formerKeyHash: lesson.former_key_hash }),
    open: lesson.ended_by !== "hand" && lesson.archived_at === null,
    state: lesson.state,
    publisherLeftAt: lesson.publisher_left_at?.getTime() ?? null,
    record: isRecorded(lesson, Date.now()),
    ...(lesson.captions ? { captions: true } : {}),
    mayRecord: !(await isOverQuota(db, lesson.school_id, Number(lesson.quota_bytes))),
    removed: await endedParticipants(db, lesson.id),
    members: isSmallLesson(lesson) ? "all" : await peopleOnStage(db, lesson.id),
    ladder: resolveLadder(lesson.chosen_ladder, lesson.ladder_rungs),
    ladderStart: lesson.chosen_start,
  };
}

async function peopleOnStage(db: Db, lessonId: string): Promise<readonly string[]> {
  const rows = await db.selectFrom("stage_people").select("participant_id").where("lesson_id", "=", lessonId).execute();
  return rows.map(({ participant_id }) => participant_id);
}
