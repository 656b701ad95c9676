/**
 * Defines the questions of a paper. What candidates see (`Question`) and what is right (`Solution`) are apart, so that a package that is given out cannot
 * hold a solution. Ids are short and unique in a paper. Texts may hold mathematics between `$`, as in quizzes.
 */

import type { Media } from "./media.ts";

export const QUESTION_KINDS = [
  "single",
  "multiple",
  "boolean",
  "gaps",
  "matching",
  "ordering",
  "text",
  "essay",
  "speaking",
] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

export type Option = {
  readonly id: string;
  readonly text: string;
  /** It keeps its place when options are shuffled: "none of these". */
  readonly isAnchored?: boolean;
};

type QuestionBase = {
  readonly id: string;
  readonly text: string;
  /** More than 0, a multiple of 0.5. */
  readonly points: number;
  /** Below the text, in this order. */
  readonly media?: readonly Media[];
  /** The id of a passage of the section, which is shown beside the question. */
  readonly passage?: string;
  /** What it tests, as the school names it. */
  readonly knowledge?: readonly string[];
  /** 1 (easy) to 5. */
  readonly difficulty?: number;
};

export type ChoiceQuestion = QuestionBase & {
  readonly kind: "single" | "multiple";
  /** 2 to 20. */
  readonly options: readonly Option[];
};
export type BooleanQuestion = QuestionBase & { readonly kind: "boolean" };
/** The text has `{{ID}}` where each gap is. */
export type GapsQuestion = QuestionBase & {
  readonly kind: "gaps";
  readonly gaps: readonly {
    readonly id: string;
    readonly form: "text" | "number" /** Shown behind the gap. */;
    readonly unit?: string;
  }[];
};
/** Each of the left is matched with one of the right, which may be more, and may be used once or several times. */
export type MatchingQuestion = QuestionBase & {
  readonly kind: "matching";
  readonly left: readonly Option[];
  readonly right: readonly Option[];
};
export type OrderingQuestion = QuestionBase & { readonly kind: "ordering"; readonly items: readonly Option[] };
export type TextQuestion = QuestionBase & { readonly kind: "text" };
export type EssayQuestion = QuestionBase & {
  readonly kind: "essay";
  /** How it is answered: typed, or photos of what was written by hand. */
  readonly form: "typed" | "photos";
  /** Of a typed one. Default: 20 000 letters. */
  readonly maxLetters?: number;
};
export type SpeakingQuestion = QuestionBase & {
  readonly kind: "speaking" /** Of the recorded sound, up to 300. */;
  readonly maxSeconds: number;
};

export type Question =
  | ChoiceQuestion
  | BooleanQuestion
  | GapsQuestion
  | MatchingQuestion
  | OrderingQuestion
  | TextQuestion
  | EssayQuestion
  | SpeakingQuestion;

/** A typed form counts in any case, width (NFKC) and spacing (`foldText` of `@lectern/room`), unless case matters. */
export type AcceptedTexts = { readonly texts: readonly string[]; readonly isCaseSensitive?: boolean };
/** Within the tolerance. A unit that is typed behind the number must be this one. */
export type AcceptedNumber = { readonly value: number; readonly tolerance: number; readonly unit?: string };

/**
 * What is right. `part` gives points for each right part: multiple: each right option counts, each wrong one takes as much away, never below 0; gaps, matching: each right
 * gap or pair; ordering: each two neighbours that stand one right behind the other in the answer too. `all` gives all points or none. Points of a question are rounded to
 * 2 decimals, half a hundredth up; those of a sheet are their sum.
 */
export type Scoring = "all" | "part";
export type Solution =
  | { readonly kind: "single"; readonly right: string }
  | { readonly kind: "multiple"; readonly right: readonly string[]; readonly scoring: Scoring }
  | { readonly kind: "boolean"; readonly right: boolean }
  | {
      readonly kind: "gaps";
      readonly accepted: Readonly<Record<string, AcceptedTexts | AcceptedNumber>>;
      readonly scoring: Scoring;
    }
  | { readonly kind: "matching"; readonly pairs: Readonly<Record<string, string>>; readonly scoring: Scoring }
  | { readonly kind: "ordering"; readonly order: readonly string[]; readonly scoring: Scoring }
  /** Without texts, a person marks it. */
  | { readonly kind: "text"; readonly accepted: AcceptedTexts }
  /** A person marks it by this. */
  | { readonly kind: "essay" | "speaking"; readonly rubric: string; readonly criteria?: readonly Criterion[] };

/** One thing that a rubric gives points for. The person who marks may give others than the sum of those that are met. */
export type Criterion = {
  readonly id: string;
  readonly text: string;
  /** More than 0, a multiple of 0.5. Those of all criteria are not more than the question's. */
  readonly points: number;
};

/** A question with what is right, and the explanation that candidates get with their results. */
export type AuthoredQuestion = { readonly question: Question; readonly solution: Solution; readonly explanation?: string };
