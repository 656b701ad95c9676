/** Item analysis: equal to what was calculated by hand for a small case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnswerSheet } from "../answer.ts";
import { gradeSheet } from "../grade-sheet.ts";
import type { AuthoredPaper } from "../paper.ts";
import type { AuthoredQuestion } from "../question.ts";
import { EVERY_KIND, options, paperWith } from "../test-paper.ts";
import { ranker } from "./distribution.ts";
import { type ItemAnalysis, itemAnalysis } from "./item-analysis.ts";
import { reviseRules } from "./revise.ts";

/** Four questions of one point each, whose right option is a. */
const PAPER: AuthoredPaper = paperWith(
  ["q1", "q2", "q3", "q4"].map(
    (id): AuthoredQuestion => ({
      question: {
        id,
        kind: "single",
        text: id,
        points: 1,
        options: options("1", "2", "3"),
        knowledge: [id < "q3" ? "low" : "high"],
      },
      solution: { kind: "single", right: "a" },
    }),
  ),
);

/** Answers of a candidate: a letter for each question, - for none. */
function sheet(letters: string): { answers: AnswerSheet; score: ReturnType<typeof gradeSheet> } {
  const answers = Object.fromEntries([...letters].flatMap((letter, i) => (letter === "-" ? [] : [[`q${i + 1}`, letter]])));
  return { answers, score: gradeSheet(PAPER, 1, answers) };
}

function near(value: number | null | undefined, expected: number): void {
  assert.ok(typeof value === "number" && Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);
}

/** Points: 4, 3, 2, 1, 0, by question 1111, 1110, 1100, 1000, 0000: a Guttman scale. */
const SMALL: ItemAnalysis = itemAnalysis(PAPER, ["aaaa", "aaab", "aacb", "abb-", "bbbb"].map(sheet));

test("difficulty is the share of points", () => {
  const [q1, q2, q3, q4] = SMALL.items;
  near(q1?.difficulty, 0.8);
  near(q2?.difficulty, 0.6);
  near(q3?.difficulty, 0.4);
  near(q4?.difficulty, 0.2);
});

test("discrimination is the correlation with the rest of the sheet", () => {
  const [q1, q2] = SMALL.items;
  // Item 1, 1, 1, 1, 0 with rest 3, 2, 1, 0, 0: mean .8 and 1.2; products 6/5 - .8*1.2 = .24; variances .16 and 14/5 - 1.44 = 1.36.
  near(q1?.discrimination, 0.24 / Math.sqrt(0.16 * 1.36));
  // Item 1, 1, 1, 0, 0 with rest 3, 2, 1, 1, 0: products 6/5 - .6*1.4 = .36; variances .24 and 15/5 - 1.96 = 1.04.
  near(q2?.discrimination, 0.36 / Math.sqrt(0.24 * 1.04));
});

test("alpha is KR-20 for questions with all points or none", () => {
  // Sum of p(1-p): .16 + .24 + .24 + .16 = .8; variance of totals 0..4: 2; 4/3 * (1 - .4) = .8; standard error sqrt(2 * .2).
  near(SMALL.reliability?.alpha, 0.8);
  near(SMALL.reliability?.standardError, Math.sqrt(0.4));
});

test("the distribution has mean, median, deviation and bins of 5 %", () => {
  const { distribution } = SMALL;
  assert.equal(distribution?.candidates, 5);
  near(distribution?.mean, 2);
  near(distribution?.median, 2);
  near(distribution?.deviation, Math.sqrt(2));
  assert.deepEqual([distribution?.lowest, distribution?.highest], [0, 4]);
  const filled = distribution?.bins.filter(({ count }) => count > 0);
  assert.deepEqual(
    filled,
    [0, 0.25, 0.5, 0.75, 0.95].map((from) => ({ from, count: 1 })),
  );
});

test("choices are counted by fifths of the candidates, the weakest first", () => {
  const [, , , q4] = SMALL.items;
  assert.deepEqual(q4?.groups, [1, 1, 1, 1, 1]);
  assert.deepEqual(q4?.choices, [
    { choice: "a", count: 1, byGroup: [0, 0, 0, 0, 1], isRight: true },
    { choice: "b", count: 3, byGroup: [1, 0, 1, 1, 0], isRight: false },
    { choice: "c", count: 0, byGroup: [0, 0, 0, 0, 0], isRight: false },
    { choice: "", count: 1, byGroup: [0, 1, 0, 0, 0], isRight: false },
  ]);
  assert.deepEqual([q4?.candidates, q4?.answered], [5, 4]);
});

