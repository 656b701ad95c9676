import assert from "node:assert/strict";
import { test } from "node:test";
import { alarmsOfNode } from "./node-alarms.ts";

test("a node has the alarms of itself, of its parts and of what comes to it, and none of other nodes or of lessons", () => {
  const subjects = ["edge", "edge database", "origin>edge", "edge<origin live/maths", "origin", "edge>origin", "live/edge", ""];
  const alarms = subjects.map((subject) => ({ subject, detail: "" }));
  assert.deepEqual(
    alarmsOfNode("edge", alarms).map(({ subject }) => subject),
    ["edge", "edge database", "origin>edge", "edge<origin live/maths"],
  );
});
