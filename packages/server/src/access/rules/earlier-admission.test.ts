import assert from "node:assert/strict";
import { test } from "node:test";
import { earlierAdmission } from "./earlier-admission.ts";
import { decisionOf, subject } from "./test-subject.ts";

test("only clients that were admitted before may rely on it", () => {
  assert.equal(decisionOf(earlierAdmission, subject({ purpose: "stay" })), "allow");
  for (const purpose of ["publish", "play", "replay"] as const)
    assert.equal(decisionOf(earlierAdmission, subject({ purpose })), "skip", purpose);
});
