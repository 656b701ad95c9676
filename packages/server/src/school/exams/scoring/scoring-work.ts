/**
 * Sends answers to their schools' scoring services in the background, and stores what they propose. Nothing is lost while a service is down: what waits is sent again,
 * with growing delays, until the answer is scored, refused, or marked by a person.
 */
import type { AnswerValue } from "@lectern/exam";
import { sql, type Updateable } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { json } from "../../../platform/store/store.ts";
import { FAILURES_BEFORE_PAUSE, pauseUntil } from "../../foundation/delivery/endpoint-health.ts";
import { headersOf } from "../../foundation/delivery/post-delivery.ts";
import { type GuardedAnswer, type GuardedPost, postGuarded } from "../../foundation/delivery/post-guarded.ts";
import { RETRY_DELAYS_MS } from "../../foundation/delivery/retry-schedule.ts";
import type { Changes } from "../../foundation/store/change.ts";
import type { ExamFile } from "../../foundation/store/exam-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database, Db, Tables } from "../../foundation/store/tables.ts";
import type { Look, Slots, WorkItem, WorkKind } from "../../foundation/work/work-kind.ts";
import { storedFiles } from "../answer-files.ts";
import { newestAnswers } from "../attempt-rows.ts";
import { FrozenPapers } from "../grading/frozen-papers.ts";
import { authoredQuestion } from "../grading/questions-to-mark.ts";
import { hashOfAnswer } from "../score-proposals.ts";
import { EXAM_SCORING } from "../work-names.ts";
import { acceptByRule, isSure } from "./accept-by-rule.ts";
import { MAX_FILE_BYTES, readScore, SCORE_EVENT, type Scored, type SentFile, scoreRequest } from "./score-exchange.ts";

const PLACES: Slots = { total: 12, perSchool: 4, perTarget: 4, failing: 3, probeAfter: FAILURES_BEFORE_PAUSE };
/** A model needs so long for an essay. */
const ANSWER_WITHIN_MS = 60_000;
const MAX_ANSWER_TEXT = 16_384;
/** Of a failed answer: an hour at most, however often. */
const DELAYS_MS = RETRY_DELAYS_MS.slice(0, 5);
const NOT_READY_SECONDS = 30;
const MAX_WAIT_SECONDS = 3600;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** Of this process: proposals, answers that a service cannot score or does later, and failed requests. */
export type ScoringCounts = { proposed: number; refused: number; later: number; failed: number };

export type ExamScoringOptions = {
  readonly counts: ScoringCounts;
  readonly db: Database;
  readonly changes: Changes;
  readonly log: Logger;
  readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  /** Whether services of schools may be in private networks. */
  readonly allowPrivate: () => boolean;
  readonly files: { readonly read: (file: ExamFile) => Promise<Buffer | null> };
  /** Default: over HTTP. */
  readonly post?: (post: GuardedPost) => Promise<GuardedAnswer>;
};

type Waiting = NonNullable<Awaited<ReturnType<typeof readWaiting>>>;

/** The target of an item is the service. */
export function examScoring(options: ExamScoringOptions): WorkKind<WorkItem> {
  const papers = new FrozenPapers();
  return {
    name: EXAM_SCORING,
    places: PLACES,
    failure: "proposal of a scoring service not stored, asking again",
    isWokenBy: ({ action }) => action.startsWith("scoring-service."),
    find: (look) => findDue(options.db, look),
    perform: async ({ id }, { now }) => {
      const [attemptId = "", question = ""] = id.split("/");
      const waiting = await readWaiting(options.db, attemptId, question);
      if (waiting) await score(options, papers, waiting, now);
    },
  };
}

/** Of each service, the first answers that its limits allow now, or the first one when they allow it. */
async function findDue(db: Database, { now, until, busy }: Look): Promise<WorkItem[]> {
  const services = await db
    .selectFrom("scoring_services")
    .select(["id", "school_id", "per_minute", "per_day", "failures", "paused_until"])
    .where("enabled", "=", true)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("exam_proposals")
          .select("question")
          .whereRef("exam_proposals.school_id", "=", "scoring_services.school_id")
          .where("state", "=", "waiting"),
      ),
    )
    .execute();
  const items: WorkItem[] = [];
  for (const { id: target, school_id: schoolId, per_minute, per_day, failures, paused_until } of services) {
    const limits = [
      await limitOf(db, schoolId, { most: per_minute, withinMs: MINUTE_MS, now }),
      await limitOf(db, schoolId, { most: per_day, withinMs: DAY_MS, now }),
    ];
    const left = Math.min(...limits.map((limit) => limit.left));
    const allowedAt = Math.max(...limits.map((limit) => limit.againAt), paused_until?.getTime() ?? 0);
    const rows = await db
      .selectFrom("exam_proposals")
      .select(["attempt_id", "question", "next_at"])
      .where("school_id", "=", schoolId)
      .where("state", "=", "waiting")
      .where(sql<string>`attempt_id || '/' || question`, "not in", ["", ...busy])
      .orderBy("next_at")
      // Where nothing may be sent now, the first one says when to look again.
      .limit(Math.min(PLACES.perTarget, Math.max(1, left)))
      .execute();
    for (const { attempt_id, question, next_at } of rows) {
      const dueAt = Math.max(next_at.getTime(), allowedAt);
      if (dueAt <= until) items.push({ id: `${attempt_id}/${question}`, schoolId, target, failures, dueAt });
    }
  }
  return items.toSorted((one, other) => one.dueAt - other.dueAt);
}

