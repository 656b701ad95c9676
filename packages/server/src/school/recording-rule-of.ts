/** Finds what media workers need to know of a recording: of a lesson, or of a candidate whom supervisors watch. */
import type { RecordingInfo } from "../access/policies/recording-info.ts";
import { isExamStream } from "../access/policies/stream-policy.ts";
import { formerSupervisors } from "./exams/supervision/former-supervisors.ts";
import type { Db } from "./foundation/store/tables.ts";
import { recordingInfo } from "./lessons/recordings/recording-info.ts";

/** Null where there is no such recording. */
export async function recordingRuleOf(db: Db, id: string): Promise<RecordingInfo | null> {
  const info = await recordingInfo(db, id);
  if (!info || !isExamStream(info.name)) return info;
  const row = await db.selectFrom("recordings").select(["exam_id", "attempt_id"]).where("id", "=", id).executeTakeFirst();
  const former = row?.exam_id ? await formerSupervisors(db, row.exam_id) : [];
  const ofCandidate = former.filter(({ attemptId }) => attemptId === row?.attempt_id).map(({ userId }) => userId);
  return { ...info, removed: [...(info.removed ?? []), ...ofCandidate] };
}
