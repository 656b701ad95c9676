/** Provides the domains of quizzes: `quiz` is what staff do, `answer` what members do. They share the counts that are in memory. */
import type { Clock } from "../../../platform/clock.ts";
import type { Domain } from "../domain.ts";
import type { TextCheck } from "../text-check.ts";
import { answerDomain } from "./answer-domain.ts";
import { LiveQuizzes } from "./live-quizzes.ts";
import { quizDomain } from "./quiz-domain.ts";

/** @param check what the word lists say of texts that people gave as answers, before everybody sees them */
export function quizDomains(check: TextCheck, clock?: Clock): Domain[] {
  const live = new LiveQuizzes(clock);
  return [quizDomain(live, check) as Domain, answerDomain(live) as Domain];
}