test("sections and knowledge have their mean shares", () => {
  near(SMALL.sections[0]?.share, 0.5);
  assert.deepEqual(
    SMALL.knowledge.map(({ knowledge, questions }) => [knowledge, questions]),
    [
      ["low", 2],
      ["high", 2],
    ],
  );
  near(SMALL.knowledge[0]?.share, 0.7);
  near(SMALL.knowledge[1]?.share, 0.3);
});

test("ranks are shared by those with the same points, and percentiles count half of them", () => {
  const totals = [
    { points: 9.5, count: 1 },
    { points: 8, count: 2 },
    { points: 3, count: 1 },
  ];
  const rankOf = ranker(totals);
  assert.deepEqual(rankOf(9.5), { rank: 1, percentile: 87.5 });
  assert.deepEqual(rankOf(8), { rank: 2, percentile: 50 });
  assert.deepEqual(rankOf(3), { rank: 4, percentile: 12.5 });
  assert.equal(rankOf(4), null);
});

test("what waits for a person counts for no figure but the number that waits", () => {
  const paper = paperWith(EVERY_KIND);
  const answers: AnswerSheet = { q1: "b", q8: { typed: "Once" } };
  const analysis = itemAnalysis(paper, [
    { answers, score: gradeSheet(paper, 1, answers) },
    { answers, score: gradeSheet(paper, 1, answers, { q8: 1 }) },
  ]);
  assert.equal(analysis.candidates, 2);
  assert.equal(analysis.waiting, 1);
  assert.equal(analysis.distribution?.candidates, 1);
  const essay = analysis.items.find(({ question }) => question === "q8");
  assert.deepEqual([essay?.waiting, essay?.candidates, essay?.difficulty], [1, 1, 0.5]);
});

test("drawn questions have figures of those who were asked them, and no reliability", () => {
  const paper: AuthoredPaper = { ...PAPER, sections: PAPER.sections.map((section) => ({ ...section, draw: 2 })) };
  const answers = { q1: "a", q2: "a", q3: "a", q4: "a" };
  const analysis = itemAnalysis(
    paper,
    Array.from({ length: 40 }, (_, seed) => ({ answers, score: gradeSheet(paper, seed, answers) })),
  );
  assert.equal(analysis.reliability, null);
  assert.equal(
    analysis.items.reduce((sum, { candidates }) => sum + candidates, 0),
    80,
  );
});

test("figures are within their bounds for any answers", () => {
  const letters = fc.stringMatching(/^[abc-]{4}$/);
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 40 }), (all) => {
      const analysis = itemAnalysis(PAPER, all.map(sheet));
      for (const { difficulty, discrimination, choices, candidates } of analysis.items) {
        assert.ok(difficulty === null || (difficulty >= 0 && difficulty <= 1));
        assert.ok(discrimination === null || Math.abs(discrimination) <= 1);
        assert.equal(
          choices?.reduce((sum, { count }) => sum + count, 0),
          candidates,
        );
      }
      assert.ok(analysis.reliability === null || analysis.reliability.alpha <= 1 + 1e-9);
    }),
  );
});

test("questions to revise are named by their rules", () => {
  const choice = (name: string, isRight: boolean, byGroup: number[]) => {
    return { choice: name, isRight, byGroup, count: byGroup.reduce((sum, each) => sum + each, 0) };
  };
  const good = { candidates: 100, difficulty: 0.6, discrimination: 0.4, choices: null };
  assert.deepEqual(reviseRules(good), []);
  assert.deepEqual(reviseRules({ ...good, discrimination: 0.1 }), ["discrimination-poor"]);
  assert.deepEqual(reviseRules({ ...good, discrimination: -0.1, difficulty: 0.1 }), ["discrimination-negative", "too-hard"]);
  assert.deepEqual(reviseRules({ ...good, discrimination: null, difficulty: 1 }), ["too-easy"]);
  const choices = [
    choice("a", true, [10, 10, 10, 10, 5]),
    choice("b", false, [10, 10, 10, 7, 15]),
    choice("c", false, [0, 0, 0, 3, 0]),
  ];
  assert.deepEqual(reviseRules({ ...good, choices }), ["option-unused", "wrong-option-preferred"]);
  assert.deepEqual(reviseRules({ ...good, candidates: 19, discrimination: -1 }), []);
});
