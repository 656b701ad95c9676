import assert from "node:assert/strict";
import { test } from "node:test";
import { largestNeeded } from "./player-size.ts";

const PICTURES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 854, height: 480 },
  { width: 640, height: 360 },
];
const needed = (width: number, height: number, ratio = 1, screen = { width: 3840, height: 2160 }) =>
  PICTURES[largestNeeded(PICTURES, { width, height, ratio, screenWidth: screen.width, screenHeight: screen.height })]?.height;

test("the smallest picture that fills the player is enough, and device pixels count", () => {
  assert.equal(needed(640, 360), 360);
  assert.equal(needed(700, 394), 480);
  assert.equal(needed(640, 360, 2), 720);
  assert.equal(needed(640, 360, 3), 1080);
  assert.equal(needed(320, 180), 360);
});

test("a player as large as the largest picture, or larger, has the largest", () => {
  assert.equal(needed(1920, 1080), 1080);
  assert.equal(needed(3840, 2160), 1080);
});

test("the screen limits an element that is larger than it", () => {
  assert.equal(needed(3000, 1700, 1, { width: 1280, height: 720 }), 720);
});

test("one side decides where the player has another shape than the picture", () => {
  assert.equal(needed(360, 640), 360);
  assert.equal(needed(1200, 300), 360);
});

test("of two pictures of one size the better one is allowed, and an element without a size limits nothing", () => {
  const twice = [...PICTURES, { width: 640, height: 360 }];
  const size = { width: 640, height: 360, ratio: 1, screenWidth: 1920, screenHeight: 1080 };
  assert.equal(largestNeeded(twice, size), 3);
  assert.equal(largestNeeded(twice, { ...size, width: 0, height: 0 }), 0);
  assert.equal(largestNeeded([], size), 0);
});
