import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { forgetLiveMark, keepLiveMark, readLiveMark, readRemembered, remember, rememberDevice } from "./remembered.ts";

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "localStorage");
});

test("each device is remembered by itself, beside the choices", () => {
  assert.deepEqual(readRemembered().devices, { camera: null, microphone: null });
  rememberDevice("camera", { id: "a", label: "USB camera" });
  remember({ source: "both", corner: "top-left", noiseSuppression: false, publishWith: "browser" });
  rememberDevice("microphone", { id: "m", label: "Headset" });
  assert.deepEqual(readRemembered(), {
    devices: { camera: { id: "a", label: "USB camera" }, microphone: { id: "m", label: "Headset" } },
    source: "both",
    corner: "top-left",
    noiseSuppression: false,
    publishWith: "browser",
  });
});

test("what the browser keeps is not believed: another shape counts as nothing", () => {
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    '{"devices":5,"source":"theatre","corner":7,"publishWith":"x"}',
    '{"devices":{"camera":{"id":1}}}',
  ]) {
    kept.set("lectern.publishing", text);
    kept.set("lectern.publishing-live", text);
    const { devices, source, corner, noiseSuppression, publishWith } = readRemembered();
    assert.deepEqual(
      [devices.camera, source, corner, noiseSuppression, publishWith],
      [null, "camera", "bottom-right", true, null],
      text,
    );
    assert.equal(readLiveMark("l1", Date.now()), null);
  }
});

test("a lesson that was live is offered again for its own page, until it is long ago or was ended", () => {
  const since = 1_000_000;
  const mark = { lessonId: "l1", source: "screen", since, isMuted: true, isCameraOff: false } as const;
  keepLiveMark(mark);
  assert.deepEqual(readLiveMark("l1", since + 60_000), mark);
  assert.equal(readLiveMark("l2", since + 60_000), null);
  assert.equal(readLiveMark("l1", since + 13 * 3_600_000), null);
  forgetLiveMark();
  assert.equal(readLiveMark("l1", since), null);
});
