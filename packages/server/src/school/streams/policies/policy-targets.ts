/** Finds what a policy can be for, who may set it, and under which other policies that is. */
import type { Actor } from "../../../access/actor.ts";
import type { PolicyLevel, PolicyTarget } from "../../../access/policies/access-policy.ts";
import { type Belonging, targetsOf } from "../../../access/policies/policy-store.ts";
import { isSchoolStream, lessonStreamOf, plainName } from "../../../access/policies/stream-policy.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { readChannel } from "../../lessons/channels.ts";
import { visibleLessons } from "../../lessons/lesson-rights.ts";
import { visibleRecordings } from "../../lessons/recordings/visibility.ts";
import { visibleCourses } from "../../people/courses/course.ts";

const STREAM_ID = /^[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}$/;

/** The columns of a policy that say what it is for. */
export type PolicyLocation = {
  readonly level: PolicyLevel;
  readonly target_id: string;
  readonly school_id: string | null;
  readonly course_id: string | null;
  readonly lesson_id: string | null;
  readonly recording_id: string | null;
};

/**
 * Where the policy of a target is kept.
 * @throws RefusalError not-found where the actor sees no such target, refused-by-rule where it is for operators, bad-request
 */
export async function placeOf(db: Db, actor: Actor, { level, id }: PolicyTarget): Promise<PolicyLocation> {
  const none = { course_id: null, lesson_id: null, recording_id: null };
  const place = { ...none, level, target_id: id };
  if (level === "installation" || level === "stream") {
    checkOperator(actor);
    if (level === "installation" ? id !== "" : !isPlainStream(id)) throw wrongId();
    return { ...place, school_id: null };
  }
  const schoolId = await schoolOf(db, actor, { level, id });
  if (schoolId === null) checkOperator(actor);
  return {
    ...place,
    school_id: schoolId,
    ...(level === "course" ? { course_id: id } : {}),
    ...(level === "lesson" ? { lesson_id: id } : {}),
    ...(level === "recording" ? { recording_id: id } : {}),
  };
}

/**
 * The targets whose policies hold together for a target, from the farthest to the nearest: itself and all that it belongs to.
 * @param level and id of any target; of a lesson's stream, `app/name` stands for the lesson
 * @returns null where there is no such target
 */
export async function policyTargets(db: Db, level: PolicyLevel, id: string): Promise<readonly PolicyTarget[] | null> {
  const of = await belongingOf(db, level, id);
  return of && targetsOf(of);
}

/** @throws RefusalError not-found, where the actor may not see what the rules are for */
export async function checkVisible(db: Db, actor: Actor, { level, id }: PolicyTarget): Promise<void> {
  if (level === "installation") {
    if (actor.role !== "operator") throw noSuchTarget();
  } else if (level === "stream" && !isSchoolStream(nameOf(id))) {
    if (actor.role !== "operator" && !(await isOwnChannel(db, actor, id))) throw noSuchTarget();
  } else if (level === "stream") {
    const [app = "", name = ""] = id.split("/");
    const lesson = visibleLessons(db, actor).where("stream_app", "=", app).where("stream_name", "=", lessonStreamOf(name));
    if (!(await lesson.executeTakeFirst())) throw noSuchTarget();
  } else await schoolOf(db, actor, { level, id });
}

/** Policies that the actor may see: those of what the actor may see, without the operator's. */
export function visiblePolicies(db: Db, actor: Actor) {
  const policies = db.selectFrom("policies");
  if (actor.schoolId === null) return actor.role === "operator" ? policies : policies.where("policies.id", "is", null);
  const ofSchool = policies.where("policies.school_id", "=", actor.schoolId);
  if (actor.role === "administrator") return ofSchool;
  const lessons = visibleLessons(db, actor).clearSelect().select("lessons.id");
  const recordings = visibleRecordings(db, actor).clearSelect().select("recordings.id");
  return ofSchool.where(({ eb, or }) =>
    or([
      eb("policies.level", "in", ["school", "course"]),
      eb("policies.lesson_id", "in", lessons),
      eb("policies.recording_id", "in", recordings),
    ]),
  );
}

