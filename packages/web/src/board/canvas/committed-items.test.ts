import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "@lectern/board";
import { CommittedItems } from "./committed-items.ts";

const item = (id: string): Item => ({
  id,
  dx: 0,
  dy: 0,
  scale: 1,
  deleted: false,
  content: { type: "stroke", tool: "pen", color: "black", width: 12, points: [], ended: true },
});
const [a, b, c] = [item("aaaa.1"), item("aaaa.2"), item("aaaa.3")] as const;

test("what comes on top is added, and everything else is drawn in its place again", () => {
  const committed = new CommittedItems();
  assert.deepEqual(committed.take([a, b]), { kind: "added", items: [a, b] });
  assert.deepEqual(committed.take([a, b]), { kind: "none" });
  assert.deepEqual(committed.take([a, b, c]), { kind: "added", items: [c] });
  const moved = { ...b, dx: 5 };
  assert.deepEqual(committed.take([a, moved, c]), { kind: "changed", items: [b, moved] });
  assert.deepEqual(committed.take([a, c]), { kind: "changed", items: [moved] });
  assert.deepEqual(committed.take([a, b, c]), { kind: "changed", items: [b] }, "below another");
  assert.deepEqual(committed.take([b, a, c]), { kind: "all" });
});

test("a stroke that is another object and looks the same is not drawn again", () => {
  const points = [{ x: 1, y: 2, pressure: 0.5, at: 0 }];
  const stroke = (over: object): Item => ({ ...c, content: { ...c.content, points, ...over } as Item["content"] });
  const committed = new CommittedItems();
  committed.take([a, b, stroke({})]);
  assert.deepEqual(committed.take([a, b, stroke({ points: [{ ...points[0], at: 8 }] })]), { kind: "none" });
  assert.deepEqual(committed.take([b, stroke({})]), { kind: "changed", items: [a] }, "below it, another one is gone");
  for (const over of [{ color: "red" }, { points: [] }, { points: [{ ...points[0], x: 3 }] }, { width: 20 }]) {
    const next = new CommittedItems();
    next.take([a, stroke({})]);
    assert.equal(next.take([a, stroke(over)]).kind, "changed", JSON.stringify(over));
  }
});

test("what is put on top without a look at the others is known from then on", () => {
  const committed = new CommittedItems();
  assert.equal(committed.top, null);
  committed.take([a, b]);
  assert.equal(committed.top, b.id);
  committed.add(c);
  assert.equal(committed.top, c.id);
  assert.ok(committed.isShown(c.id, c));
  assert.deepEqual(committed.take([a, b, c]), { kind: "none" });
  assert.deepEqual(committed.take([a, b]), { kind: "changed", items: [c] });
});
