import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { readRemembered } from "../devices/remembered.ts";
import { Capture } from "./capture.ts";
import { FakeMedia, type FakeTrack } from "./fake-media.ts";
import type { MediaSource } from "./inputs.ts";
import type { OutputParts } from "./output.ts";

let media: FakeMedia;
let parts: OutputParts | null;

beforeEach(() => {
  const kept = new Map<string, string>();
  const getItem = (key: string) => kept.get(key) ?? null;
  const setItem = (key: string, value: string) => void kept.set(key, value);
  Object.defineProperty(globalThis, "localStorage", { value: { getItem, setItem }, configurable: true });
  media = new FakeMedia();
  parts = null;
});

function newCapture(): Capture {
  const stream = {} as MediaStream;
  const update = (of: OutputParts) => {
    parts = of;
    return stream;
  };
  const output = { update, close: () => {} };
  return new Capture({ media: media as unknown as MediaSource, output, placeholder: () => "Camera off" });
}

/** Lets everything that is under way come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const liveTracks = (kind: string): readonly FakeTrack[] =>
  media.opened.filter((track) => track.kind === kind && track.readyState === "live");
const refuse = (kind: string, name: string) => (of: string) => (of === kind ? new DOMException("", name) : null);

test("camera and microphone are opened, listed and remembered", async () => {
  media.plugIn("camera", "cam", "USB camera");
  media.plugIn("microphone", "mic", "Headset");
  const capture = newCapture();
  await capture.open();
  const { camera, microphone, devices, output } = capture.snapshot();
  assert.deepEqual([camera.status, camera.device?.label, microphone.status], ["on", "USB camera", "on"]);
  assert.deepEqual([devices.camera.length, devices.microphone.length], [1, 1]);
  assert.notEqual(output, null);
  assert.equal(readRemembered().devices.camera?.label, "USB camera");
  capture.close();
  assert.deepEqual(liveTracks("video"), []);
});

test("the remembered camera is opened; where it is not here, another one is", async () => {
  media.plugIn("camera", "one");
  media.plugIn("camera", "two");
  const first = newCapture();
  await first.changeDevice("camera", "two");
  first.close();
  const second = newCapture();
  await second.open();
  assert.equal(second.snapshot().camera.device?.id, "two");
  second.close();
  media.unplug("two");
  const third = newCapture();
  await third.open();
  assert.equal(third.snapshot().camera.device?.id, "one");
});

test("without a camera, and where it is refused, the sound goes on and the page knows why", async () => {
  media.plugIn("microphone", "mic");
  const capture = newCapture();
  await capture.open();
  assert.deepEqual([capture.snapshot().camera.problem, capture.snapshot().microphone.status], ["none", "on"]);
  media.refuse = refuse("video", "NotAllowedError");
  await capture.open();
  assert.equal(capture.snapshot().camera.problem, "denied");
  assert.notEqual(capture.snapshot().output, null);
});

test("an unplugged camera is replaced and stays the remembered one; it is offered when it is back", async () => {
  media.plugIn("camera", "built-in");
  media.plugIn("camera", "usb");
  const capture = newCapture();
  await capture.changeDevice("camera", "usb");
  media.unplug("usb");
  await settled();
  assert.deepEqual(capture.snapshot().notice, { kind: "lost", input: "camera", from: "usb", to: "built-in" });
  assert.deepEqual([capture.snapshot().camera.device?.id, parts?.camera !== null], ["built-in", true]);
  media.plugIn("camera", "usb");
  await settled();
  const { notice } = capture.snapshot();
  assert.deepEqual(notice?.kind === "back" ? notice.device.id : notice, "usb");
});

test("when the last microphone is gone, the page is told so and the picture goes on", async () => {
  media.plugIn("camera", "cam");
  media.plugIn("microphone", "mic");
  const capture = newCapture();
  await capture.open();
  media.unplug("mic");
  await settled();
  const { notice, microphone, output } = capture.snapshot();
  assert.deepEqual(notice, { kind: "lost", input: "microphone", from: "mic", to: null });
  assert.deepEqual([microphone.status, microphone.problem, parts?.microphone], ["failed", "none", null]);
  assert.notEqual(output, null);
});

test("a screen that the person does not choose changes nothing; one that ends gives its place to the camera", async () => {
  media.plugIn("camera", "cam");
  media.plugIn("microphone", "mic");
  const capture = newCapture();
  await capture.open();
  media.refuse = refuse("screen", "NotAllowedError");
  await capture.chooseSource("screen");
  assert.deepEqual([capture.snapshot().source, capture.snapshot().screen.problem], ["camera", "cancelled"]);
  media.refuse = null;
  await capture.chooseSource("screen");
  assert.deepEqual([parts?.source, parts?.camera, parts?.screen !== null], ["screen", null, true]);
  liveTracks("video")[0]?.end();
  await settled();
  assert.deepEqual([capture.snapshot().source, capture.snapshot().notice?.kind], ["camera", "screen-ended"]);
  assert.equal(capture.snapshot().camera.status, "on");
});

test("a lesson of sound alone is one again after a screen", async () => {
  media.plugIn("microphone", "mic");
  const capture = newCapture();
  await capture.chooseSource("sound");
  await capture.open();
  await capture.chooseSource("screen");
  await capture.stopSharing();
  assert.deepEqual([capture.snapshot().source, capture.snapshot().camera.status, parts?.screen], ["sound", "off", null]);
});

test("mute silences the microphone, also one that is opened while muted; camera off closes the camera", async () => {
  media.plugIn("camera", "cam");
  media.plugIn("microphone", "one");
  media.plugIn("microphone", "two");
  const capture = newCapture();
  await capture.open();
  capture.setMuted(true);
  await capture.changeDevice("microphone", "two");
  assert.deepEqual(
    liveTracks("audio").map(({ enabled }) => enabled),
    [false],
  );
  capture.setMuted(false);
  assert.deepEqual(
    liveTracks("audio").map(({ enabled }) => enabled),
    [true],
  );
  await capture.setCameraOff(true);
  assert.deepEqual([liveTracks("video"), parts?.camera, parts?.placeholder], [[], null, "Camera off"]);
  await capture.setCameraOff(false);
  assert.equal(capture.snapshot().camera.status, "on");
});

test("a phone that opens one camera at a time is turned all the same", async () => {
  media.plugIn("camera", "front", "camera 1, facing front");
  media.plugIn("camera", "back", "camera 0, facing back");
  const capture = newCapture();
  await capture.open();
  media.refuse = (kind) => (kind === "video" && liveTracks("video").length > 0 ? new DOMException("", "NotReadableError") : null);
  await capture.turnCamera();
  assert.equal(liveTracks("video")[0]?.settings.facingMode, "environment");
  assert.equal(liveTracks("video").length, 1);
});

test("a device that opens after the page was left, or after another choice, is closed again", async () => {
  media.plugIn("camera", "one");
  media.plugIn("camera", "two");
  const capture = newCapture();
  const [first, second] = [capture.changeDevice("camera", "one"), capture.changeDevice("camera", "two")];
  await Promise.all([first, second]);
  assert.deepEqual(
    liveTracks("video").map(({ settings }) => settings.deviceId),
    ["two"],
  );
  const late = capture.changeDevice("camera", "one");
  capture.close();
  await late;
  assert.deepEqual(liveTracks("video"), []);
});

test("after a sleep, devices whose tracks have ended are opened again", async () => {
  media.plugIn("camera", "cam");
  const capture = newCapture();
  await capture.open();
  // No event tells it.
  for (const track of liveTracks("video")) track.stop();
  await capture.revive();
  assert.equal(liveTracks("video").length, 1);
});
