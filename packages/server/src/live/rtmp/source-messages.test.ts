import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAmf0, MESSAGE_TYPE } from "@lectern/media";
import { toSourceMessage } from "./source-messages.ts";

const message = (type: number, payload: Uint8Array) => ({ type, streamId: 1, timestamp: 7, payload });

test("metadata is found bare, behind @setDataFrame and in AMF3 data", () => {
  const bare = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("onMetaData", { width: 640 })));
  const set = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("@setDataFrame", "onMetaData", { width: 640 })));
  const amf3 = toSourceMessage(
    message(MESSAGE_TYPE.dataAmf3, Buffer.concat([Buffer.from([0]), encodeAmf0("onMetaData", { width: 640 })])),
  );
  for (const found of [bare, set, amf3]) {
    assert.ok(found?.kind === "metadata");
    assert.equal(found.properties["width"], 640);
  }
});

test("other data is passed on as it is, commands to the server are not", () => {
  const cue = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("onCuePoint", { name: "slide 2" })));
  assert.ok(cue?.kind === "data" && cue.timestamp === 7);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("@clearDataFrame", "onMetaData"))), null);
});

test("an empty message or configuration is nothing, one that cannot be read a fault", () => {
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.video, new Uint8Array())), null);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.audio, Uint8Array.of(0xaf, 0))), null);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.video, Uint8Array.of(0x17, 0, 0, 0, 0))), null);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.video, Uint8Array.of(0x90, ...Buffer.from("hvc1")))), null);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.audio, Uint8Array.of(0x90, ...Buffer.from("Opus")))), null);
  const broken = toSourceMessage(message(MESSAGE_TYPE.video, Uint8Array.of(0x17, 1)));
  assert.deepEqual(broken, { kind: "fault", fault: { track: "video", rule: "a video message is cut short" } });
  const unknown = toSourceMessage(message(MESSAGE_TYPE.data, Uint8Array.of(0x4d)));
  assert.deepEqual(unknown, { kind: "fault", fault: { track: "data", rule: "AMF0 marker 77 is not known" } });
});

test("metadata without its end marker has what could be read of it", () => {
  const whole = encodeAmf0("@setDataFrame", "onMetaData", { width: 640, height: 360 });
  const found = toSourceMessage(message(MESSAGE_TYPE.data, whole.subarray(0, whole.length - 3)));
  assert.deepEqual(found?.kind === "metadata" && { ...found.properties }, { width: 640, height: 360 });
});

test("data with values of AMF3 is passed on as AMF0", () => {
  // {width: 640} as a dynamic object of AMF3.
  const object = Buffer.from("110a0b010b776964746804850001", "hex");
  const metadata = toSourceMessage(message(MESSAGE_TYPE.data, Buffer.concat([encodeAmf0("onMetaData"), object])));
  assert.deepEqual(metadata?.kind === "metadata" && { ...metadata.properties }, { width: 640 });
  const cue = toSourceMessage(message(MESSAGE_TYPE.dataAmf3, Buffer.concat([Buffer.of(0), encodeAmf0("onCuePoint"), object])));
  assert.deepEqual(cue?.kind === "data" && Buffer.from(cue.data), Buffer.from(encodeAmf0("onCuePoint", { width: 640 })));
});
