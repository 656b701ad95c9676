import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalBus } from "../../../platform/bus/local.ts";
import { ManualClock } from "../../../platform/clock.ts";
import { StreamTable } from "./stream-table.ts";
import type { StreamTableEntry } from "./stream-table-entry.ts";

const entryOf = (name: string): StreamTableEntry => ({
  app: "live",
  name,
  epoch: "e",
  term: 1,
  startedAt: 0,
  writer: "a/w",
  origins: ["a"],
  recorderNode: "a",
  jobs: {},
  otherFields: {},
});

test("rows that are read some at a time come each in turn, also while others come and go", async () => {
  const events = {
    put: () => {},
    removed: () => {},
    gossip: () => {},
    isOurs: () => true,
    isWriting: () => false,
    orphaned: () => {},
  };
  const table = new StreamTable(new LocalBus(), new ManualClock(), events);
  for (let i = 0; i < 25; i++) await table.store(entryOf(`s${i}`), null);
  const names = (count: number) => table.some(count).map(({ entry }) => entry.name);
  const seen = [...names(10), ...names(10), ...names(5)];
  assert.equal(new Set(seen).size, 25);
  assert.equal(names(100).length, 25);
  const [row] = table.some(1);
  assert.ok(row);
  await table.end(row);
  await table.store(entryOf("new"), null);
  const later = new Set([...names(10), ...names(10), ...names(10), ...names(10)]);
  assert.equal(later.size, 25);
  assert.ok(later.has("new") && !later.has(row.entry.name));
});
