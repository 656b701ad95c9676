import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAmf0, Malformed, MESSAGE_TYPE } from "@lectern/media";
import { toSourceMessage } from "./source-messages.ts";

const message = (type: number, payload: Uint8Array) => ({ type, streamId: 1, timestamp: 7, payload });

test("metadata is found bare, behind @setDataFrame and in AMF3 data", () => {
  const bare = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("onMetaData", { width: 640 })));
  const set = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("@setDataFrame", "onMetaData", { width: 640 })));
  const amf3 = toSourceMessage(
    message(MESSAGE_TYPE.dataAmf3, Buffer.concat([Buffer.from([0]), encodeAmf0("onMetaData", { width: 640 })])),
  );
  for (const found of [bare, set, amf3]) {
    assert.ok(found && !(found instanceof Malformed) && found.kind === "metadata");
    assert.equal(found.properties["width"], 640);
  }
});

test("other data is passed on as it is, commands to the server are not", () => {
  const cue = toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("onCuePoint", { name: "slide 2" })));
  assert.ok(cue && !(cue instanceof Malformed) && cue.kind === "data" && cue.timestamp === 7);
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.data, encodeAmf0("@clearDataFrame", "onMetaData"))), null);
});

test("an empty message is nothing, a broken one is the publisher's fault", () => {
  assert.equal(toSourceMessage(message(MESSAGE_TYPE.video, new Uint8Array())), null);
  assert.ok(toSourceMessage(message(MESSAGE_TYPE.video, Uint8Array.of(0x17, 1))) instanceof Malformed);
});
