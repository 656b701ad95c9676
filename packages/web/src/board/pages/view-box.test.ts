import assert from "node:assert/strict";
import { test } from "node:test";
import { panBy, unitsAt, viewBox, zoomAt } from "./view-box.ts";

const FRAME = { width: 640, height: 480 };

test("a page lies in the middle of its frame, as large as it fits", () => {
  assert.deepEqual(viewBox(FRAME, 3600, null), { scale: 0.1, left: 0, top: 60 });
  assert.deepEqual(unitsAt(viewBox(FRAME, 3600, null), 320, 240), { x: 3200, y: 1800 });
});

test("what is enlarged stays under the fingers, and never leaves the frame", () => {
  const at = { x: 400, y: 200 };
  const before = unitsAt(viewBox(FRAME, 3600, null), at.x, at.y);
  const view = zoomAt(FRAME, 3600, null, 4, at);
  const after = unitsAt(viewBox(FRAME, 3600, view), at.x, at.y);
  assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 5);
  const pulled = panBy(FRAME, 3600, view, 100_000, 100_000);
  const { left, top } = viewBox(FRAME, 3600, pulled);
  assert.ok(Math.abs(left) < 1 && Math.abs(top) < 1);
  assert.equal(zoomAt(FRAME, 3600, view, 0.01, at), null, "never smaller than the whole page");
});
