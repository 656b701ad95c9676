/**
 * Stores what several candidates have sent in one transaction: answers as rows that are never changed, the start, and the hand-in. The same number of a device is
 * stored once, so a request may come again; with another answer under it, the request is refused whole.
 */
import { SECTION_BEGUN, SOUND_PLAYED } from "@lectern/exam";
import type { SentAnswers, StoredAnswers } from "../../../contracts/exams/exam-messages.ts";
import type { RefusalCode } from "../../../platform/refusal.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { endOf } from "../exam-times.ts";
import {
  type AnswerRow,
  deleteAnswers,
  type FactRow,
  findStored,
  insertAnswers,
  insertFacts,
  insertPlays,
  keyOf,
} from "./answer-rows.ts";
import { type AttemptState, readAttempts, timesOf, writeAttempts } from "./attempt-states.ts";
import { verdictOn } from "./late-rules.ts";
import { noteSeen, type SupervisorNotices, supervisorNotices } from "./messages.ts";
import { beginSection, verdictOnAnswer } from "./section-times.ts";

export type StoredGroup = {
  /** In the order of what was sent. */
  readonly results: readonly StoredAnswers[];
  /** Attempts were handed in, or got answers after that. */
  readonly isGradingDue: boolean;
};

/** What one request comes to. */
type Decided = {
  readonly sent: SentAnswers;
  readonly attempt: AttemptState;
  readonly rows: readonly AnswerRow[];
  /** Answers after the end, or after that of their section. */
  readonly refused: readonly AnswerRow[];
  /** Whether the end of a section alone refused some of them: the attempt goes on. */
  readonly isOnlySection: boolean;
};

/** When a device was heard is noted to this. */
const HEARD_MS = 10_000;

/** @param now milliseconds since 1970 */
export async function storeGroup(db: Database, sent: readonly SentAnswers[], now: number): Promise<StoredGroup> {
  return await db.transaction().execute(async (trx) => {
    const attempts = await readAttempts(trx, [...new Set(sent.map(({ attempt }) => attempt))], true);
    const decided = sent.map((one) => decide(attempts.get(one.attempt), one, now));
    const results = await write(trx, decided, now);
    handIn(decided, results, now);
    for (const one of decided) if (typeof one !== "string") hear(one.attempt, now);
    await writeAttempts(trx, attempts.values());
    await noteSeen(trx, sent, now);
    const notices = await supervisorNotices(trx, attempts.values(), now);
    return {
      results: results.map((result) => (typeof result === "string" ? { refused: result } : result(notices))),
      isGradingDue: [...attempts.values()].some(({ isChanged, gradeDueAt }) => isChanged && gradeDueAt !== null),
    };
  });
}

function decide(attempt: AttemptState | undefined, sent: SentAnswers, now: number): Decided | RefusalCode {
  if (attempt?.exam !== sent.exam || sent.seat > attempt.seat) return "exam-attempt-unknown";
  // The candidate has read the paper with an older device's key, so the time runs.
  if (sent.seat < attempt.seat && sent.startedAt !== undefined && now >= attempt.opensAt) start(attempt, sent, now);
  if (sent.seat < attempt.seat) return "exam-seat-taken";
  if (now < attempt.opensAt)
    return isAsking(sent) && attempt.isSupervised
      ? { sent, attempt, rows: [], refused: [], isOnlySection: false }
      : "exam-not-started";
  start(attempt, sent, now);
  // The device keeps them: what was written before the pause counts once the attempt goes on.
  const isSending = sent.answers.length > 0 || sent.isHandedIn === true;
  if (attempt.pausedAt !== null && attempt.handedInAt === null && isSending) return "exam-paused";
  begin(attempt, sent, now);
  const [rows, refused]: [AnswerRow[], AnswerRow[]] = [[], []];
  let isOnlySection = false;
  for (const answer of sent.answers) {
    const verdict = verdictOnAnswer(attempt, answer.question, answer.writtenAt, now);
    isOnlySection ||= verdict === "section-over";
    const row = { attempt: attempt.id, seat: sent.seat, answer, isLate: verdict === "late" };
    (verdict === "in-time" || verdict === "late" ? rows : refused).push(row);
  }
  return { sent, attempt, rows, refused, isOnlySection };
}

/** Who waits for the start has nothing to store, and hears what supervisors wrote. */
function isAsking({ answers, facts, isHandedIn, startedAt }: SentAnswers): boolean {
  return answers.length === 0 && facts.length === 0 && isHandedIn !== true && startedAt === undefined;
}

/** The first key, or where that was not noted, the first answer, starts an attempt: at the latest entry at the latest, also of those who entered before and waited. */
function start(attempt: AttemptState, { startedAt, answers, isHandedIn }: SentAnswers, now: number): void {
  const isSigned = startedAt !== undefined || answers.length > 0 || isHandedIn === true;
  if (attempt.startedAt !== null || !isSigned) return;
  const first = startedAt ?? Math.min(now, ...answers.map(({ writtenAt }) => writtenAt));
  const { opensAt, latestEntryAt, closesAt, seconds, extraSeconds } = attempt;
  attempt.startedAt = Math.min(now, Math.max(opensAt, Math.min(first, latestEntryAt ?? first)));
  const begun = { started_at: new Date(attempt.startedAt), extra_seconds: extraSeconds };
  attempt.endsAt = endOf({ closes_at: new Date(closesAt), seconds }, begun)?.getTime() ?? null;
  attempt.isChanged = true;
}

