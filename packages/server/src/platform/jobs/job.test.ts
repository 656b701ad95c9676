import assert from "node:assert/strict";
import { test } from "node:test";
import { type JobView, jobHolder, jobState, leaseToWrite } from "./job.ts";

const view = (of: Partial<JobView> & { readonly down?: readonly string[] }): JobView => ({
  lease: null,
  candidates: ["a", "b"],
  isUp: (node) => !(of.down ?? []).includes(node),
  ...of,
});

test("a job without a lease is wanted, and the best candidate that is up claims it with the first term", () => {
  assert.equal(jobState(view({}), false), "wanted");
  assert.deepEqual(leaseToWrite(view({}), "a"), { node: "a", term: 1 });
  assert.equal(leaseToWrite(view({}), "b"), null);
  assert.deepEqual(leaseToWrite(view({ down: ["a"] }), "b"), { node: "b", term: 1 });
  assert.equal(jobHolder(view({ down: ["a", "b"] })), null);
});

test("a lease stays where it is while its node is up, whatever better candidates there are", () => {
  const held = view({ lease: { node: "b", term: 3 } });
  assert.deepEqual([jobHolder(held), jobState(held, false), jobState(held, true)], ["b", "leased", "running"]);
  for (const self of ["a", "b"]) assert.equal(leaseToWrite(held, self), null);
});

test("the lease of a node that is gone, or no candidate any more, moves with the next term", () => {
  for (const moved of [
    view({ lease: { node: "b", term: 3 }, down: ["b"] }),
    view({ lease: { node: "b", term: 3 }, candidates: ["a"] }),
  ]) {
    assert.equal(jobState(moved, true), "wanted");
    assert.deepEqual(leaseToWrite(moved, "a"), { node: "a", term: 4 });
  }
});

test("a job that nobody wants is released by its node, or by another when that is gone, and keeps its term", () => {
  const unwanted = view({ lease: { node: "b", term: 3 }, candidates: [] });
  assert.equal(jobState(unwanted, true), "released");
  assert.deepEqual([leaseToWrite(unwanted, "b"), leaseToWrite(unwanted, "a")], [{ node: null, term: 3 }, null]);
  const gone = view({ lease: { node: "b", term: 3 }, candidates: [], down: ["b"] });
  assert.deepEqual(leaseToWrite(gone, "a"), { node: null, term: 3 });
  const again = view({ lease: { node: null, term: 3 } });
  assert.deepEqual([jobState(again, false), leaseToWrite(again, "a")], ["wanted", { node: "a", term: 4 }]);
});
