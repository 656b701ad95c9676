import assert from "node:assert/strict";
import { test } from "node:test";
import { groupBody } from "./group-body.ts";

test("a group without a course and people has none, and several are told apart", () => {
  assert.deepEqual(groupBody({ name: " Room 101 ", courseId: "", candidateIds: "", supervisorIds: "u1 u2" }), {
    name: "Room 101",
    courseId: null,
    candidateIds: [],
    supervisorIds: ["u1", "u2"],
  });
});
