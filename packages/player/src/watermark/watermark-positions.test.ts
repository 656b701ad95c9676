import assert from "node:assert/strict";
import { test } from "node:test";
import { cornerOf, fontPixels, nextPosition, oppositeOf, videoBox } from "./watermark-positions.ts";

test("the picture keeps its shape in the middle of its element; before its size is known it is the whole element", () => {
  const wide = videoBox({ width: 1024, height: 1024 }, { width: 1600, height: 800 });
  assert.deepEqual(wide, { left: 0, top: 256, width: 1024, height: 512 });
  const narrow = videoBox({ width: 1600, height: 450 }, { width: 400, height: 300 });
  assert.deepEqual(narrow, { left: 500, top: 0, width: 600, height: 450 });
  assert.deepEqual(videoBox({ width: 640, height: 360 }, { width: 0, height: 0 }), { left: 0, top: 0, width: 640, height: 360 });
});

test("every half of the picture always has a copy, and no rectangle below a fifth of it has both", () => {
  const picture = { width: 1280, height: 720 };
  const copy = { width: 200, height: 40 };
  let place = { x: 0.3, y: 0.8 };
  const visited = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const corners = [place, oppositeOf(place)].map((one) => cornerOf(one, picture, copy));
    const [one, other] = [corners[0] ?? assert.fail(), corners[1] ?? assert.fail()];
    for (const { left, top } of corners) {
      assert.ok(left >= 0 && left + copy.width <= picture.width, `${left}`);
      assert.ok(top >= 0 && top + copy.height <= picture.height * 0.9, `${top}`);
      visited.add(`${Math.floor(left / 130)} ${Math.floor(top / 100)}`);
    }
    const area = (Math.abs(one.left - other.left) + copy.width) * (Math.abs(one.top - other.top) + copy.height);
    assert.ok(area > (picture.width * picture.height) / 5, `${area}`);
    assert.ok(Math.abs(one.left - other.left) > 500 && Math.abs(one.top - other.top) > 250);
    // As random numbers would be.
    place = nextPosition(place, [(i * 0.618) % 1, (i * 0.414) % 1]);
  }
  assert.ok(visited.size >= 8 * 5, `${visited.size} places`);
});

test("a step moves both copies, also by the least and by the most", () => {
  for (const random of [0, 0.5, 1]) {
    const place = { x: 0.25, y: 0.75 };
    const next = nextPosition(place, [random, random]);
    for (const before of [place, oppositeOf(place)]) {
      const far = Math.abs(next.x - before.x) > 0.05 && Math.abs(next.y - before.y) > 0.05;
      assert.ok(far, `${random}`);
    }
  }
});

test("the text grows with the picture, and stays legible in a small one", () => {
  assert.equal(fontPixels({ width: 200, height: 112 }), 11);
  assert.ok(Math.abs(fontPixels({ width: 1280, height: 720 }) - 28.8) < 0.1);
  assert.equal(fontPixels({ width: 7680, height: 4320 }), 64);
});

test("in a picture that is smaller than the text, the text stands at its edge", () => {
  assert.deepEqual(cornerOf({ x: 0.9, y: 0.9 }, { width: 100, height: 50 }, { width: 300, height: 80 }), { left: 2, top: 2 });
});
