/** What a scoring service may answer: points of the question, and texts that a database takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readScore } from "./score-exchange.ts";

const of = (body: string) => readScore(body, 3);

test("points within those of the question are a score, in steps of half a point", () => {
  const rest = { comment: "", confidence: null, criteria: [] };
  assert.deepEqual(of('{"points":1.3}'), { points: 1.5, ...rest });
  assert.deepEqual(of('{"points":3,"confidence":1,"criteria":["a"],"comment":"e\\u0301"}'), {
    points: 3,
    comment: "é",
    confidence: 1,
    criteria: ["a"],
  });
  for (const none of ['{"points":3.01}', '{"points":-0.1}', '{"points":1e999}', '{"points":"1"}', "{}", "[]", "null", "1", "", "{"])
    assert.equal(of(none), null, none);
});

test("text that cannot be stored is no score, wherever it stands, and neither are a thousand levels", () => {
  for (const bad of ["a\\u0000", "\\ud800"]) {
    for (const field of [`"comment":"${bad}"`, `"criteria":["${bad}"]`, `"other":{"x":"${bad}"}`, `"${bad}":1`])
      assert.equal(of(`{"points":1,${field}}`), null, field);
  }
  assert.equal(of(`{"points":1,"other":${"[".repeat(8000)}${"]".repeat(8000)}}`), null);
});
