import assert from "node:assert/strict";
import { test } from "node:test";
import { READINGS } from "../../../../server/src/access/reading.ts";
import { auditChanges, auditReading } from "./audit-changes.ts";

test("only fields that differ are shown, without the version", () => {
  const before = { title: "Angles", teacher_id: null, version: 1, tags: ["a"] };
  const after = { title: "Circles", teacher_id: "t1", version: 2, tags: ["a"] };
  assert.deepEqual(auditChanges(before, after), [
    { field: "title", before: "Angles", after: "Circles" },
    { field: "teacher_id", before: "–", after: "t1" },
  ]);
});

test("a creation and a deletion show no changes", () => {
  assert.deepEqual([auditChanges(null, { title: "x" }), auditChanges({ title: "x" }, null)], [[], []]);
});

test("every look of the server has words, and how often and at how many; a change is none", () => {
  for (const reading of READINGS)
    assert.deepEqual(auditReading({ action: `read.${reading}`, before: null, after: { requests: 2, rows: 7 } }), {
      of: reading,
      requests: 2,
      rows: 7,
    });
  assert.equal(auditReading({ action: "user.change", before: {}, after: {} }), null);
});
