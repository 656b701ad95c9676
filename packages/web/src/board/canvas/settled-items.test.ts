import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "@lectern/board";
import { SettledItems } from "./settled-items.ts";

const item = (id: string): Item => ({
  ...{ id, dx: 0, dy: 0, scale: 1, deleted: false },
  content: { type: "stroke", tool: "pen", color: "black", width: 12, points: [], ended: true },
});
const [a, b, c] = [item("aaaa.1"), item("aaaa.2"), item("aaaa.3")] as const;

test("what comes on top is added, and everything else is drawn in its place again", () => {
  const settled = new SettledItems();
  assert.deepEqual(settled.take([a, b]), { kind: "added", items: [a, b] });
  assert.deepEqual(settled.take([a, b]), { kind: "none" });
  assert.deepEqual(settled.take([a, b, c]), { kind: "added", items: [c] });
  const moved = { ...b, dx: 5 };
  assert.deepEqual(settled.take([a, moved, c]), { kind: "changed", items: [b, moved] });
  assert.deepEqual(settled.take([a, c]), { kind: "changed", items: [moved] });
  assert.deepEqual(settled.take([a, b, c]), { kind: "changed", items: [b] }, "below another");
  assert.deepEqual(settled.take([b, a, c]), { kind: "all" });
});
