/** A candidate's points by section and by what is tested. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gradeSheet } from "./grade-sheet.ts";
import { scoreParts } from "./score-parts.ts";
import { EVERY_KIND, paperWith } from "./test-paper.ts";

test("sections and knowledge have the sums of their questions", () => {
  const [first, second, third] = EVERY_KIND;
  const base = paperWith([first!, second!]);
  const paper = { ...base, sections: [...base.sections, { ...base.sections[0]!, id: "s2", questions: [third!] }] };
  const score = gradeSheet(paper, 1, { q1: "b", q2: ["a"], q3: false });
  assert.deepEqual(scoreParts(paper, score), {
    sections: [
      { name: "s1", points: 3, of: 4, waiting: 0 },
      { name: "s2", points: 0, of: 2, waiting: 0 },
    ],
    knowledge: [{ name: "sums", points: 1, of: 2, waiting: 0 }],
  });
});
