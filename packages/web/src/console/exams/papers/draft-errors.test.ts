import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthoredPaper } from "@lectern/exam";
import { draftErrors } from "./draft-errors.ts";
import { withQuestion, withSection } from "./paper-draft.ts";

test("mistakes are named by the number of the question in the paper, each once", () => {
  let paper: AuthoredPaper = withSection(withSection({ title: "Test", instruction: "", sections: [] }));
  for (const at of [0, 1]) {
    const section = paper.sections[at];
    assert.ok(section);
    paper = withQuestion(paper, section, "boolean").paper;
  }
  const errors = draftErrors(paper);
  assert.deepEqual(
    errors.map(({ section, question }) => [section, question?.number, question?.id]),
    [
      [1, 1, "q1"],
      [2, 2, "q2"],
    ],
  );
  assert.equal(new Set(errors.map((error) => JSON.stringify(error))).size, errors.length);
});
