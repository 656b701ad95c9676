/** Deletes policies with what they are for. */
import { sql } from "kysely";
import type { PolicyTarget } from "../../../access/policies/access-policy.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { Db } from "./tables.ts";

/** What is deleted, with its policies. */
export type Deleted = {
  readonly [K in "schoolId" | "courseId" | "lessonIds" | "recordingId"]?: K extends "lessonIds" ? readonly string[] : string;
};

/**
 * Deletes the policies of what is deleted in the same transaction.
 * @returns call it after the commit: media workers forget them
 */
export async function deletePolicies(db: Db, notices: PolicyNotices, of: Deleted): Promise<() => void> {
  const { schoolId = null, courseId = null, lessonIds = [], recordingId = null } = of;
  const { rows } = await sql<PolicyTarget>`
    delete from policies
    where school_id = ${schoolId} or course_id = ${courseId} or recording_id = ${recordingId} or lesson_id = any(${[...lessonIds]}::text[])
    returning level, target_id as id`.execute(db);
  return () => {
    for (const target of rows) notices.policyChanged({ part: "policy", target });
  };
}
