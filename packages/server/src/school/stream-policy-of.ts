/** Finds the policy of a stream: a lesson's, or an examination's. */
import { isExamStream, lessonStreamOf, type StreamPolicy } from "../access/policies/stream-policy.ts";
import { examStreamPolicy } from "./exams/supervision/exam-stream-policy.ts";
import type { Db } from "./foundation/store/tables.ts";
import { streamPolicy } from "./lessons/stream-policy.ts";

/** Null where neither has the stream. @param name of the stream, of a member's, or of a rung */
export function streamPolicyOf(db: Db, app: string, name: string): Promise<StreamPolicy | null> {
  return isExamStream(name) ? examStreamPolicy(db, app, lessonStreamOf(name)) : streamPolicy(db, app, name);
}
