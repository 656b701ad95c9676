/**
 * Asks back ends, and caches their answers in a media worker. Requests with the same question share one, also while it is being asked. Each school has
 * its turns, so that a back end that does not answer delays only the viewers of its school.
 */
import { type Clock, systemClock } from "../../platform/clock.ts";
import { FairQueue } from "../../platform/fair-queue.ts";
import { answerOf, type BackEndAnswer } from "../rules/back-end-answer.ts";
import { type BackEndQuestion, type EncodedQuestion, encodeQuestion, isTooLong, MAX_QUERY } from "./back-end-question.ts";
import type { Posted, PostOptions } from "./post-question.ts";

export type AnswerCacheOptions = {
  readonly post: (question: EncodedQuestion, options: PostOptions) => Promise<Posted>;
  /** Whether questions of schools may lead into private networks. */
  readonly allowPrivate: () => boolean;
  /** What is open may have to end. */
  readonly onRefused: () => void;
  /** A back end has answered, or failed. */
  readonly onAnswer: (question: BackEndQuestion, answer: BackEndAnswer) => void;
  readonly clock?: Clock;
};

type Entry = {
  /** The last answer, through failures that came after it. */
  last: BackEndAnswer | null;
  /** The last attempt, where it failed. */
  failed: BackEndAnswer | null;
  requestedAt: number;
  freshUntil: number;
  asking: Promise<BackEndAnswer> | null;
};

/** What is known of a question. */
export type KnownAnswer = {
  readonly last: BackEndAnswer | null;
  readonly failed: BackEndAnswer | null;
  /** For so long it has been too old, milliseconds; 0 and less: it is not. */
  readonly overdueMs: number;
};

const MAX_ANSWERS = 20_000;
/** Questions under way, of which one school has a fifth at most. Two hundred a second need ten where the back end takes 50 ms. */
const SLOTS = 256;
const MAX_WAITING = 20_000;
const MAX_WAITING_OF_SCHOOL = 5000;
/** A question that has no turn within this has failed. */
const TURN_WITHIN_MS = 3000;
/** A back end that has failed is asked the same question again after this. */
const FAILED_MS = 2000;
/** What is open asks no more often, whatever the rule says. */
const LEAST_STAY_MS = 1000;
const TOO_LONG: BackEndAnswer = { kind: "refuse", about: `parameters of more than ${MAX_QUERY} characters` };

export class AnswerCache {
  private readonly options: AnswerCacheOptions;
  private readonly clock: Clock;
  private readonly entries = new Map<string, Entry>();
  private readonly queue: FairQueue;

  constructor(options: AnswerCacheOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.queue = new FairQueue({ slots: SLOTS, maxWaitingPerKey: MAX_WAITING_OF_SCHOOL, maxWaiting: MAX_WAITING }, this.clock);
  }

  /** For a client that wants to begin. */
  async answer(question: BackEndQuestion): Promise<BackEndAnswer> {
    if (isTooLong(question)) return TOO_LONG;
    const entry = this.entries.get(question.key);
    const known = entry && (entry.failed ?? entry.last);
    return known && this.clock.monotonic() < entry.freshUntil ? known : await this.ask(question, false);
  }

  /** For an explanation: what the back end says at this moment. Nothing is cached. */
  async ofNow(question: BackEndQuestion): Promise<BackEndAnswer> {
    return isTooLong(question) ? TOO_LONG : await this.inTurn(question, false);
  }

  /** For an admitted client. Asks in the background for what is too old, or not known. */
  known(question: BackEndQuestion): KnownAnswer {
    const entry = this.entries.get(question.key);
    const now = this.clock.monotonic();
    const due = entry ? Math.max(entry.freshUntil, entry.requestedAt + LEAST_STAY_MS) : 0;
    if (!isTooLong(question) && (!entry || now >= due)) void this.ask(question, true);
    return { last: entry?.last ?? null, failed: entry?.failed ?? null, overdueMs: entry ? now - due : Number.POSITIVE_INFINITY };
  }

  /** Asks, or waits for the answer that others wait for. @param isStay the client is in */
  ask(question: BackEndQuestion, isStay: boolean): Promise<BackEndAnswer> {
    const entry = this.entryOf(question.key);
    entry.asking ??= this.inTurn(question, isStay).then((answer) => {
      entry.asking = null;
      this.take(question, entry, answer, isStay);
      return answer;
    });
    return entry.asking;
  }

  private take(question: BackEndQuestion, entry: Entry, answer: BackEndAnswer, isStay: boolean): void {
    const { cacheSeconds, refusedCacheSeconds } = question.rule;
    const before = entry.last;
    entry.requestedAt = this.clock.monotonic();
    entry.failed = answer.kind === "failed" ? answer : null;
    if (answer.kind !== "failed") entry.last = answer;
    const seconds = answer.kind === "allow" ? cacheSeconds : refusedCacheSeconds;
    entry.freshUntil = entry.requestedAt + (entry.failed ? FAILED_MS : seconds * 1000);
    if (answer.kind === "refuse" && (isStay || before?.kind === "allow")) this.options.onRefused();
  }

  /** The newest are kept. */
  private entryOf(key: string): Entry {
    const entry = this.entries.get(key) ?? { last: null, failed: null, requestedAt: 0, freshUntil: 0, asking: null };
    this.entries.delete(key);
    this.entries.set(key, entry);
    const oldest = this.entries.size > MAX_ANSWERS ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    return entry;
  }

  /** Those who are in do not stand before those who come. Never fails. */
  private async inTurn(question: BackEndQuestion, isStay: boolean): Promise<BackEndAnswer> {
    const place = this.queue.take(isStay ? `stay ${question.owner}` : `begin ${question.owner}`);
    if (!place) return answerOf(null, "too many questions are waiting");
    const late = Promise.withResolvers<"late">();
    const cancel = this.clock.after(TURN_WITHIN_MS, () => late.resolve("late"));
    const turn = await Promise.race([place.ready, late.promise]);
    cancel();
    if (turn === "late") {
      place.end();
      return answerOf(null, `no turn within ${TURN_WITHIN_MS} ms`);
    }
    const allowPrivate = question.isOperators || this.options.allowPrivate();
    const { post } = this.options;
    const posted = await post(encodeQuestion(question), { timeoutMs: question.rule.timeoutMs, allowPrivate }).catch(
      (error: unknown) => {
        return { status: null, reason: String(error), closed: Promise.resolve() };
      },
    );
    void posted.closed.then(place.end);
    const answer = answerOf(posted.status, posted.reason);
    this.options.onAnswer(question, answer);
    return answer;
  }
}
