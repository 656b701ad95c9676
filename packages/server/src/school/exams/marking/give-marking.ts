/** Stores what a marker gives for an answer that the marker has, and takes it back; what counts follows from all of them (`settle.ts`). */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { ExamMarking } from "../../foundation/store/marking-tables.ts";
import { findAttempt } from "../attempt-rows.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { checkPoints, type Marked, markable, storeMark } from "../grading/store-mark.ts";
import { findMarkerOf, toleranceOf } from "./marking-rights.ts";
import { LEASE_MS } from "./next-answer.ts";
import { settle } from "./settle.ts";

export type Which = { readonly examinationId: string; readonly attemptId: string; readonly question: string };
export type Giving = { readonly points: number; readonly criteria: readonly string[]; readonly comment: string };
type Had = {
  readonly exam: Exam;
  readonly attempt: ExamAttempt;
  readonly marked: Marked;
  readonly all: readonly ExamMarking[];
  readonly own: ExamMarking;
  readonly tolerance: number | null;
};

const THIRD = 3;

/** @returns when */
export async function giveMarking(change: Change, papers: FrozenPapers, actor: Actor, which: Which, giving: Giving): Promise<Date> {
  const had = await ownMarking(change, papers, actor, which);
  checkPoints(had.marked.scores, which.question, giving.points);
  const now = new Date();
  const row = { ...giving, criteria: json(giving.criteria), marked_at: now, leased_until: null };
  await replaceOwn(change, papers, had, row, now);
  await note(change, "mark", had, giving.points);
  return now;
}

/** @returns what was given, and until when the marker has the answer again */
export async function undoMarking(change: Change, papers: FrozenPapers, actor: Actor, which: Which) {
  const had = await ownMarking(change, papers, actor, which);
  const { points, criteria, comment, turn } = had.own;
  if (points === null) throw new RefusalError("conflict", examText("not-marked-yet"));
  const now = new Date();
  const leasedUntil = new Date(now.getTime() + LEASE_MS);
  await replaceOwn(
    change,
    papers,
    had,
    { points: null, criteria: json([]), comment: "", marked_at: null, leased_until: leasedUntil },
    now,
  );
  await note(change, "unmark", had, null);
  return { points, criteria: criteria ?? [], comment, turn, leasedUntil };
}

/** @throws RefusalError not-found, refused-by-rule, conflict: the answer is not the marker's, or no more */
async function ownMarking(change: Change, papers: FrozenPapers, actor: Actor, which: Which): Promise<Had> {
  const { trx } = change;
  const { exam } = await findMarkerOf(trx, actor, which.examinationId, which.question);
  // The row is the lock: two who mark the same answer at once come one after the other.
  const attempt = await findAttempt(trx, exam, which.attemptId, true);
  const marked = await markable(change, papers, attempt);
  const all = await trx
    .selectFrom("exam_markings")
    .selectAll()
    .where("attempt_id", "=", attempt.id)
    .where("question", "=", which.question)
    .execute();
  const own = all.find(({ marker_id }) => marker_id === actor.id);
  if (!own) throw new RefusalError("conflict", examText("answer-elsewhere"));
  const tolerance = (await toleranceOf(trx, exam.id)).get(which.question) ?? null;
  if (own.turn !== THIRD && all.some(({ turn }) => turn === THIRD)) throw new RefusalError("conflict", examText("third-has-it"));
  const before = settle(all, tolerance);
  const counting = trx.selectFrom("exam_marks").select("points").where("attempt_id", "=", attempt.id);
  const counts = await counting.where("question", "=", which.question).executeTakeFirst();
  const isOverruled = counts && (before.state !== "settled" || before.points !== counts.points);
  if (isOverruled) throw new RefusalError("conflict", examText("overruled"));
  return { exam, attempt, marked, all, own, tolerance };
}

type OwnColumns = Pick<ExamMarking, "points" | "criteria" | "comment" | "marked_at" | "leased_until">;

async function replaceOwn(change: Change, papers: FrozenPapers, had: Had, columns: OwnColumns, now: Date): Promise<void> {
  const { exam, attempt, all, own, tolerance, marked } = had;
  const { trx } = change;
  await trx
    .updateTable("exam_markings")
    .set(columns)
    .where("attempt_id", "=", own.attempt_id)
    .where("question", "=", own.question)
    .where("turn", "=", own.turn)
    .execute();
  const before = settle(all, tolerance);
  const after = settle(
    all.map((one) => (one === own ? { ...one, ...columns } : one)),
    tolerance,
  );
  if (before.state !== "settled" && after.state !== "settled") return;
  const mark = after.state === "settled" ? { markerId: own.marker_id, points: after.points, comment: after.comment } : null;
  await storeMark(change, papers, { exam, attempt, question: own.question, answers: marked.answers, mark, now });
}

function note({ audit }: Change, verb: string, { exam, own }: Had, points: number | null): Promise<void> {
  const marking = { attempt: own.attempt_id, question: own.question, turn: own.turn };
  return audit({
    action: `examination.${verb}`,
    schoolId: exam.school_id,
    targetKind: "examination",
    targetId: exam.id,
    before: { ...marking, points: own.points },
    after: { ...marking, points },
  });
}
