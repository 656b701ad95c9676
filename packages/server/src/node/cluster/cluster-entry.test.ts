import assert from "node:assert/strict";
import { test } from "node:test";
import { ClusterEntry } from "./cluster-entry.ts";

const ALONE = { hasPeers: false, hasControl: false };
const beat = (id: string) => JSON.stringify({ id });

function entry() {
  const clock = { now: 0 };
  const said: string[] = [];
  return {
    clock,
    said,
    entry: new ClusterEntry(
      () => clock.now,
      (node) => said.push(node),
    ),
  };
}

test("a node that has never reached the bus has not joined; one that reached it once has", () => {
  const { entry: node } = entry();
  assert.equal(node.impediment(ALONE), "bus");
  node.connected();
  assert.equal(node.impediment(ALONE), null);
});

test("a node that hears nobody but nodes with another secret is the wrong one; where others have its secret, they are", () => {
  const { entry: node, clock, said } = entry();
  node.connected();
  for (const id of ["a", "b", "a"]) node.heardForeign(beat(id));
  assert.deepEqual(said, ["a", "b"]);
  assert.equal(node.impediment(ALONE), "secret");
  assert.deepEqual(node.component("secret").state, "down");
  assert.equal(node.impediment({ hasPeers: true, hasControl: false }), null);
  const { state, detail } = node.component(null);
  assert.deepEqual([state, detail], ["degraded", "Nodes with another cluster.secret: a, b."]);
  clock.now += 11_000;
  assert.equal(node.impediment(ALONE), null);
  assert.equal(node.component(null).state, "up");
});

test("of two nodes with different secrets, the one with the control process goes on", () => {
  const { entry: node } = entry();
  node.connected();
  node.heardForeign(beat("b"));
  assert.equal(node.impediment({ hasPeers: false, hasControl: true }), null);
  node.heardForeign(beat("c"));
  assert.equal(node.impediment({ hasPeers: false, hasControl: true }), "secret");
});

test("what is no heartbeat, or has no name of a node, is no node; made-up names are bounded", () => {
  const { entry: node, said } = entry();
  for (const text of ["", "{", "null", "5", '{"id":5}', beat("a b"), beat("x".repeat(65))]) node.heardForeign(text);
  assert.deepEqual(said, []);
  for (let i = 0; i < 100; i++) node.heardForeign(beat(`n${i}`));
  assert.equal(node.others().length, 16);
});
