/** Reads what supervisors wrote to candidates, and who talks with them, and notes what pages have shown. Examinations without supervision ask nothing here. */
import type { ExamMessage, ExamTalkNotice, SentAnswers } from "../../../contracts/exams/exam-messages.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { openTalks } from "../talks.ts";

type Attempt = { readonly id: string; readonly isSupervised: boolean; readonly handedInAt: number | null };

/** By attempt. */
export type SupervisorNotices = {
  readonly messages: ReadonlyMap<string, readonly ExamMessage[]>;
  readonly talks: ReadonlyMap<string, ExamTalkNotice>;
};

/** Of a page that was offline for long, the oldest first; the others follow once these were seen. */
const MAX_MESSAGES = 20;

/** @param now milliseconds since 1970 */
export async function supervisorNotices(db: Db, attempts: Iterable<Attempt>, now: number): Promise<SupervisorNotices> {
  const ids = [...attempts].filter(({ isSupervised, handedInAt }) => isSupervised && handedInAt === null).map(({ id }) => id);
  if (ids.length === 0) return { messages: new Map(), talks: new Map() };
  const rows = await db
    .selectFrom("exam_messages")
    .select(["id", "attempt_id", "text", "sent_at"])
    .where("attempt_id", "in", ids)
    .where("seen_at", "is", null)
    .orderBy("id")
    .execute();
  const byAttempt = Map.groupBy(rows, ({ attempt_id }) => attempt_id);
  const shown = ({ id, text, sent_at }: (typeof rows)[number]): ExamMessage => ({ id, text, at: sent_at.getTime() });
  const talks = [...(await openTalks(db, ids, now)).values()];
  return {
    messages: new Map([...byAttempt].map(([attempt, own]) => [attempt, own.slice(0, MAX_MESSAGES).map(shown)])),
    talks: new Map(talks.map(({ id, attempt_id, by, accepted_at }) => [attempt_id, { id, by, isOn: accepted_at !== null }])),
  };
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