type Window = { readonly most: number; readonly withinMs: number; readonly now: number };

/** How many more may be sent now, and from when on one may where none may: 0 is now. */
async function limitOf(db: Database, schoolId: string, { most, withinMs, now }: Window) {
  const sent = db
    .selectFrom("exam_proposals")
    .where("school_id", "=", schoolId)
    .where("sent_at", ">", new Date(now - withinMs));
  const { count } = await sent.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const left = most - Number(count);
  if (left > 0) return { left, againAt: 0 };
  const oldest = await sent
    .select("sent_at")
    .orderBy("sent_at", "desc")
    .offset(most - 1)
    .limit(1)
    .executeTakeFirst();
  return { left, againAt: (oldest?.sent_at?.getTime() ?? now) + withinMs };
}

async function readWaiting(db: Database, attemptId: string, question: string) {
  return await db
    .selectFrom("exam_proposals")
    .innerJoin("scoring_services", "scoring_services.school_id", "exam_proposals.school_id")
    .innerJoin("exam_attempts", "exam_attempts.id", "exam_proposals.attempt_id")
    .select(["exam_proposals.attempt_id", "exam_proposals.question", "exam_proposals.exam_id", "tries"])
    .select(["scoring_services.id as serviceId", "url", "secret", "accept_confidence", "failures"])
    .select("erased_at")
    .select((eb) => sql<string | null>`${eb.ref("exam_attempts.questions")} -> ${question}::text ->> 'by'`.as("by"))
    .where("exam_proposals.attempt_id", "=", attemptId)
    .where("exam_proposals.question", "=", question)
    .where("state", "=", "waiting")
    .where("enabled", "=", true)
    .executeTakeFirst();
}

async function score(options: ExamScoringOptions, papers: FrozenPapers, waiting: Waiting, now: number): Promise<void> {
  const { db, post = postGuarded, storedSecrets, allowPrivate } = options;
  const { attempt_id: attemptId, question, exam_id: examId, url, serviceId } = waiting;
  const authored = authoredQuestion(await papers.paperOf(db, examId), question);
  // A person was faster, the answer was erased, or is graded by a rule now.
  if (waiting.by !== "waits" || waiting.erased_at || !authored) return await forget(db, waiting);
  const [answer] = await newestAnswers(db, [attemptId], [question]);
  const value: AnswerValue = answer?.value ?? null;
  const hash = hashOfAnswer(value);
  const files = await filesOf(options, waiting, value);
  if (files === "too-large") return await refuse(db, waiting, hash);
  const secret = storedSecrets.decrypt("scoring_services", serviceId, waiting.secret);
  if (secret === null) return await failed(options, waiting, "the service's secret cannot be decrypted; make a new service", now);
  const id = `${attemptId}-${question}`;
  const body = scoreRequest({ id, attemptId, authored, text: textOf(value), files });
  await updated(db, waiting, { sent_at: new Date(now) });
  const headers = headersOf({ id, event: SCORE_EVENT, body, secret });
  const limits = { withinMs: ANSWER_WITHIN_MS, maxTextLength: MAX_ANSWER_TEXT };
  const told = await post({ url, headers, body, allowPrivate: allowPrivate(), ...limits });
  if (told.status === 202) {
    const seconds = Math.min(Math.max(told.retryAfterSeconds ?? NOT_READY_SECONDS, 1), MAX_WAIT_SECONDS);
    await worked(options, waiting, "later");
    await updated(db, waiting, { next_at: new Date(Date.now() + seconds * 1000) });
    return;
  }
  // It is read, and cannot be scored: asking again changes nothing.
  if (told.status === 422) {
    await worked(options, waiting, "refused");
    return await refuse(db, waiting, hash);
  }
  if (told.error !== null) return await failed(options, waiting, told.error, Date.now());
  const scored = readScore(told.text, authored.question.points);
  if (!scored) return await failed(options, waiting, "the answer has no score of the question", Date.now());
  await worked(options, waiting, "proposed");
  const isStored = await storeProposal(options, waiting, hash, scored);
  const { points, confidence, comment } = scored;
  if (isStored && isSure(waiting, confidence))
    await acceptByRule(options, papers, { serviceId, confidence, attemptId, examId, question, hash, points, comment });
}

