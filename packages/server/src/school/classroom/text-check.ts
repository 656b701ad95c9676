/** Defines what the word lists of a school say of a text: from memory, without waiting. */

export type TextVerdict = {
  readonly action: "pass" | "mask" | "hold" | "refuse";
  /** As it may be shown: with asterisks where the action is "mask". */
  readonly text: string;
  /** Names of the lists that decided, for staff; null: passed. */
  readonly reason: string | null;
};

export type TextCheck = (schoolId: string, text: string) => TextVerdict;
