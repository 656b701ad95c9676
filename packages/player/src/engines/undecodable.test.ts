import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAmf0 } from "@lectern/media";
import { undecodableOfHeader, undecodableOfList, undecodableOfScript } from "./undecodable.ts";

const script = (properties: Record<string, string | number>) => encodeAmf0("onMetaData", properties);

test("metadata tell which track nobody can decode, the picture before the sound", () => {
  assert.equal(undecodableOfScript(script({ width: 640 })), null);
  assert.equal(undecodableOfScript(script({ width: 640, audioproblem: "aac-frames" })), "audio");
  assert.equal(undecodableOfScript(script({ audioproblem: "aac-frames", videoproblem: "nal-lengths", height: 360 })), "video");
  const whole = script({ videoproblem: "nal-lengths" });
  for (let length = 0; length < whole.length - "nal-lengths".length - 6; length++)
    assert.equal(undecodableOfScript(whole.subarray(0, length)), null);
});

test("a title that has the word in it tells nothing", () => {
  assert.equal(undecodableOfScript(script({ title: "videoproblem" })), null);
});

test("headers and lists tell the same", () => {
  assert.equal(undecodableOfHeader(null), null);
  assert.equal(undecodableOfHeader("audio=aac-frames"), "audio");
  assert.equal(undecodableOfHeader("video=nal-lengths, audio=aac-frames"), "video");
  assert.equal(undecodableOfList({ items: [] }), null);
  assert.equal(undecodableOfList({ problems: { video: null, audio: null } }), null);
  assert.equal(undecodableOfList({ problems: { video: null, audio: "aac-frames" } }), "audio");
  assert.equal(undecodableOfList({ problems: { video: "nal-lengths", audio: null } }), "video");
});
