/** Defines what a candidate has reached. */

export type QuestionScore = {
  readonly points: number;
  readonly of: number;
  /** graded: by rules. waits: for a person, points are 0 until then. marked: by a person. */
  readonly by: "rules" | "waits" | "person";
};
export type SheetScore = {
  readonly points: number;
  readonly of: number;
  /** Questions that wait for a person. */
  readonly waiting: number;
  /** Only questions that the candidate was asked. */
  readonly questions: Readonly<Record<string, QuestionScore>>;
};
