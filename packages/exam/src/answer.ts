/** Defines what candidates answer. Every change of an answer is sent once, with the number that the device gave it. */

/**
 * single: the option's id. multiple, ordering: ids. boolean. gaps: texts by gap. matching: ids of the right by ids of the left. text: a text.
 * essay: typed, or ids of uploaded photos. speaking: the id of the uploaded sound. null: taken back.
 */
export type AnswerValue =
  | null
  | boolean
  | string
  | readonly string[]
  | Readonly<Record<string, string>>
  | { readonly typed: string }
  | { readonly uploads: readonly string[] };

export type Answer = {
  /** From 1, without holes, over answers and facts of a seat. */
  readonly seq: number;
  readonly question: string;
  readonly value: AnswerValue;
  /** Whether the candidate wants to look at it again. */
  readonly isMarked?: boolean;
  /** Milliseconds since 1970 by the device, corrected by what it knows of the server's clock. */
  readonly writtenAt: number;
};

/** What those who supervise may want to know; nothing is concluded from it. */
export const FACT_KINDS = [
  "page-left",
  "page-back",
  "full-screen-left",
  "large-paste",
  "network-away",
  "network-back",
  "other-device",
] as const;
export type FactKind = (typeof FACT_KINDS)[number];
/** A device notes each time that it plays sound of the paper, whose file is the detail: another device of the candidate has as many left. */
export const SOUND_PLAYED = "sound-played";
/** A device notes when the candidate begins a section with a time of its own, whose id is the detail. */
export const SECTION_BEGUN = "section-begun";
export type Fact = {
  readonly seq: number;
  readonly fact: FactKind | typeof SOUND_PLAYED | typeof SECTION_BEGUN;
  readonly detail?: string;
  readonly writtenAt: number;
};

/** The newest answer of each question: that with the highest seat and number. */
export type AnswerSheet = Readonly<Record<string, AnswerValue>>;
