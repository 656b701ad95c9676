/** Standings: equal to what was calculated by hand for three candidates. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gradeSheet } from "../grade-sheet.ts";
import type { AuthoredQuestion } from "../question.ts";
import { paperWith } from "../test-paper.ts";
import { ranker } from "./distribution.ts";
import { RunningStandings } from "./standings.ts";

const boolean = (id: string, points: number, knowledge: string[]): AuthoredQuestion => ({
  question: { id, kind: "boolean", text: id, points, knowledge },
  solution: { kind: "boolean", right: true },
});
const PAPER = paperWith([
  boolean("q1", 2, ["sums"]),
  boolean("q2", 1, ["sums", "__proto__"]),
  { question: { id: "q3", kind: "essay", form: "typed", text: "Why?", points: 3 }, solution: { kind: "essay", rubric: "" } },
]);
const [SECTION = ""] = PAPER.sections.map(({ id }) => id);

test("ranks are of those whose points are final, and a part that waits is in no mean", () => {
  const standings = new RunningStandings(PAPER);
  standings.add(gradeSheet(PAPER, 1, { q1: true, q2: true, q3: { typed: "a" } }, { q3: 3 }));
  standings.add(gradeSheet(PAPER, 1, { q1: true }, { q3: 1 }));
  standings.add(gradeSheet(PAPER, 1, { q2: true, q3: { typed: "a" } }));
  const { candidates, share, totals, sections, knowledge } = standings.read();
  assert.deepEqual(
    [candidates, share, totals],
    [
      2,
      0.75,
      [
        { points: 6, count: 1 },
        { points: 3, count: 1 },
      ],
    ],
  );
  assert.deepEqual(sections, { [SECTION]: { candidates: 2, share: 0.75 } });
  // 3/3, 2/3 and 1/3; 1, 0 and 1.
  assert.equal(knowledge["sums"]?.candidates, 3);
  assert.ok(Math.abs((knowledge["sums"]?.share ?? 0) - 2 / 3) < 1e-9);
  assert.deepEqual(Object.getOwnPropertyDescriptor(knowledge, "__proto__")?.value.candidates, 3);
  assert.deepEqual(ranker(totals)(3), { rank: 2, percentile: 25 });
});

test("nobody has no standing", () => {
  const none = { candidates: 0, share: null, totals: [], sections: {}, knowledge: {} };
  assert.deepEqual(new RunningStandings(PAPER).read(), none);
});
