import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { boxOf, isHit, isTouched, Outlines, outlineOf, type Polygon, placed } from "./outline.ts";
import type { Content, Item, Point, Stroke } from "./shapes.ts";

const item = (content: Content, change: Partial<Item> = {}): Item => ({
  id: "aaaa.1",
  content,
  dx: 0,
  dy: 0,
  scale: 1,
  deleted: false,
  ...change,
});
const stroke = (points: readonly Point[], width = 20): Stroke => ({
  type: "stroke",
  tool: "pen",
  color: "black",
  width,
  points,
  ended: true,
});
const wave = (length: number): Point[] =>
  Array.from({ length }, (_, i) => ({
    x: 500 + i * 9,
    y: 900 + 300 * Math.sin(i / 9),
    pressure: 0.5 + 0.3 * Math.cos(i / 11),
    at: i * 8,
  }));

/** The nonzero rule over all polygons. */
function isInside(polygons: readonly Polygon[], x: number, y: number): boolean {
  let winding = 0;
  for (const polygon of polygons)
    for (let i = 0; i < polygon.length; i += 2) {
      const [ax, ay] = [polygon[i]!, polygon[i + 1]!];
      const [bx, by] = [polygon[(i + 2) % polygon.length]!, polygon[(i + 3) % polygon.length]!];
      const left = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
      if (ay <= y && by > y && left > 0) winding++;
      if (ay > y && by <= y && left < 0) winding--;
    }
  return winding !== 0;
}

test("an outline covers the line that was drawn, also where its pieces meet, and stays within the pen's width of it", () => {
  const points = wave(700);
  const outline = outlineOf(stroke(points, 40));
  assert.ok(outline.length > 5);
  const missed = points.filter(({ x, y }) => !isInside(outline, x, y));
  assert.ok(missed.length <= 2, `${missed.length} points are not covered`);
  for (const polygon of outline)
    for (let i = 0; i < polygon.length; i += 2)
      assert.ok(
        points.some(({ x, y }) => Math.hypot(x - polygon[i]!, y - polygon[i + 1]!) < 45),
        "far from the line",
      );
});

test("a stroke that grows has the outline of the whole, and only its last piece is made again", () => {
  const points = wave(500);
  const outlines = new Outlines();
  let before: readonly Polygon[] = [];
  for (let count = 0; count <= points.length; count += 7) {
    const grown = stroke(points.slice(0, count));
    const outline = outlines.of("aaaa.1", grown);
    assert.deepEqual(outline, outlineOf(grown));
    for (const [i, piece] of before.slice(0, -1).entries()) assert.equal(outline[i], piece);
    before = outline;
  }
  assert.equal(outlines.of("aaaa.1", stroke(points.slice(0, 497))), before);
});

test("a stroke in hand has the outline of all its points, also after others took the place of the newest", () => {
  const points = wave(500);
  const outlines = new Outlines();
  let newestCount = 0;
  const live = outlines.live(() => newestCount);
  for (let kept = 0; kept <= 480; kept += 16) {
    const newest = points.slice(kept, kept + 20).map((point) => ({ ...point, y: point.y + 3 }));
    for (let more = 0; more <= newest.length; more += 5) {
      const inHand = stroke([...points.slice(0, kept), ...newest.slice(0, more)]);
      newestCount = more;
      assert.deepEqual(live.of("aaaa.1", inHand), outlineOf(inHand));
    }
  }
  newestCount = 20;
  const first = live.of("aaaa.1", stroke(points))[0];
  newestCount = 19;
  assert.equal(live.of("aaaa.1", stroke(points))[0], first, "whole pieces are made once");
  assert.deepEqual(outlines.of("aaaa.1", stroke(points)), outlineOf(stroke(points)), "and as it is at its end");
});

test("a dot is a circle", () => {
  const outline = outlineOf(stroke([{ x: 100, y: 100, pressure: 0.5, at: 0 }]));
  assert.ok(isInside(outline, 100, 100));
  assert.ok(!isInside(outline, 120, 100));
  assert.deepEqual(outlineOf(stroke([])), [[]]);
});

test("an item is hit where it is drawn, after it was moved and enlarged", () => {
  const line = item(
    stroke([
      { x: 100, y: 100, pressure: 0.5, at: 0 },
      { x: 300, y: 100, pressure: 0.5, at: 9 },
    ]),
  );
  assert.ok(isHit(line, 200, 108, 0));
  assert.ok(!isHit(line, 200, 120, 0));
  assert.ok(isHit(line, 200, 120, 12));
  const moved = item(line.content, { dx: 0, dy: 1000, scale: 2 });
  assert.deepEqual(placed(moved, 300, 100), { x: 500, y: 1100 });
  assert.ok(isHit(moved, 480, 1100, 0));
  assert.ok(!isHit(moved, 200, 100, 0));
});

test("a shape is hit on its line, a text anywhere in its box", () => {
  const box = { x: 100, y: 100, width: 200, height: 100 };
  const shape = (kind: "rectangle" | "ellipse" | "line") => item({ type: "shape", shape: kind, color: "red", stroke: 10, ...box });
  assert.ok(isHit(shape("rectangle"), 300, 150, 2));
  assert.ok(!isHit(shape("rectangle"), 200, 150, 2));
  assert.ok(isHit(shape("ellipse"), 200, 200, 2));
  assert.ok(!isHit(shape("ellipse"), 105, 105, 2));
  assert.ok(isHit(shape("line"), 200, 150, 2));
  assert.ok(isHit(item({ type: "text", text: "a", color: "red", size: 60, ...box }), 200, 150, 0));
  const back = item({ type: "shape", shape: "line", color: "red", stroke: 10, x: 300, y: 200, width: -200, height: -100 });
  assert.ok(isHit(back, 200, 150, 2));
  assert.deepEqual(boxOf(back), { x: 95, y: 95, width: 210, height: 110 });
});

test("an eraser that jumps across a line between two samples touches it", () => {
  const line = item(
    stroke(
      [
        { x: 0, y: 500, pressure: 0.5, at: 0 },
        { x: 1000, y: 500, pressure: 0.5, at: 9 },
      ],
      4,
    ),
  );
  assert.ok(isTouched(line, { x: 500, y: 0 }, { x: 510, y: 1000 }, 1));
  assert.ok(!isTouched(line, { x: 500, y: 0 }, { x: 510, y: 480 }, 1));
});

test("the box of an item holds every place where it is hit", () => {
  const place = fc.integer({ min: -500, max: 500 });
  const points = fc.array(fc.record({ x: place, y: place, pressure: fc.constant(0.5), at: fc.constant(0) }), {
    minLength: 1,
    maxLength: 8,
  });
  const change = fc.record({ dx: place, dy: place, scale: fc.double({ min: 0.1, max: 4, noNaN: true }) });
  fc.assert(
    fc.property(points, change, place, place, (drawn, moved, x, y) => {
      const one = item(stroke(drawn), moved);
      const box = boxOf(one);
      const isIn = x >= box.x - 1e-6 && x <= box.x + box.width + 1e-6 && y >= box.y - 1e-6 && y <= box.y + box.height + 1e-6;
      if (isHit(one, x, y, 0)) assert.ok(isIn);
      const [first] = drawn;
      const at = placed(one, first!.x, first!.y);
      assert.ok(isHit(one, at.x, at.y, 0.001));
    }),
  );
});
