import assert from "node:assert/strict";
import { test } from "node:test";
import { CODE_PATTERN, isStreamName, lessonCode, NAME_PATTERN, playerAddresses } from "./lesson-code.ts";

test("a lesson code may have small letters, dashes and spaces", () => {
  for (const input of ["K7MP2XQF", "k7mp-2xqf", " K7MP 2XQF "]) assert.equal(lessonCode(input), "K7MP2XQF");
});

test("the letters I and O and the digits 0 and 1 are in no lesson code", () => {
  for (const input of ["K7MP2XQ0", "K7MP2XQI", "K7MP2XQ", "K7MP2XQFF", "lesson", ""]) assert.equal(lessonCode(input), null);
});

test("the input accepts lesson codes and stream names, as browsers read patterns", () => {
  const accepts = (text: string) => new RegExp(`^(?:${NAME_PATTERN}|${CODE_PATTERN})$`, "v").test(text);
  assert.deepEqual(["k7mp 2xqf", "K7MP-2XQF", "math_7b", "", "a b", "ä"].map(accepts), [true, true, true, false, false, false]);
  assert.deepEqual(["math-7b", "", "a/b", "x".repeat(129)].map(isStreamName), [true, false, false, false]);
});

test("a stream has an address for each protocol, with its port", () => {
  assert.deepEqual(playerAddresses("https://school.example:8443", 11935, "math", "/live/math.flv?sign=1"), [
    ["RTMP", "rtmp://school.example:11935/live/math"],
    ["HTTP-FLV", "https://school.example:8443/live/math.flv?sign=1"],
    ["WebSocket-FLV", "wss://school.example:8443/live/math.flv?sign=1"],
    ["HLS", "https://school.example:8443/live/math.m3u8?sign=1"],
  ]);
});
