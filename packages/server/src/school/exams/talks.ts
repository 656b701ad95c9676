/**
 * Keeps talks of supervisors with candidates: asked for by a supervisor, begun when the candidate accepts, and over when either ends it, when the supervisor's page is
 * not heard any more, or with the attempt.
 */
import { newId } from "../../platform/id.ts";
import type { ExamTalk, TalkEnd } from "../foundation/store/exam-tables.ts";
import type { Db } from "../foundation/store/tables.ts";

/** voice: of the candidate. */
export const TALK_SIDES = ["voice", "supervisor"] as const;
export type TalkSide = (typeof TALK_SIDES)[number];

/** Of each: Opus has 32 to 64 kbit/s of a voice. */
export const TALK_KBPS = 160;
/** The supervisor's page renews it every ten seconds. */
const RENEWED_MS = 30_000;
/** A candidate who has not seen the question within this is not asked any more. */
const REQUESTED_MS = 2 * 60_000;
/** A talk that both have forgotten. */
const LONGEST_MS = 60 * 60_000;

export type OpenTalk = ExamTalk & {
  /** Of the supervisor; null: a person who is no more. */
  readonly by: string | null;
};

/** By attempt. @param now milliseconds since 1970 */
export async function openTalks(db: Db, attemptIds: readonly string[], now: number): Promise<ReadonlyMap<string, OpenTalk>> {
  if (attemptIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("exam_talks")
    .leftJoin("users", "users.id", "exam_talks.supervisor_id")
    .selectAll("exam_talks")
    .select("users.name as by")
    .where("attempt_id", "in", attemptIds)
    .where("ended_at", "is", null)
    .execute();
  return new Map(rows.filter((talk) => isOpen(talk, now)).map((talk) => [talk.attempt_id, talk]));
}

/** Whether a talk that nobody has ended goes on. @param now milliseconds since 1970 */
function isOpen({ requested_at, renewed_at, accepted_at, ended_at }: ExamTalk, now: number): boolean {
  if (ended_at !== null || now - renewed_at.getTime() > RENEWED_MS) return false;
  return accepted_at === null ? now - requested_at.getTime() <= REQUESTED_MS : now - accepted_at.getTime() <= LONGEST_MS;
}

/** Asks the candidate. What was open, and is over by time, is noted as that. @param attemptId of a row that is locked */
export async function requestTalk(db: Db, attemptId: string, supervisorId: string, now: Date): Promise<void> {
  const talks = db.selectFrom("exam_talks").select(({ fn }) => fn.max("number").as("last"));
  const { last } = await talks.where("attempt_id", "=", attemptId).executeTakeFirstOrThrow();
  await db
    .updateTable("exam_talks")
    .set({ ended_at: now, ended_by: "time" })
    .where("attempt_id", "=", attemptId)
    .where("ended_at", "is", null)
    .execute();
  const times = { requested_at: now, renewed_at: now };
  const row = { id: newId(), attempt_id: attemptId, number: Number(last ?? 0) + 1, supervisor_id: supervisorId };
  await db
    .insertInto("exam_talks")
    .values({ ...row, ...times })
    .execute();
}

export async function endTalk(db: Db, { id }: Pick<ExamTalk, "id">, by: TalkEnd, now: Date): Promise<void> {
  const open = db.updateTable("exam_talks").where("id", "=", id).where("ended_at", "is", null);
  await open.set({ ended_at: now, ended_by: by }).execute();
}
