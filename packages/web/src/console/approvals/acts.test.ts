import assert from "node:assert/strict";
import { test } from "node:test";
import type { Approval } from "@lectern/client";
import { isRequest, lasts } from "./acts.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const ENTRY: Approval = {
  id: "0",
  schoolId: "1",
  act: "operator-entry",
  target: { kind: "school", id: "1", name: "First school" },
  params: { minutes: 30 },
  reason: "",
  state: "done",
  askedBy: { kind: "user", id: "2", name: "Ada" },
  decidedBy: null,
  others: 1,
  mayDecide: false,
  createdAt: "2026-11-30T11:00:00Z",
  expiresAt: "2026-12-03T11:00:00Z",
  decidedAt: null,
  endsAt: "2026-11-30T12:00:01Z",
  version: 1,
};

test("an entry lasts until its end, and others last not at all", () => {
  assert.equal(lasts(ENTRY, NOW), true);
  assert.equal(lasts(ENTRY, NOW + 1000), false);
  assert.equal(lasts({ ...ENTRY, endsAt: null }, NOW), false);
  assert.equal(lasts({ ...ENTRY, state: "waiting" }, NOW), false);
  assert.equal(lasts({ ...ENTRY, act: "erase-person" }, NOW), false);
});

test("an answer is told apart from a request that waits", () => {
  assert.equal(isRequest(ENTRY), true);
  for (const answer of [null, undefined, "", { id: "0", login: "mia" }, { act: "x" }]) assert.equal(isRequest(answer), false);
});
