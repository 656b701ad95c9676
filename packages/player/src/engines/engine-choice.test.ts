import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFor, EngineChoice, engineOrder } from "./engine-choice.ts";

test("FLV first where the browser can, HLS where it is asked for, the browser's own where there is nothing else", () => {
  assert.deepEqual(engineOrder("/live/math.flv", null, true), ["flv", "hls"]);
  assert.deepEqual(engineOrder("/live/math.flv?sign=1", "flv", true), ["flv"]);
  assert.deepEqual(engineOrder("/live/math.m3u8?sign=1", null, true), ["hls"]);
  assert.deepEqual(engineOrder("/live/math.flv", "hls", true), ["hls"]);
  assert.deepEqual(engineOrder("/live/math.flv", null, false), ["native"]);
});

test("each engine gets the address of the same stream, with its parameters", () => {
  assert.equal(addressFor("/live/math.flv?expires=1&sign=a.flv", "hls"), "/live/math.m3u8?expires=1&sign=a.flv");
  assert.equal(addressFor("/live/math.m3u8", "flv"), "/live/math.flv");
  assert.equal(addressFor("/live/math.flv", "native"), "/live/math.m3u8");
});

test("a way that fails twice without a picture is left for the next, and what is hopeless at once", () => {
  const choice = new EngineChoice(["flv", "hls"]);
  assert.deepEqual([choice.failed(false), choice.name], [false, "flv"]);
  choice.worked();
  assert.deepEqual([choice.failed(false), choice.failed(false), choice.name], [false, true, "hls"]);
  assert.deepEqual([choice.failed(false), choice.failed(false), choice.name], [false, true, "flv"]);
  assert.deepEqual([choice.failed(true), choice.name], [true, "hls"]);
  assert.deepEqual([choice.failed(true), choice.name], [false, "hls"]);
});
