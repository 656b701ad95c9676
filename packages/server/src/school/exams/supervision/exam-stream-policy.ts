/** Derives the policy by which media workers admit the candidates of an examination, who publish, and their supervisors, who watch. */
import type { StreamPolicy } from "../../../access/policies/stream-policy.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { isOverQuota } from "../../foundation/schools/quota.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { STREAM_KINDS, STREAM_LIMITS } from "../supervised.ts";
import { TALK_KBPS, TALK_SIDES } from "../talks.ts";
import { lookName } from "./exam-looks.ts";
import { formerSupervisors } from "./former-supervisors.ts";

/** Kilobits a second, by a part of the names of candidates' streams. */
const MEMBER_KBPS = Object.fromEntries([
  ...STREAM_KINDS.map((kind) => [`-${kind}`, STREAM_LIMITS[kind].mostBitsPerSecond / 1000]),
  ...TALK_SIDES.map((side) => [`-${side}`, TALK_KBPS]),
]);
/** What a candidate and a supervisor say to each other is for nobody else. */
const UNRECORDED = TALK_SIDES.map((side) => `-${side}`);

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
    removed: (await formerSupervisors(db, exam.id)).map(({ userId, attemptId }) => lookName(userId, attemptId)),
    members: "all",
    memberKbps: MEMBER_KBPS,
    unrecordedMembers: UNRECORDED,
    // Wall and focus show what candidates send; nobody needs less of so little.
    ladder: [],
    ladderStart: "demand",
  };
}
