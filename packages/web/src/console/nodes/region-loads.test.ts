import assert from "node:assert/strict";
import { test } from "node:test";
import { type FleetNode, regionLoads } from "./region-loads.ts";

const node = (region: string, usedMbps: number, state: FleetNode["state"] = "up"): FleetNode => ({
  id: `${region} ${usedMbps}`,
  region,
  carriers: [],
  usedMbps,
  capacityMbps: 100,
  connections: 0,
  maxConnections: 100,
  state,
});

test("a region has its nodes that are up, and the load of the most loaded of them", () => {
  assert.deepEqual(regionLoads([node("广东", 10), node("广东", 30), node("北京", 0)]), [
    { region: "广东", up: 2, all: 2, load: 0.3, level: "good" },
    { region: "北京", up: 1, all: 1, load: 0, level: "good" },
  ]);
});

test("a region is busy with a busy or draining node, and bad with a full or unreachable one", () => {
  const levels = (...nodes: FleetNode[]) => regionLoads(nodes).map(({ level }) => level);
  assert.deepEqual(levels(node("a", 80)), ["busy"]);
  assert.deepEqual(levels(node("a", 1), node("a", 2, "draining")), ["busy"]);
  assert.deepEqual(levels(node("a", 97)), ["bad"]);
  assert.deepEqual(levels(node("a", 1), node("a", 99, "gone")), ["bad"]);
});
