import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFor, EngineChoice, engineOrder } from "./engine-choice.ts";

test("FLV comes first, HLS where the address or the protocol says so, the browser's own HLS without Media Source Extensions", () => {
  assert.deepEqual(engineOrder("/live/math.flv", null, true), ["flv", "hls"]);
  assert.deepEqual(engineOrder("/live/math.flv?sign=1", "flv", true), ["flv"]);
  assert.deepEqual(engineOrder("/live/math.m3u8?sign=1", null, true), ["hls"]);
  assert.deepEqual(engineOrder("/live/math.flv", "hls", true), ["hls"]);
  assert.deepEqual(engineOrder("/live/math.flv", null, false), ["native"]);
});

test("each engine gets its own extension in the address, and the parameters stay", () => {
  assert.equal(addressFor("/live/math.flv?expires=1&sign=a.flv", "hls"), "/live/math.m3u8?expires=1&sign=a.flv");
  assert.equal(addressFor("/live/math.m3u8", "flv"), "/live/math.flv");
  assert.equal(addressFor("/live/math.flv", "native"), "/live/math.m3u8");
});

test("FLV that is refused leads to HLS at once, which an encrypted lesson still allows; HLS that is refused leads nowhere", () => {
  const choice = new EngineChoice(["flv", "hls"]);
  assert.deepEqual([choice.reportProblem("refused"), choice.name], [true, "hls"]);
  assert.deepEqual([choice.reportProblem("refused"), choice.name], [false, "hls"]);
  const only = new EngineChoice(["flv"]);
  assert.deepEqual([only.reportProblem("refused"), only.name], [false, "flv"]);
  assert.equal(new EngineChoice(["native"]).reportProblem("refused"), false);
});

test("two failures without a frame, or one hopeless failure, lead to the next engine", () => {
  const choice = new EngineChoice(["flv", "hls"]);
  assert.deepEqual([choice.reportFailure(false), choice.name], [false, "flv"]);
  choice.reportSuccess();
  assert.deepEqual([choice.reportFailure(false), choice.reportFailure(false), choice.name], [false, true, "hls"]);
  assert.deepEqual([choice.reportFailure(false), choice.reportFailure(false), choice.name], [false, true, "flv"]);
  assert.deepEqual([choice.reportFailure(true), choice.name], [true, "hls"]);
  assert.deepEqual([choice.reportFailure(true), choice.name], [false, "hls"]);
});

test("playback goes on with a renewed link, also where the lesson is encrypted meanwhile or not any more, if its engine may play it", () => {
  const [flv, hls] = ["/live/math.flv?sign=1", "/live/math.m3u8?sign=2"];
  const byFlv = new EngineChoice(["flv", "hls"]);
  assert.equal(byFlv.goesOn(flv, "/live/math.flv?sign=2"), true);
  assert.equal(byFlv.goesOn(flv, hls), false);
  assert.equal(byFlv.goesOn(flv, "/live/physics.flv?sign=2"), false);
  byFlv.reportProblem("refused");
  assert.deepEqual([byFlv.goesOn(flv, hls), byFlv.goesOn(hls, flv)], [true, true]);
  assert.equal(byFlv.goesOn(flv, "/live/physics.m3u8?sign=2"), false);
  assert.equal(new EngineChoice(["native"]).goesOn(flv, hls), true);
});
