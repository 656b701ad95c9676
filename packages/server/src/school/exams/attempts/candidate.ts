/** Tells as whom somebody may sit an examination: as one of its people, or as a guest. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

/** Parents and inspectors watch, and sit nothing. */
const SITTING = ["student", "teacher", "assistant"] as const;

export type CandidateIdentity = {
  /** Null: a guest without an account of the school. */
  readonly userId: string | null;
  readonly isGuest: boolean;
};

/** @throws RefusalError guests-not-allowed */
export async function identityOf(db: Db, actor: Actor, exam: Exam): Promise<CandidateIdentity> {
  const isOfSchool = actor.kind === "user" && actor.id !== null && actor.schoolId === exam.school_id;
  if (isOfSchool && (await isCandidate(db, actor, exam))) return { userId: actor.id, isGuest: false };
  if (!exam.guests) throw new RefusalError("guests-not-allowed");
  return { userId: isOfSchool ? actor.id : null, isGuest: true };
}

/** Without a course everybody of the school is one. */
async function isCandidate(db: Db, actor: Actor, { course_id }: Exam): Promise<boolean> {
  if (course_id === null) return actor.role !== "supervisor";
  const member = await db
    .selectFrom("course_members")
    .select("role")
    .where("course_id", "=", course_id)
    .where("user_id", "=", actor.id ?? "")
    .where("role", "in", SITTING)
    .executeTakeFirst();
  return member !== undefined;
}
