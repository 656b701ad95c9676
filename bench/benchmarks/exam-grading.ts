/** Measures grading of an examination: sheets with known points are graded, analysed and ranked on one core. */
import { type AnswerSheet, type AuthoredPaper, checkPaper, sheetGrader } from "@lectern/exam";
import { ItemAnalyzer, ranker } from "@lectern/exam/analysis";
import { type GeneratedSheet, generatePaper, generateSheet, repeatableRandom } from "../load/exam-sheets.ts";
import { round, type Table } from "../report/table.ts";
import type { BenchOptions } from "./options.ts";

const SHEETS = 130_000;
const QUICK_SHEETS = 10_000;
/** Generated at once, so that making answers is not in the time of grading them. */
const BATCH = 1000;
const SEED = 20_261_130;

type Graded = { readonly grading: number; readonly analysis: number; readonly points: readonly number[]; readonly wrong: number };

export async function benchExamGrading({ quick }: BenchOptions): Promise<Table> {
  const count = quick ? QUICK_SHEETS : SHEETS;
  const { paper, questions } = generatePaper();
  const errors = checkPaper(paper);
  if (errors.length > 0) throw new Error(`the paper has errors: ${JSON.stringify(errors)}`);
  const random = repeatableRandom(SEED);
  const analyzer = new ItemAnalyzer(paper);
  const { grading, analysis, points, wrong } = gradeAll(paper, analyzer, count, () => generateSheet(questions, random));
  if (wrong > 0) throw new Error(`${wrong} of ${count} sheets have other points than they were made with`);
  const begun = performance.now();
  const { distribution, reliability } = analyzer.read();
  const rankOf = ranker(distribution?.totals ?? []);
  const ranks = points.map((each) => rankOf(each)?.rank);
  const ranking = performance.now() - begun;
  if (ranks.some((rank) => rank === undefined)) throw new Error("a candidate has no rank");
  const total = grading + analysis + ranking;
  return {
    title: `Grading: ${count} sheets of ${questions.length} questions on one core`,
    columns: ["step", "s", "sheets/s"],
    rows: [
      ["grading", round(grading / 1000, 2), rate(count, grading)],
      ["item analysis", round(analysis / 1000, 2), rate(count, analysis)],
      ["figures and ranks", round(ranking / 1000, 2), rate(count, ranking)],
      ["all", round(total / 1000, 2), rate(count, total)],
    ],
    notes: [
      `Every sheet has the points that it was generated with. Mean ${round(distribution?.mean ?? 0, 2)}, alpha ${round(reliability?.alpha ?? 0, 3)}.`,
      `Memory at the end: ${round(process.memoryUsage().rss / 2 ** 20, 0)} MiB resident.`,
    ],
  };
}

function gradeAll(paper: AuthoredPaper, analyzer: ItemAnalyzer, count: number, generate: () => GeneratedSheet): Graded {
  const grade = sheetGrader(paper);
  const points: number[] = [];
  let [grading, analysis, wrong] = [0, 0, 0];
  for (let done = 0; done < count; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - done) }, generate);
    const begun = performance.now();
    const scores = batch.map(({ answers }, i) => grade(done + i, answers));
    const graded = performance.now();
    addAll(analyzer, batch, scores);
    analysis += performance.now() - graded;
    grading += graded - begun;
    for (const [i, score] of scores.entries()) {
      points.push(score.points);
      if (score.points !== batch[i]?.points) wrong++;
    }
  }
  return { grading, analysis, points, wrong };
}

function addAll(
  analyzer: ItemAnalyzer,
  sheets: readonly { readonly answers: AnswerSheet }[],
  scores: readonly Parameters<ItemAnalyzer["add"]>[1][],
): void {
  for (const [i, { answers }] of sheets.entries()) {
    const score = scores[i];
    if (score) analyzer.add(answers, score);
  }
}

function rate(count: number, ms: number): number {
  return round((count / ms) * 1000, 0);
}
