import assert from "node:assert/strict";
import { test } from "node:test";
import { type AuthoredPaper, type AuthoredSection, checkPaper } from "@lectern/exam";
import {
  changeQuestion,
  changeSection,
  freeId,
  moved,
  OFFERED_KINDS,
  removePassage,
  removeQuestion,
  removeSection,
  withCopy,
  withPassage,
  withQuestion,
  withSection,
} from "./paper-draft.ts";

const EMPTY: AuthoredPaper = { title: "Test", instruction: "", sections: [] };

const first = ({ sections }: AuthoredPaper): AuthoredSection => {
  assert.ok(sections[0]);
  return sections[0];
};

test("a new question of each kind has only mistakes of what is still empty", () => {
  for (const kind of OFFERED_KINDS) {
    const { paper } = withQuestion(withSection(EMPTY), first(withSection(EMPTY)), kind);
    const codes = new Set(checkPaper(paper).map(({ code }) => code));
    for (const code of codes) assert.ok(["empty", "missing", "too-few", "repeated"].includes(code), `${kind}: ${code}`);
  }
});

test("ids of questions are unique in the paper, also after others were removed", () => {
  let paper = withSection(withSection(EMPTY));
  const ids: string[] = [];
  for (const at of [0, 1, 0]) {
    const section = paper.sections[at];
    assert.ok(section);
    const added = withQuestion(paper, section, "boolean");
    paper = added.paper;
    ids.push(added.id);
  }
  const [copied] = first(paper).questions;
  assert.ok(copied);
  const withTwo = withCopy(paper, first(paper), copied);
  assert.equal(new Set([...ids, withTwo.id]).size, 4);
  assert.deepEqual(
    first(withTwo.paper).questions.map(({ question }) => question.id),
    [ids[0], withTwo.id, ids[2]],
    "the copy stands behind its original",
  );
  const fewer = changeSection(paper, removeQuestion(first(paper), ids[0] ?? ""));
  assert.ok(!ids.slice(1).includes(withQuestion(fewer, first(fewer), "text").id));
});

test("a passage that is removed leaves its questions", () => {
  const paper = withPassage(withSection(EMPTY), first(withSection(EMPTY)));
  const { paper: asked } = withQuestion(paper, first(paper), "boolean");
  const [question] = first(asked).questions;
  assert.ok(question);
  const tied = changeSection(
    asked,
    changeQuestion(first(asked), { ...question, question: { ...question.question, passage: "p1" } }),
  );
  const without = first(removePassage(tied, first(tied), "p1"));
  assert.deepEqual([without.passages, without.questions], [[], [question]]);
});

test("what is moved over the edge stays", () => {
  assert.deepEqual(moved(["a", "b", "c"], 1, -1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 1, 1), ["a", "c", "b"]);
  assert.deepEqual(
    [moved(["a", "b"], 0, -1), moved(["a", "b"], 1, 1)],
    [
      ["a", "b"],
      ["a", "b"],
    ],
  );
});

test("an id is one that is free", () => {
  assert.equal(freeId("q", ["q1", "q3"]), "q4");
  assert.deepEqual(removeSection(withSection(EMPTY), "s1").sections, []);
});
