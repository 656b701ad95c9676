import assert from "node:assert/strict";
import { test } from "node:test";
import { StillCheck } from "./still-check.ts";

/** A grey picture with noise. */
function picture(grey: number, noise: number, seed = 1): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(32 * 24 * 4);
  let state = seed;
  for (let i = 0; i < pixels.length; i += 4) {
    state = (state * 1103515245 + 12345) % 2147483648;
    pixels.fill(grey + (state / 2147483648 - 0.5) * noise, i, i + 3);
  }
  return pixels;
}

test("a covered camera is black, a dark room with a lamp in it is not", () => {
  assert.equal(new StillCheck().look(picture(4, 4)), "black");
  const room = picture(8, 4);
  room.fill(220, 0, 400);
  assert.equal(new StillCheck().look(room), null);
});

test("a picture that is the same four times is frozen, one with the noise of a camera is not", () => {
  const [still, camera] = [new StillCheck(), new StillCheck()];
  const faults = [1, 2, 3, 4].map((seed) => [still.look(picture(100, 60)), camera.look(picture(100, 6, seed))]);
  assert.deepEqual(faults, [
    [null, null],
    [null, null],
    [null, null],
    ["frozen", null],
  ]);
});

test("a picture that moves again is not frozen any more", () => {
  const check = new StillCheck();
  for (let i = 0; i < 5; i++) check.look(picture(100, 60));
  assert.equal(check.look(picture(100, 60, 7)), null);
});
