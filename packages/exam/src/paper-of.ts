/** Makes the paper that candidates get from the one that teachers write: without solutions, explanations and orders that tell what is right. */
import type { AuthoredPaper, AuthoredSection, Paper } from "./paper.ts";
import type { AuthoredQuestion, Option, OrderingQuestion } from "./question.ts";
import { shuffled } from "./random/shuffled.ts";
import { type Random, seededRandom } from "./random/xoshiro.ts";

/** Leaves out solutions, rubrics and explanations. Fields are named one by one, so that a new one of `AuthoredQuestion` is not given out by mistake. */
export function paperOf({ title, instruction, sections }: AuthoredPaper): Paper {
  return {
    title,
    instruction,
    sections: sections.map(({ questions, ...section }) => ({ ...section, questions: questions.map(({ question }) => question) })),
  };
}

/**
 * Gives items of orderings, and right sides of matchings that are shuffled, new ids in a random order. Teachers write them in the right order,
 * so without this the package would tell it by its order and its ids. An examination freezes what this returns.
 *
 * @param seed 32 random bits that candidates do not get: not the seed of an attempt
 */
export function concealOrders(authored: AuthoredPaper, seed: number): AuthoredPaper {
  const random = seededRandom(seed);
  return { ...authored, sections: authored.sections.map((section) => concealSection(section, random)) };
}

function concealSection(section: AuthoredSection, random: Random): AuthoredSection {
  return { ...section, questions: section.questions.map((each) => concealQuestion(each, section.areOptionsShuffled, random)) };
}

function concealQuestion(authored: AuthoredQuestion, areOptionsShuffled: boolean, random: Random): AuthoredQuestion {
  const { question, solution } = authored;
  if (question.kind === "ordering" && solution.kind === "ordering") {
    const { options, newIds } = renamed(question.items, random);
    const concealed: OrderingQuestion = { ...question, items: options };
    return { ...authored, question: concealed, solution: { ...solution, order: solution.order.map((id) => newIds.get(id) ?? id) } };
  }
  if (question.kind === "matching" && solution.kind === "matching" && areOptionsShuffled) {
    const { options, newIds } = renamed(question.right, random);
    const pairs = Object.entries(solution.pairs).map(([left, right]) => [left, newIds.get(right) ?? right]);
    return { ...authored, question: { ...question, right: options }, solution: { ...solution, pairs: Object.fromEntries(pairs) } };
  }
  return authored;
}

function renamed(before: readonly Option[], random: Random) {
  const order = shuffled(before, random, ({ isAnchored }) => isAnchored === true);
  const newIds = new Map(order.map(({ id }, i) => [id, `${i + 1}`]));
  return { options: order.map((option, i) => ({ ...option, id: `${i + 1}` })), newIds };
}
