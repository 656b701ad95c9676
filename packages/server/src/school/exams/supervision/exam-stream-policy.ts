/** Derives the policy by which media workers admit the candidates of an examination, who publish, and their supervisors, who watch. */
import { type SqlBool, sql } from "kysely";
import type { StreamPolicy } from "../../../access/policies/stream-policy.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { isOverQuota } from "../../foundation/schools/quota.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { STREAM_KINDS, STREAM_LIMITS } from "../supervised.ts";
import { isGroupSupervisor, isTeacherOfExam } from "./supervision-rights.ts";

/** A link opens live pictures for this long, so no other viewer has one. */
const WATCHING_MS = 48 * 3600 * 1000;
/** Kilobits a second, by a part of the names of candidates' streams. */
const MEMBER_KBPS = Object.fromEntries(STREAM_KINDS.map((kind) => [`-${kind}`, STREAM_LIMITS[kind].mostBitsPerSecond / 1000]));

/** Null where no examination has the stream. @param name of the examination's stream */
export async function examStreamPolicy(db: Db, app: string, name: string): Promise<StreamPolicy | null> {
  const exam = await db
    .selectFrom("exams")
    .innerJoin("schools", "schools.id", "exams.school_id")
    .select(["exams.id", "exams.school_id", "course_id", "supervision", "published_at", "archived_at", "quota_bytes"])
    .where("stream_name", "=", name)
    .where("exams.deleted_at", "is", null)
    .executeTakeFirst();
  if (!exam) return null;
  return {
    app,
    name,
    lessonId: null,
    schoolId: exam.school_id,
    courseId: exam.course_id,
    // Nobody publishes the stream itself.
    keyHash: hashSecret(newSecret()),
    open: exam.published_at !== null && exam.archived_at === null,
    state: "live",
    publisherLeftAt: null,
    record: exam.supervision.keepDays > 0,
    mayRecord: !(await isOverQuota(db, exam.school_id, Number(exam.quota_bytes))),
    removed: await formerSupervisors(db, exam.id),
    members: "all",
    memberKbps: MEMBER_KBPS,
    // Wall and focus show what candidates send; nobody needs less of so little.
    ladder: [],
    ladderStart: "demand",
  };
}

/** People who have looked at candidates and supervise none of them any more, or have no account any more. */
async function formerSupervisors(db: Db, examId: string, now = Date.now()): Promise<string[]> {
  const person = sql.ref("users.id");
  const rows = await db
    .selectFrom("exam_watchers")
    .innerJoin("users", "users.id", "exam_watchers.user_id")
    .innerJoin("exams", "exams.id", "exam_watchers.exam_id")
    .select("users.id")
    .where("exam_watchers.exam_id", "=", examId)
    .where("watched_at", ">", new Date(now - WATCHING_MS))
    .where(
      sql<SqlBool>`(users.disabled_at is not null or not (users.role in ('operator', 'administrator')
        or ${isGroupSupervisor(person)} or users.role = 'teacher' and ${isTeacherOfExam(person)}))`,
    )
    .orderBy("users.id")
    .execute();
  return rows.map(({ id }) => id);
}
