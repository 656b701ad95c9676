/** Reads what supervisors wrote to candidates, and notes what their pages have shown. Examinations without supervision ask nothing here. */
import type { ExamMessage, SentAnswers } from "../../../contracts/exams/exam-messages.ts";
import type { Db } from "../../foundation/store/tables.ts";

type Attempt = { readonly id: string; readonly isSupervised: boolean; readonly handedInAt: number | null };

/** By attempt. */
export type UnseenMessages = ReadonlyMap<string, readonly ExamMessage[]>;

/** Of a page that was offline for long, the oldest first; the others follow once these were seen. */
const MAX_MESSAGES = 20;

export async function unseenMessages(db: Db, attempts: Iterable<Attempt>): Promise<UnseenMessages> {
  const ids = [...attempts].filter(({ isSupervised, handedInAt }) => isSupervised && handedInAt === null).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("exam_messages")
    .select(["id", "attempt_id", "text", "sent_at"])
    .where("attempt_id", "in", ids)
    .where("seen_at", "is", null)
    .orderBy("id")
    .execute();
  const byAttempt = Map.groupBy(rows, ({ attempt_id }) => attempt_id);
  const shown = ({ id, text, sent_at }: (typeof rows)[number]): ExamMessage => ({ id, text, at: sent_at.getTime() });
  return new Map([...byAttempt].map(([attempt, own]) => [attempt, own.slice(0, MAX_MESSAGES).map(shown)]));
}

/** Only a candidate's own messages: a device may name any. */
export async function noteSeen(db: Db, sent: readonly SentAnswers[], now: number): Promise<void> {
  for (const { attempt, seen } of sent) {
    if (!seen || seen.length === 0) continue;
    await db
      .updateTable("exam_messages")
      .set({ seen_at: new Date(now) })
      .where("id", "in", seen)
      .where("attempt_id", "=", attempt)
      .where("seen_at", "is", null)
      .execute();
  }
}
