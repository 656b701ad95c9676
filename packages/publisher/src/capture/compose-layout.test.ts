import assert from "node:assert/strict";
import { test } from "node:test";
import { composeLayout } from "./compose-layout.ts";

const SCREEN = { width: 2560, height: 1440 };
const CAMERA = { width: 640, height: 480 };

test("the camera stands in its corner, inside the picture, which is no wider than wanted", () => {
  for (const corner of ["top-left", "top-right", "bottom-left", "bottom-right"] as const) {
    const { picture, screen, camera } = composeLayout(SCREEN, CAMERA, corner, 1920);
    assert.deepEqual(picture, { width: 1920, height: 1080 });
    assert.deepEqual(screen, { x: 0, y: 0, ...picture });
    assert.ok(camera && Math.abs(camera.width / camera.height - 4 / 3) < 0.02);
    assert.equal(camera.x < 960, corner.endsWith("left"));
    assert.equal(camera.y < 540, corner.startsWith("top"));
    assert.ok(camera.x >= 0 && camera.x + camera.width <= 1920 && camera.y >= 0 && camera.y + camera.height <= 1080);
  }
});

test("what is alone fills the picture, and a hidden camera is not shown beside a screen", () => {
  assert.deepEqual(composeLayout(null, CAMERA, "top-left", 1920).camera, { x: 0, y: 0, ...CAMERA });
  assert.equal(composeLayout(SCREEN, CAMERA, null, 1920).camera, null);
  assert.deepEqual(composeLayout(SCREEN, null, "top-left", 1280).screen, { x: 0, y: 0, width: 1280, height: 720 });
  assert.deepEqual(composeLayout(null, null, null, 1920).picture, { width: 1280, height: 720 });
});
