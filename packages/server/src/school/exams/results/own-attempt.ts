/** Finds the attempt whose result, or whose files, somebody may read as a candidate. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { candidateOf } from "../attempts/entrance-routes.ts";
import { findPublishedExam } from "../attempts/exam-by-code.ts";
import type { ExamContext } from "../exam-context.ts";

type OwnCall = {
  readonly actor: Actor;
  readonly ip: string;
  /** Its id, or its code. */
  readonly examinationId: string;
  /** From entering. */
  readonly token: string | undefined;
};

/** The examination, and the attempt that the token proves, else the newest of the person. @throws RefusalError too-many, no-such-exam, not-signed-in, not-found */
export async function findOwnAttempt(
  context: ExamContext,
  { actor, ip, examinationId, token }: OwnCall,
): Promise<{ readonly exam: Exam; readonly attempt: ExamAttempt }> {
  const { db, signIn, joins } = context;
  joins.fromAddress(ip);
  const exam = await findPublishedExam(db, signIn, examinationId, ip);
  const candidate = candidateOf(context, exam, token, new Date());
  return { exam, attempt: await ownAttempt(db, actor, exam, candidate?.attempt ?? null) };
}

/** An attempt of a disabled account is nobody's, whatever proves it. @param proven the id of an attempt; null: the newest of the person @throws RefusalError not-signed-in, not-found */
export async function ownAttempt(db: Db, actor: Actor, exam: Exam, proven: string | null): Promise<ExamAttempt> {
  if (proven === null && actor.kind === "nobody") throw new RefusalError("not-signed-in");
  const attempts = db
    .selectFrom("exam_attempts")
    .leftJoin("users", "users.id", "exam_attempts.user_id")
    .selectAll("exam_attempts")
    .where("exam_id", "=", exam.id)
    .where("users.disabled_at", "is", null);
  const own = proven === null ? attempts.where("user_id", "=", actor.id ?? "") : attempts.where("exam_attempts.id", "=", proven);
  const attempt = await own.orderBy("number", "desc").limit(1).executeTakeFirst();
  if (!attempt) throw new RefusalError("not-found");
  return attempt;
}
