/**
 * Says what the questions of an examination are worth, from sheets that are added one by one: memory grows with the paper, not with the candidates.
 * Classical test theory; the formulas are those of L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory, 1986: corrected item-total
 * correlation (14), Cronbach's alpha, which is KR-20 where points are all or none (7), standard error of measurement (7).
 */
import type { AnswerSheet } from "../answer.ts";
import { ownValue } from "../own.ts";
import type { AuthoredPaper } from "../paper.ts";
import type { SheetScore } from "../score.ts";
import { type Distribution, RunningDistribution } from "./distribution.ts";
import { type ItemFigures, RunningItem } from "./item-figures.ts";
import { RunningMoments } from "./moments.ts";

export type ItemAnalysis = {
  /** Sheets that were added. */
  readonly candidates: number;
  /** Sheets on which a person has still something to mark. They count for the questions that are graded, and not for points and reliability. */
  readonly waiting: number;
  /** Null: no sheet is graded wholly. */
  readonly distribution: Distribution | null;
  readonly reliability: Reliability | null;
  /** In the order of the paper. */
  readonly items: readonly ItemFigures[];
  /** Mean shares of points, 0 to 1, of what is graded. */
  readonly sections: readonly { readonly section: string; readonly share: number | null }[];
  readonly knowledge: readonly { readonly knowledge: string; readonly questions: number; readonly share: number | null }[];
};
/** Null: questions are drawn, so that candidates were asked different ones, or there is one question, or all have the same points. */
export type Reliability = {
  /** Cronbach's. Below 0: the questions do not go together. */
  readonly alpha: number;
  /** The standard error of measurement, in points. */
  readonly standardError: number;
};

export class ItemAnalyzer {
  readonly #paper: AuthoredPaper;
  readonly #items: ReadonlyMap<string, RunningItem>;
  readonly #itemPoints: ReadonlyMap<string, RunningMoments>;
  readonly #totals = new RunningMoments();
  readonly #distribution = new RunningDistribution();
  readonly #shares: ReadonlyMap<string, RunningShare>;
  /** Names of shares that a question counts for. */
  readonly #sharesOf: ReadonlyMap<string, readonly RunningShare[]>;
  #candidates = 0;
  #waiting = 0;

  constructor(paper: AuthoredPaper) {
    this.#paper = paper;
    const questions = paper.sections.flatMap((section) => section.questions);
    this.#items = new Map(questions.map((authored) => [authored.question.id, new RunningItem(authored)]));
    this.#itemPoints = new Map(questions.map(({ question }) => [question.id, new RunningMoments()]));
    const named = paper.sections.flatMap((section) =>
      section.questions.map(
        ({ question: { id, knowledge = [] } }) => [id, [sectionKey(section.id), ...knowledge.map(knowledgeKey)]] as const,
      ),
    );
    this.#shares = new Map(named.flatMap(([, keys]) => keys).map((key) => [key, new RunningShare()]));
    this.#sharesOf = new Map(named.map(([id, keys]) => [id, keys.flatMap((key) => this.#shares.get(key) ?? [])]));
  }

  /** @param score of the same answers */
  add(answers: AnswerSheet, score: SheetScore): void {
    this.#candidates++;
    const scores = Object.entries(score.questions);
    let of = 0;
    for (const [, each] of scores) if (each.by !== "waits") of += each.of;
    const graded = { points: score.points, of };
    for (const [id, each] of scores) {
      this.#items.get(id)?.add(each, ownValue(answers, id), graded);
      if (each.by !== "waits") for (const share of this.#sharesOf.get(id) ?? []) share.add(each.points, each.of);
    }
    if (score.waiting > 0) {
      this.#waiting++;
      return;
    }
    this.#distribution.add(score.points, score.of);
    this.#totals.add(score.points);
    for (const [id, each] of scores) this.#itemPoints.get(id)?.add(each.points);
  }

  read(): ItemAnalysis {
    const { sections } = this.#paper;
    const ofKnowledge = new Map<string, number>();
    for (const { question } of sections.flatMap(({ questions }) => questions))
      for (const name of new Set(question.knowledge)) ofKnowledge.set(name, (ofKnowledge.get(name) ?? 0) + 1);
    return {
      candidates: this.#candidates,
      waiting: this.#waiting,
      distribution: this.#distribution.read(),
      reliability: this.#reliability(),
      items: [...this.#items.values()].map((item) => item.read()),
      sections: sections.map(({ id }) => ({ section: id, share: this.#shares.get(sectionKey(id))?.read() ?? null })),
      knowledge: [...ofKnowledge].map(([name, questions]) => ({
        knowledge: name,
        questions,
        share: this.#shares.get(knowledgeKey(name))?.read() ?? null,
      })),
    };
  }

  #reliability(): Reliability | null {
    const questions = this.#items.size;
    const { count, variance } = this.#totals.read();
    const isDrawn = this.#paper.sections.some(({ draw, questions: all }) => draw !== undefined && draw < all.length);
    if (isDrawn || questions < 2 || count < 2 || variance < 1e-9) return null;
    const ofItems = [...this.#itemPoints.values()].reduce((sum, item) => sum + item.read().variance, 0);
    const alpha = (questions / (questions - 1)) * (1 - ofItems / variance);
    return { alpha, standardError: Math.sqrt(variance * Math.min(1, Math.max(0, 1 - alpha))) };
  }
}

/** Of sheets that are all there; for many, add them to an `ItemAnalyzer`. */
export function itemAnalysis(
  paper: AuthoredPaper,
  sheets: Iterable<{ readonly answers: AnswerSheet; readonly score: SheetScore }>,
): ItemAnalysis {
  const analyzer = new ItemAnalyzer(paper);
  for (const { answers, score } of sheets) analyzer.add(answers, score);
  return analyzer.read();
}

class RunningShare {
  #points = 0;
  #of = 0;

  add(points: number, of: number): void {
    this.#points += points;
    this.#of += of;
  }

  /** Null: nothing was added. */
  read(): number | null {
    return this.#of === 0 ? null : this.#points / this.#of;
  }
}

function sectionKey(id: string): string {
  return `section ${id}`;
}

function knowledgeKey(name: string): string {
  return `knowledge ${name}`;
}
