import assert from "node:assert/strict";
import { test } from "node:test";
import { addedMarker, draftOf, planOf } from "./plan-draft.ts";

test("a plan is edited and sent as it was, and no chosen question means all", () => {
  const markers = [
    { userId: "u1", name: "Wang", questions: ["q1"] },
    { userId: "u2", name: "Li", questions: null },
  ];
  const draft = draftOf({ markers, double: [{ question: "q1", tolerance: 1.5 }], scored: ["q1"] });
  assert.deepEqual(draft.markers[1]?.questions, []);
  assert.deepEqual(planOf(draft), {
    markers: [
      { userId: "u1", questions: ["q1"] },
      { userId: "u2", questions: null },
    ],
    double: [{ question: "q1", tolerance: 1.5 }],
    scored: ["q1"],
  });
});

test("a person is added once, with all questions", () => {
  const once = addedMarker([], { id: "u1", name: "Wang" });
  assert.deepEqual(once, [{ userId: "u1", name: "Wang", questions: [] }]);
  assert.equal(addedMarker(once, { id: "u1", name: "Wang" }), once);
});

test("a tolerance is read as points are", () => {
  const double = [{ question: "q1", tolerance: "0,5" }];
  assert.equal(planOf({ markers: [], double, scored: [] }).double[0]?.tolerance, 0.5);
});
