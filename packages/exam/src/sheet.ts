/** Makes the sheet of one candidate: the questions drawn and shuffled from the attempt's seed, the same on the device and on the server. */
import { drawnUnits, unitsOf } from "./draw.ts";
import type { Paper, Passage, Section } from "./paper.ts";
import type { Option, Question } from "./question.ts";
import { shuffled } from "./random/shuffled.ts";
import { type Random, seededRandom } from "./random/xoshiro.ts";

export type SheetSection = {
  readonly id: string;
  readonly title: string;
  readonly instruction: string;
  /** Those of the questions. */
  readonly passages: readonly Passage[];
  readonly questions: readonly Question[];
  /** As the paper's section has it. */
  readonly minutes?: number;
};
export type Sheet = { readonly title: string; readonly instruction: string; readonly sections: readonly SheetSection[] };

type Drawable = { readonly id: string; readonly passage?: string };
type DrawableSection<Q> = { readonly draw?: number; readonly isShuffled: boolean; readonly questions: readonly Q[] };

/** Its orders are drawn from other numbers than its questions: a server that grades needs the questions alone. */
const ORDER_SEED = 0x6f726465;

/** @param seed 32 bits, stored with the attempt */
export function sheetOf(paper: Paper, seed: number): Sheet {
  const random = seededRandom(seed ^ ORDER_SEED);
  const drawn = drawnQuestions(paper.sections, seed);
  return {
    title: paper.title,
    instruction: paper.instruction,
    sections: paper.sections.map((section, i) => sheetSection(section, drawn[i] ?? [], random)),
  };
}

/** The questions of each section that this candidate is asked, in the section's order. */
export function drawnQuestions<Q extends Drawable>(
  sections: readonly DrawableSection<Q>[],
  seed: number,
): readonly (readonly Q[])[] {
  const random = seededRandom(seed);
  return sections.map(({ questions, draw }) =>
    draw === undefined || draw >= questions.length ? questions : drawnUnits(unitsOf(questions), draw, random).flat(),
  );
}

function sheetSection(section: Section, questions: readonly Question[], random: Random): SheetSection {
  const { id, title, instruction, passages, isShuffled, areOptionsShuffled, minutes } = section;
  const units = unitsOf(questions);
  const inOrder = (isShuffled ? shuffled(units, random) : units).flat();
  const asked = inOrder.map((question) => withShuffledOptions(question, areOptionsShuffled, random));
  const shown = new Set(asked.map(({ passage }) => passage));
  const own = passages.filter((passage) => shown.has(passage.id));
  return { id, title, instruction, passages: own, questions: asked, ...(minutes === undefined ? {} : { minutes }) };
}

function withShuffledOptions(question: Question, areOptionsShuffled: boolean, random: Random): Question {
  const order = (options: readonly Option[]) => shuffled(options, random, ({ isAnchored }) => isAnchored === true);
  // Items in their authored order would tell the answer.
  if (question.kind === "ordering") return { ...question, items: order(question.items) };
  if (!areOptionsShuffled) return question;
  if (question.kind === "single" || question.kind === "multiple") return { ...question, options: order(question.options) };
  return question.kind === "matching" ? { ...question, right: order(question.right) } : question;
}
