/**
 * Decides requests under rules of kind `back-end`. The rules themselves are pure functions of a subject that has the answers: this class asks for them
 * when all other rules let a request through, so that a stranger causes no question.
 */
import { Refusal } from "../platform/refusal.ts";
import type { AnswerCache, KnownAnswer } from "./back-end/answer-cache.ts";
import { type BackEndQuestion, questionOf, type SharedFacts, sharedBy } from "./back-end/back-end-question.ts";
import type { FoundFacts, SessionFacts } from "./back-end/session-facts.ts";
import { decide } from "./pipeline.ts";
import type { BackEndRule, EffectiveRule, PolicyRule } from "./policies/access-policy.ts";
import { backEnd } from "./rules/back-end.ts";
import type { BackEndAnswer } from "./rules/back-end-answer.ts";
import type { AccessSubject } from "./rules/rule.ts";

type Answers = ReadonlyMap<PolicyRule, BackEndAnswer>;
type BackEndRuleOf = EffectiveRule & { readonly rule: BackEndRule };

/** An HLS viewer who comes back after a pause waits for an answer that is older. */
const OVERDUE_MS = 3000;

export class BackEnds {
  private readonly cache: Pick<AnswerCache, "answer" | "ofNow" | "known" | "ask">;
  private readonly sessions: Pick<SessionFacts, "of"> | null;

  /** @param sessions null where no sessions are served */
  constructor(cache: BackEnds["cache"], sessions: BackEnds["sessions"]) {
    this.cache = cache;
    this.sessions = sessions;
  }

  /** Decides on a client that wants to begin. */
  async begin(subject: AccessSubject): Promise<Refusal | null> {
    const rules = backEndRules(subject);
    // What rules in dry-run say is told once.
    if (rules.length === 0 || decide({ ...subject, onDryRun: () => {} })) return decide(subject);
    const told = sharedBy(subject);
    for (const of of rules) if (of.rule.mode === "dry-run") void this.tryOut(of, subject, told);
    const answer = (question: BackEndQuestion) => this.cache.answer(question);
    return decide({ ...subject, answers: await answersOf(rules.filter(isEnforced), subject, told, answer) });
  }

  /** The subject with what all back ends answer at this moment, for an explanation. */
  async asked(subject: AccessSubject): Promise<AccessSubject> {
    const rules = backEndRules(subject);
    if (rules.length === 0 || decide(subject)) return subject;
    const answer = (question: BackEndQuestion) => this.cache.ofNow(question);
    return { ...subject, answers: await answersOf(rules, subject, sharedBy(subject), answer) };
  }

  /** Decides on an open connection. While an answer is asked for, the last one holds. */
  stay(subject: AccessSubject): Refusal | null {
    const rules = backEndRules(subject).filter(isEnforced);
    if (rules.length === 0) return decide(subject);
    const told = sharedBy(subject);
    return decide({
      ...subject,
      answers: lastAnswers(rules.map(({ rule, source }) => this.knownOf({ rule, source }, subject, told))),
    });
  }

  /** Decides on a request of an HLS session; without a promise where its answer is known. */
  session(subject: AccessSubject): Refusal | null | Promise<Refusal | null> {
    const rules = backEndRules(subject).filter(isEnforced);
    const { session } = subject.credentials;
    if (rules.length === 0 || session === null || !this.sessions) return decide(subject);
    const told = this.sessions.of(session);
    if (told instanceof Promise) return told.then((found) => this.foundSession(rules, subject, found));
    return this.reportedSession(rules, subject, told);
  }

  private foundSession(
    rules: readonly BackEndRuleOf[],
    subject: AccessSubject,
    told: FoundFacts,
  ): Refusal | null | Promise<Refusal | null> {
    // The session stands for an earlier admission.
    if (told === "unanswered") return decide(subject);
    // A rule that is newer than the session, or a restart: the player asks for another session, and says again what it said first.
    return told ? this.reportedSession(rules, subject, told) : (decide(subject) ?? new Refusal("bad-signature").by(backEnd.name));
  }

  private reportedSession(
    rules: readonly BackEndRuleOf[],
    subject: AccessSubject,
    told: SharedFacts,
  ): Refusal | null | Promise<Refusal | null> {
    const known = rules.map((of) => this.knownOf(of, subject, told));
    if (known.every(({ answer: { overdueMs } }) => overdueMs < OVERDUE_MS))
      return decide({ ...subject, answers: lastAnswers(known) });
    const asked = Promise.all(known.map(({ question }) => this.cache.ask(question, true)));
    return asked.then(() => decide({ ...subject, answers: lastAnswers(rules.map((of) => this.knownOf(of, subject, told))) }));
  }

  private knownOf(of: BackEndRuleOf, subject: AccessSubject, told: SharedFacts): Known {
    const question = questionOf(of, subject, told);
    return { rule: of.rule, question, answer: this.cache.known(question) };
  }

  /** Nobody waits for the answer of a rule in dry-run. */
  private async tryOut(of: BackEndRuleOf, subject: AccessSubject, told: SharedFacts): Promise<void> {
    const answer = await this.cache.answer(questionOf(of, subject, told));
    const [tried] = backEnd.each?.({ ...subject, rules: [of], answers: new Map([[of.rule, answer]]) }) ?? [];
    if (tried?.decision instanceof Refusal) subject.onDryRun(of, tried.decision);
  }
}

type Known = { readonly rule: BackEndRule; readonly question: BackEndQuestion; readonly answer: KnownAnswer };

/** A back end that fails changes nothing for those who are in. */
function lastAnswers(known: readonly Known[]): Answers {
  return new Map(known.flatMap(({ rule, answer: { last } }) => (last ? [[rule, last]] : [])));
}

async function answersOf(
  rules: readonly BackEndRuleOf[],
  subject: AccessSubject,
  told: SharedFacts,
  answer: (question: BackEndQuestion) => Promise<BackEndAnswer>,
): Promise<Answers> {
  return new Map(await Promise.all(rules.map(async (of) => [of.rule, await answer(questionOf(of, subject, told))] as const)));
}

function backEndRules({ rules }: Pick<AccessSubject, "rules">): readonly BackEndRuleOf[] {
  if (rules instanceof Refusal) return [];
  return rules.filter((of): of is BackEndRuleOf => of.rule.kind === "back-end");
}

function isEnforced({ rule }: BackEndRuleOf): boolean {
  return rule.mode === "enforce";
}
