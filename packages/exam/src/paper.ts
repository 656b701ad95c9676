/** Defines a paper: sections of questions, as teachers write it, and as candidates get it. */
import type { Media } from "./media.ts";
import type { AuthoredQuestion, Question } from "./question.ts";

export type Passage = {
  readonly id: string;
  readonly title: string;
  /** May be empty where there is a picture or sound. */
  readonly text: string;
  /** Below the text. */
  readonly media?: readonly Media[];
};

type SectionBase = {
  readonly id: string;
  readonly title: string;
  readonly instruction: string;
  readonly passages: readonly Passage[];
  /** So many of the questions are drawn for each candidate; without it all are asked. Questions of a passage are drawn together. */
  readonly draw?: number;
  readonly isShuffled: boolean;
  /** Whether options, right sides of matchings and items of orderings are shuffled. Items of an ordering always are. */
  readonly areOptionsShuffled: boolean;
  /** A time of its own, from when the candidate begins the section, within the paper's. Absent: only the paper's. */
  readonly minutes?: number;
};
export type AuthoredSection = SectionBase & { readonly questions: readonly AuthoredQuestion[] };
export type Section = SectionBase & { readonly questions: readonly Question[] };

export type AuthoredPaper = { readonly title: string; readonly instruction: string; readonly sections: readonly AuthoredSection[] };
/** What the encrypted package holds as JSON. It has no solution, no rubric and no explanation. */
export type Paper = { readonly title: string; readonly instruction: string; readonly sections: readonly Section[] };