/** Sections with a time of their own, in the order in which the device began them. */
function begin(attempt: AttemptState, { facts }: SentAnswers, now: number): void {
  for (const { fact, detail = "", writtenAt } of facts)
    if (fact === SECTION_BEGUN && verdictOn(attempt, writtenAt, now) !== "refused") beginSection(attempt, detail, writtenAt, now);
}

/** Written so seldom that it costs little, and so often that supervisors see who is offline. */
function hear(attempt: AttemptState, now: number): void {
  if (!attempt.isSupervised || attempt.handedInAt !== null || now - (attempt.heardAt ?? 0) < HEARD_MS) return;
  attempt.heardAt = now;
  attempt.isChanged = true;
}

/** @returns what each request is told once the attempts are as they will be, or why it is refused */
async function write(trx: Db, decided: readonly (Decided | RefusalCode)[], now: number) {
  const all = decided.filter((one) => typeof one !== "string");
  const { fresh, clashing } = withoutRepeated(all);
  const written = await insertAnswers(trx, fresh, now);
  const isWritten = ({ attempt, seat, answer }: AnswerRow): boolean => written.has(keyOf(attempt, seat, answer.seq));
  const before = await findStored(trx, [...fresh.filter((row) => !isWritten(row)), ...all.flatMap(({ refused }) => refused)]);
  const results: (RefusalCode | ((notices: SupervisorNotices) => StoredAnswers))[] = [];
  const facts: FactRow[] = [];
  for (const one of decided) {
    if (typeof one === "string") {
      results.push(one);
      continue;
    }
    const { sent, attempt, rows, refused, isOnlySection } = one;
    const has = (set: ReadonlySet<string>) => (row: AnswerRow) => set.has(keyOf(row.attempt, row.seat, row.answer.seq));
    if (clashing.has(one) || [...rows, ...refused].some(has(before.other))) {
      await deleteAnswers(trx, sent, clashing.has(one) ? [] : seqsOf(rows.filter(isWritten)));
      results.push("exam-open-twice");
      continue;
    }
    const late = seqsOf(refused.filter((row) => !has(before.same)(row)));
    if (late.length > 0 && late.length === sent.answers.length && !isOnlySection && sent.isHandedIn !== true) {
      results.push("exam-ended");
      continue;
    }
    if (attempt.handedInAt !== null && rows.some(isWritten)) Object.assign(attempt, { gradeDueAt: now, isChanged: true });
    facts.push(...factsOf(one, now));
    const stored = Math.max(0, ...seqsOf(rows), ...seqsOf(refused), ...sent.facts.map(({ seq }) => seq));
    results.push((notices) => ({ ...timesOf(attempt, notices), stored, late }));
  }
  const isPlay = ({ fact }: FactRow): boolean => fact.fact === SOUND_PLAYED;
  await insertPlays(trx, facts.filter(isPlay), now);
  await insertFacts(
    trx,
    facts.filter((row) => !isPlay(row)),
    now,
  );
  return results;
}

/** One request may come twice in a group, because its first answer was lost. Two tabs may have used one number for different answers. */
function withoutRepeated(decided: readonly Decided[]) {
  const byKey = new Map<string, AnswerRow>();
  const clashing = new Set<Decided>();
  for (const one of decided) {
    const isOther = (row: AnswerRow): boolean => {
      const known = byKey.get(keyOf(row.attempt, row.seat, row.answer.seq));
      return known !== undefined && JSON.stringify(known.answer) !== JSON.stringify(row.answer);
    };
    if (one.rows.some(isOther)) clashing.add(one);
    else for (const row of one.rows) byKey.set(keyOf(row.attempt, row.seat, row.answer.seq), row);
  }
  return { fresh: [...byKey.values()], clashing };
}

/** Those that the examination notes, and how often sound was played, until nothing of the attempt counts any more. */
function factsOf({ sent, attempt }: Decided, now: number): FactRow[] {
  const { id, facts } = attempt;
  return sent.facts
    .filter(({ fact }) => fact === SOUND_PLAYED || facts.includes(fact))
    .filter(({ writtenAt }) => verdictOn(attempt, writtenAt, now) !== "refused")
    .map((fact) => ({ attempt: id, seat: sent.seat, fact }));
}

function handIn(decided: readonly (Decided | RefusalCode)[], results: readonly unknown[], now: number): void {
  for (const [i, one] of decided.entries()) {
    if (typeof one === "string" || one.sent.isHandedIn !== true || typeof results[i] === "string") continue;
    const { attempt } = one;
    if (attempt.handedInAt !== null) continue;
    const end = attempt.endsAt ?? now;
    const isInTime = now <= end;
    attempt.handedInAt = isInTime ? now : end;
    attempt.handedInBy = isInTime ? "candidate" : "time";
    attempt.gradeDueAt = now;
    attempt.isChanged = true;
  }
}

function seqsOf(rows: readonly AnswerRow[]): number[] {
  return rows.map(({ answer }) => answer.seq);
}
