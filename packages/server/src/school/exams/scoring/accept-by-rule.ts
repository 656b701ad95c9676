/**
 * Accepts a proposal by the school's rule: its points count as if a person had given them, unless somebody marks the answer already. The rule is that of now: the service
 * may have been asked a minute ago.
 */
import { RefusalError } from "../../../platform/api/server.ts";
import type { Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { checkPoints, markable, storeMark } from "../grading/store-mark.ts";
import { toleranceOf } from "../marking/marking-rights.ts";
import { hashOfAnswer, scoredQuestions } from "../score-proposals.ts";

export type AcceptRule = { readonly accept_confidence: number | null };

export function isSure({ accept_confidence: least }: AcceptRule, confidence: number | null): boolean {
  return least !== null && confidence !== null && confidence >= least;
}

type Proposed = {
  readonly serviceId: string;
  readonly confidence: number | null;
  readonly attemptId: string;
  readonly examId: string;
  readonly question: string;
  /** Of the answer that was scored. */
  readonly hash: string;
  readonly points: number;
  readonly comment: string;
};

export async function acceptByRule(
  { changes }: { readonly changes: Changes },
  papers: FrozenPapers,
  { serviceId, confidence, attemptId, examId, question, hash, points, comment }: Proposed,
): Promise<void> {
  const accept = changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const exam = await trx.selectFrom("exams").selectAll().where("id", "=", examId).executeTakeFirst();
    const attempts = trx.selectFrom("exam_attempts").selectAll().where("id", "=", attemptId);
    const attempt = await attempts.forNoKeyUpdate().executeTakeFirst();
    if (!exam || !attempt || (await toleranceOf(trx, examId)).has(question)) return { body: null };
    const services = trx.selectFrom("scoring_services").select("accept_confidence").where("id", "=", serviceId);
    const service = await services.where("enabled", "=", true).executeTakeFirst();
    const isScored = (await scoredQuestions(trx, examId)).includes(question);
    if (!service || !isSure(service, confidence) || !isScored) return { body: null };
    const marking = trx.selectFrom("exam_markings").select("turn").where("attempt_id", "=", attemptId);
    const isHeld = await marking.where("question", "=", question).limit(1).executeTakeFirst();
    const { scores, answers } = await markable(change, papers, attempt);
    if (isHeld || scores[question]?.by !== "waits" || hashOfAnswer(answers[question] ?? null) !== hash) return { body: null };
    checkPoints(scores, question, points);
    await storeMark(change, papers, {
      exam,
      attempt,
      question,
      answers,
      mark: { markerId: null, points, comment },
      now: new Date(),
    });
    await trx
      .updateTable("exam_proposals")
      .set({ state: "accepted" })
      .where("attempt_id", "=", attemptId)
      .where("question", "=", question)
      .execute();
    await change.audit({
      action: "examination.accept-score",
      schoolId: exam.school_id,
      targetKind: "examination",
      targetId: exam.id,
      after: { attempt: attemptId, question, points },
    });
    return { body: null };
  });
  try {
    await accept;
  } catch (error) {
    // It is graded again, or erased: the proposal stays one.
    if (!(error instanceof RefusalError)) throw error;
  }
}