/** @returns false: the candidate's device has sent another answer meanwhile, which is asked about now, or nobody waits for the service any more */
async function storeProposal({ db }: ExamScoringOptions, waiting: Waiting, hash: string, scored: Scored): Promise<boolean> {
  const { points, confidence, criteria, comment } = scored;
  return await db.transaction().execute(async (trx) => {
    await trx.selectFrom("exam_attempts").select("id").where("id", "=", waiting.attempt_id).forNoKeyUpdate().execute();
    const [answer] = await newestAnswers(trx, [waiting.attempt_id], [waiting.question]);
    if (hashOfAnswer(answer?.value ?? null) !== hash) return false;
    return await updated(trx, waiting, {
      state: "proposed",
      answer_hash: hash,
      points,
      confidence,
      comment,
      criteria: json<readonly string[]>(criteria),
    });
  });
}

/** Photos and sound, in the order of the answer. What has not arrived is left out: the service gets what a person would see. */
async function filesOf({ db, files }: ExamScoringOptions, { attempt_id, question }: Waiting, value: AnswerValue) {
  const names = typeof value === "object" && value !== null && "uploads" in value ? value.uploads : [];
  if (!Array.isArray(names) || names.length === 0) return [];
  const stored = await storedFiles(db, [attempt_id], question);
  const named = names.flatMap((name) => stored.filter(({ id }) => id === name));
  if (named.reduce((sum, { size }) => sum + size, 0) > MAX_FILE_BYTES) return "too-large";
  const sent: SentFile[] = [];
  for (const file of named) {
    const bytes = await files.read(file);
    // It is on a node that cannot be reached now.
    if (!bytes) throw new Error("a file of the answer cannot be read");
    sent.push({ type: file.type ?? "", base64: bytes.toString("base64") });
  }
  return sent;
}

function textOf(value: AnswerValue): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && "typed" in value && typeof value.typed === "string" ? value.typed : "";
}

/** @returns false: it does not wait any more */
async function updated(db: Db, { attempt_id, question }: Waiting, columns: Updateable<Tables["exam_proposals"]>): Promise<boolean> {
  const row = db.updateTable("exam_proposals").set(columns).where("attempt_id", "=", attempt_id);
  const { numUpdatedRows } = await row.where("question", "=", question).where("state", "=", "waiting").executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function forget(db: Db, { attempt_id, question }: Waiting): Promise<void> {
  await db.deleteFrom("exam_proposals").where("attempt_id", "=", attempt_id).where("question", "=", question).execute();
}

async function refuse(db: Db, waiting: Waiting, hash: string): Promise<void> {
  await updated(db, waiting, { state: "refused", answer_hash: hash });
}

async function worked(
  { db, log, counts }: ExamScoringOptions,
  { serviceId, failures }: Waiting,
  result: keyof ScoringCounts,
): Promise<void> {
  counts[result]++;
  const works = { failures: 0, paused_until: null, last_error: "" };
  await db.updateTable("scoring_services").set(works).where("id", "=", serviceId).where("failures", ">", 0).execute();
  if (failures >= FAILURES_BEFORE_PAUSE) log.info({ service: serviceId, failures }, "scoring service works again");
}

async function failed({ db, log, counts }: ExamScoringOptions, waiting: Waiting, error: string, now: number): Promise<void> {
  counts.failed++;
  const { tries, serviceId } = waiting;
  const delay = DELAYS_MS[Math.min(tries, DELAYS_MS.length - 1)] ?? MINUTE_MS;
  await updated(db, waiting, { tries: tries + 1, next_at: new Date(now + delay) });
  const service = await db
    .updateTable("scoring_services")
    .set((row) => ({ failures: row("failures", "+", 1), last_error: error }))
    .where("id", "=", serviceId)
    .returning("failures")
    .executeTakeFirst();
  const until = service ? pauseUntil(service.failures, now) : null;
  if (!service || !until) return;
  await db.updateTable("scoring_services").set({ paused_until: until }).where("id", "=", serviceId).execute();
  log.warn({ service: serviceId, failures: service.failures, until, error }, "scoring service paused");
}
