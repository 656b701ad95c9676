import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalBus } from "./local.ts";

test("a row changes only from the revision that the writer has read", async () => {
  const bus = new LocalBus();
  const changes: [string, string | null][] = [];
  const table = bus.table("streams", { all: () => {}, changed: (key, value) => changes.push([key, value]) });
  const first = await table.create("a", "1");
  assert.ok(first !== null);
  assert.equal(await table.create("a", "2"), null);
  const second = await table.update("a", "2", first);
  assert.ok(second !== null && second > first);
  assert.equal(await table.update("a", "3", first), null);
  assert.equal(await table.remove("a", first), false);
  assert.equal(await table.remove("a", second), true);
  assert.equal(await table.get("a"), null);
  assert.deepEqual(changes, [
    ["a", "1"],
    ["a", "2"],
    ["a", null],
  ]);
});

test("a later watcher gets the rows that exist, and subscribers get messages of their subject", async () => {
  const bus = new LocalBus();
  await bus.table("t", { all: () => {}, changed: () => {} }).create("a", "1");
  let rows: string[] = [];
  bus.table("t", { all: (all) => (rows = [...all.keys()]), changed: () => {} });
  assert.deepEqual(rows, ["a"]);
  const heard: string[] = [];
  bus.subscribe("x", (text) => heard.push(text));
  bus.publish("x", "for x");
  bus.publish("y", "for y");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, ["for x"]);
});

test("a key that NATS would refuse is refused here too", async () => {
  const table = new LocalBus().table("t", { all: () => {}, changed: () => {} });
  await assert.rejects(table.create("live.lesson~user", "1"), /cannot have the key/);
  assert.ok(await table.create("live.lesson/user=360p", "1"));
});
