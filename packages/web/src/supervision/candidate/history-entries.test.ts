import assert from "node:assert/strict";
import { test } from "node:test";
import { historyOf } from "./history-entries.ts";

const at = (second: number) => `2026-12-01T08:00:0${second}.000Z`;

test("facts, messages and notes stand on one list, the newest first", () => {
  const entries = historyOf({
    facts: {
      count: 2,
      newest: [
        { fact: "page-left", detail: "", at: at(3) },
        { fact: "of-tomorrow", detail: "x", at: at(1) },
      ],
    },
    messages: [{ id: "m1", text: "Look up", by: "Wang Fang", at: at(2), seenAt: null }],
    notes: [{ id: "n1", text: "Two people", by: "Wang Fang", at: at(4) }],
  });
  assert.deepEqual(
    entries.map((entry) => (entry.kind === "fact" ? entry.fact : entry.kind)),
    ["note", "page-left", "message", "of-tomorrow"],
  );
});
