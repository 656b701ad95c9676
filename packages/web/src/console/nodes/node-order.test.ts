import assert from "node:assert/strict";
import { test } from "node:test";
import { byRegion, loadLevel, loadOf, matrixOf } from "./node-order.ts";

const node = (id: string, region: string, carriers: readonly string[] = []) => ({
  id,
  region,
  carriers,
  usedMbps: 100,
  capacityMbps: 1000,
  connections: 10,
  maxConnections: 1000,
});

test("nodes are grouped by region, and sorted by carrier and id", () => {
  const nodes = [node("b", "north", ["unicom"]), node("c", "east"), node("a", "north", ["unicom"]), node("z", "north", ["mobile"])];
  assert.deepEqual(
    byRegion(nodes).map(([region, members]) => [region, members.map(({ id }) => id)]),
    [
      ["east", ["c"]],
      ["north", ["z", "a", "b"]],
    ],
  );
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ["b", "c", "a", "z"],
  );
});

test("the load is the larger share of bandwidth and connections", () => {
  assert.equal(loadOf(node("a", "")), 0.1);
  assert.equal(loadOf({ ...node("a", ""), connections: 800 }), 0.8);
  assert.equal(loadOf({ ...node("a", ""), usedMbps: 1200 }), 1.2);
});

test("load levels are those of dispatch", () => {
  assert.deepEqual([0, 0.7, 0.71, 0.95, 0.96, 1.2].map(loadLevel), ["normal", "normal", "busy", "busy", "full", "full"]);
});

test("the link matrix has the nodes that fetch as rows and their upstreams as columns, each once", () => {
  const edge = (id: string, ...to: readonly string[]) => ({ id, links: to.map((node) => ({ to: node })) });
  const { rows, columns } = matrixOf([edge("o"), edge("e1", "p", "o"), edge("e2", "o")]);
  assert.deepEqual(
    [rows.map(({ id }) => id), columns],
    [
      ["e1", "e2"],
      ["o", "p"],
    ],
  );
});
