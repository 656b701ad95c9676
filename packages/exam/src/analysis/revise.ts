/**
 * Names questions that a teacher should look at again. Discrimination: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement, 5th edition 1991 (0.40 and up
 * very good, 0.30 to 0.39 good, 0.20 to 0.29 marginal, below 0.20 poor). Options that hardly anybody chooses: T. M. Haladyna and S. M. Downing, How Many Options
 * Is Enough for a Multiple-Choice Test Item?, Educational and Psychological Measurement 53 (1993), 999–1010 (below 5 %).
 */
import type { ChoiceCount } from "./choice-counts.ts";

export const REVISE_RULES = [
  /** The better candidates do worse: look at the solution first. */
  "discrimination-negative",
  "discrimination-poor",
  "too-hard",
  "too-easy",
  /** A wrong option that fewer than 5 % choose. */
  "option-unused",
  /** The best fifth chose a wrong option more often than the right one. */
  "wrong-option-preferred",
] as const;
export type ReviseRule = (typeof REVISE_RULES)[number];

export const REVISE_LIMITS = {
  /** Fewer candidates say nothing about a question. */
  leastCandidates: 20,
  poorDiscrimination: 0.2,
  hard: 0.2,
  easy: 0.95,
  unusedOption: 0.05,
} as const;

export type RevisedFigures = {
  readonly candidates: number;
  readonly difficulty: number | null;
  readonly discrimination: number | null;
  readonly choices: readonly (ChoiceCount & { readonly isRight: boolean })[] | null;
};

export function reviseRules({ candidates, difficulty, discrimination, choices }: RevisedFigures): readonly ReviseRule[] {
  if (candidates < REVISE_LIMITS.leastCandidates || difficulty === null) return [];
  const rules: ReviseRule[] = [];
  if (discrimination !== null && discrimination < 0) rules.push("discrimination-negative");
  else if (discrimination !== null && discrimination < REVISE_LIMITS.poorDiscrimination) rules.push("discrimination-poor");
  if (difficulty < REVISE_LIMITS.hard) rules.push("too-hard");
  if (difficulty > REVISE_LIMITS.easy) rules.push("too-easy");
  const options = choices?.filter(({ choice }) => choice !== "") ?? [];
  // Of a question that nearly all answer well, no wrong option can be chosen often.
  const isEasy = difficulty > 1 - REVISE_LIMITS.unusedOption;
  if (!isEasy && options.some(({ isRight, count }) => !isRight && count < candidates * REVISE_LIMITS.unusedOption))
    rules.push("option-unused");
  const most = (isWanted: boolean) =>
    Math.max(0, ...options.filter(({ isRight }) => isRight === isWanted).map(({ byGroup }) => byGroup.at(-1) ?? 0));
  if (options.length > 0 && most(false) > most(true)) rules.push("wrong-option-preferred");
  return rules;
}
