/**
 * Enters candidates: a new attempt, or back to one, in one transaction that reads only the candidate's own rows, because thousands enter within minutes. Entries of one person
 * follow each other under a lock, so that attempts are counted right and one seat is the newest.
 */
import { randomInt } from "node:crypto";
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Candidate } from "../../../contracts/exams/candidate-token.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { checkGuestName } from "../../lessons/guest-name.ts";
import { ENTRY_MS, entryState } from "../exam-times.ts";
import { groupOf } from "../group-candidates.ts";
import { isSupervised } from "../supervised.ts";
import { type CandidateIdentity, identityOf } from "./candidate.ts";

export type Entry = {
  /** A guest's name. */
  readonly name: string | null;
  readonly consents: boolean;
  /** To what an examination shows and keeps of its candidates. */
  readonly consentsToSupervision: boolean;
  /** Whether the access code was right, or there is none. */
  readonly hasAccess: boolean;
  /** Whom the token of an earlier entry proves; null: none was sent, or it proves nobody. */
  readonly candidate: Candidate | null;
  readonly takesOver: boolean;
  readonly now: Date;
};

export type Entered = {
  readonly attempt: ExamAttempt;
  readonly isNew: boolean;
};

/** `integer` of PostgreSQL. */
const MAX_SEED = 2 ** 31 - 1;

/** @throws RefusalError guests-not-allowed, consent-needed, exam-consent-needed, exam-not-open-yet, exam-closed, exam-code-wrong, exam-no-attempts-left, exam-elsewhere */
export async function enterExam(db: Db, actor: Actor, exam: Exam, entry: Entry): Promise<Entered> {
  const { candidate } = entry;
  const proven = candidate && (await lockedAttempt(db, exam, candidate.attempt));
  // The token alone proves who comes back, also where the session is over; with another person's session it proves nothing.
  const isTheirs = proven && (proven.user_id === null || actor.kind !== "user" || proven.user_id === actor.id);
  if (candidate && proven && isTheirs) return await comeBack(db, exam, proven, candidate.seat, entry);
  const identity = await identityOf(db, actor, exam);
  const { userId } = identity;
  if (userId === null) return await newAttempt(db, actor, exam, { identity, number: 1, entry });
  await sql`select pg_advisory_xact_lock(hashtextextended(${`exam ${exam.id} ${userId}`}, 0))`.execute(db);
  const own = db.selectFrom("exam_attempts").selectAll().where("exam_id", "=", exam.id).where("user_id", "=", userId);
  const last = await own.orderBy("number", "desc").limit(1).forUpdate().executeTakeFirst();
  if (last && last.handed_in_at === null) return await comeBack(db, exam, last, null, entry);
  const number = (last?.number ?? 0) + 1;
  if (number > exam.attempts) throw new RefusalError("exam-no-attempts-left");
  return await newAttempt(db, actor, exam, { identity, number, entry });
}

function lockedAttempt(db: Db, exam: Exam, attemptId: string): Promise<ExamAttempt | undefined> {
  const attempts = db.selectFrom("exam_attempts").selectAll().where("id", "=", attemptId).where("exam_id", "=", exam.id);
  return attempts.forUpdate().executeTakeFirst();
}

/** @param seat of the device that comes; null: it has none */
async function comeBack(db: Db, exam: Exam, attempt: ExamAttempt, seat: number | null, entry: Entry): Promise<Entered> {
  if (seat === attempt.seat || attempt.handed_in_at !== null) return { attempt, isNew: false };
  if (!entry.takesOver) throw new RefusalError("exam-elsewhere");
  if (!entry.hasAccess && seat === null) throw new RefusalError("exam-code-wrong");
  const changed = await db
    .updateTable("exam_attempts")
    .set({ seat: attempt.seat + 1 })
    .where("id", "=", attempt.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (exam.facts.includes("other-device")) {
    // Devices number from 1.
    const fact = { attempt_id: attempt.id, seat: changed.seat, seq: 0, fact: "other-device", detail: "" };
    await db
      .insertInto("exam_facts")
      .values({ ...fact, written_at: entry.now, received_at: entry.now })
      .execute();
  }
  return { attempt: changed, isNew: false };
}

type Admission = { readonly identity: CandidateIdentity; readonly number: number; readonly entry: Entry };

async function newAttempt(db: Db, actor: Actor, exam: Exam, { identity, number, entry }: Admission): Promise<Entered> {
  checkWindow(exam, entry.now);
  if (!entry.hasAccess) throw new RefusalError("exam-code-wrong");
  if (identity.isGuest) await checkConsent(db, exam, entry);
  if (isSupervised(exam.supervision) && !entry.consentsToSupervision) throw new RefusalError("exam-consent-needed");
  const name = identity.userId === null ? (entry.name?.trim() ?? "") : actor.name;
  if (name === "") throw new RefusalError("bad-request", schoolText("guest-name"));
  // An API key vouches for the names that it sends: the people of another site.
  const isVouchedFor = identity.userId !== null || (actor.kind === "key" && actsFor(actor, exam.school_id));
  if (!isVouchedFor) await checkGuestName(db, { ...exam, teacher_id: null }, name);
  const attempt = await db
    .insertInto("exam_attempts")
    .values({
      id: newId(),
      exam_id: exam.id,
      school_id: exam.school_id,
      user_id: identity.userId,
      number,
      name,
      seed: randomInt(MAX_SEED),
      entered_at: entry.now,
      group_id: await groupOf(db, exam, identity.userId),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { attempt, isNew: true };
}

function checkWindow(exam: Exam, now: Date): void {
  const state = entryState(exam, now.getTime());
  if (state === "closed") throw new RefusalError("exam-closed");
  if (state === "open") return;
  const seconds = (exam.opens_at.getTime() - ENTRY_MS - now.getTime()) / 1000;
  throw new RefusalError(new Refusal("exam-not-open-yet").after(seconds));
}

async function checkConsent(db: Db, { school_id }: Exam, { consents }: Entry): Promise<void> {
  const schools = db.selectFrom("schools").select("guest_consent").where("id", "=", school_id);
  const { guest_consent: terms } = await schools.executeTakeFirstOrThrow();
  if (terms !== "" && !consents) throw new RefusalError("consent-needed");
}