/** @throws RefusalError not-found */
async function schoolOf(db: Db, actor: Actor, { level, id }: PolicyTarget): Promise<string | null> {
  const found = await (level === "school"
    ? visibleSchool(db, actor, id)
    : level === "course"
      ? visibleCourses(db, actor).where("courses.id", "=", id).executeTakeFirst()
      : level === "lesson"
        ? visibleLessons(db, actor).where("lessons.id", "=", id).executeTakeFirst()
        : visibleRecordings(db, actor).where("recordings.id", "=", id).executeTakeFirst());
  if (!found) throw noSuchTarget();
  return found.school_id;
}

async function visibleSchool(db: Db, { role, schoolId }: Actor, id: string) {
  if (role !== "operator" && schoolId !== id) return undefined;
  return await db.selectFrom("schools").select("id as school_id").where("id", "=", id).executeTakeFirst();
}

async function belongingOf(db: Db, level: PolicyLevel, id: string): Promise<Belonging | null> {
  if (level === "installation") return {};
  if (level === "stream" && !isSchoolStream(nameOf(id))) return await belongingOfChannel(db, id);
  if (level === "school") {
    const school = await db.selectFrom("schools").select("id").where("id", "=", id).executeTakeFirst();
    return school ? { schoolId: id } : null;
  }
  if (level === "course") {
    const course = await db.selectFrom("courses").select("school_id").where("id", "=", id).executeTakeFirst();
    return course ? { schoolId: course.school_id, courseId: id } : null;
  }
  return level === "recording" ? await belongingOfRecording(db, id) : await belongingOfLesson(db, level, id);
}

async function belongingOfChannel(db: Db, id: string): Promise<Belonging> {
  const [app = "", name = ""] = id.split("/");
  const stream = `${app}/${plainName(name)}`;
  return { schoolId: (await readChannel(db, stream))?.schoolId, stream };
}

/** Whether an administrator asks about a channel of the own school. */
async function isOwnChannel(db: Db, { role, schoolId }: Actor, id: string): Promise<boolean> {
  if (role !== "administrator" || schoolId === null) return false;
  return (await readChannel(db, id))?.schoolId === schoolId;
}

async function belongingOfLesson(db: Db, level: "lesson" | "stream", id: string): Promise<Belonging | null> {
  const [app = "", name = ""] = id.split("/");
  const lessons = db.selectFrom("lessons").select(["id as lessonId", "course_id as courseId", "school_id as schoolId"]);
  const found =
    level === "lesson"
      ? lessons.where("id", "=", id)
      : lessons.where("stream_app", "=", app).where("stream_name", "=", lessonStreamOf(name));
  return (await found.executeTakeFirst()) ?? null;
}

async function belongingOfRecording(db: Db, id: string): Promise<Belonging | null> {
  const recording = await db
    .selectFrom("recordings")
    .leftJoin("lessons", "lessons.id", "recordings.lesson_id")
    .select(["recordings.school_id as schoolId", "lessons.course_id as courseId", "recordings.lesson_id as lessonId"])
    .select(["recordings.app", "recordings.name"])
    .where("recordings.id", "=", id)
    .executeTakeFirst();
  if (!recording) return null;
  const { schoolId, courseId, lessonId, app, name } = recording;
  if (lessonId) return { schoolId, courseId, lessonId, recordingId: id };
  const channel = await belongingOfChannel(db, `${app}/${name}`);
  return { ...channel, schoolId: schoolId ?? channel.schoolId, recordingId: id };
}

function isPlainStream(id: string): boolean {
  return STREAM_ID.test(id) && !isSchoolStream(nameOf(id));
}

function nameOf(streamId: string): string {
  return streamId.split("/")[1] ?? "";
}

function checkOperator({ role }: Actor): void {
  if (role !== "operator") throw new RefusalError("refused-by-rule", policyText("operators-only"));
}

function noSuchTarget(): RefusalError {
  return new RefusalError("not-found", policyText("no-target"));
}

function wrongId(): RefusalError {
  const mistake = policyText("stream-id");
  const message = platformText("field-mistake", { where: platformText("in-body"), field: "target.id", mistake });
  return new RefusalError("bad-request", message, [{ path: "target.id", message: mistake }]);
}
