import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFor, EngineChoice, engineChoice, engineOrder } from "./engine-choice.ts";

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

const BROWSER = { hasMediaSource: true, hasWebRtc: true } as const;

test("WHEP comes first where real time is wanted and the browser can", () => {
  const nameOf = (...of: Parameters<typeof engineChoice>) => engineChoice(...of).name;
  assert.equal(nameOf("/live/math.flv", null, "realtime", BROWSER), "whep");
  assert.equal(nameOf("/live/math.flv", null, "realtime", { ...BROWSER, hasMediaSource: false }), "whep");
  assert.equal(nameOf("/live/math.flv", "whep", "normal", BROWSER), "whep");
  assert.equal(nameOf("/live/math.flv", null, "realtime", { ...BROWSER, hasWebRtc: false }), "flv");
  assert.equal(nameOf("/live/math.flv", "hls", "realtime", BROWSER), "hls");
  assert.equal(nameOf("/live/math.m3u8", null, "realtime", BROWSER), "hls");
  for (const latency of ["low", "normal"] as const) assert.equal(nameOf("/live/math.flv", null, latency, BROWSER), "flv");
});

test("whatever is wrong with WHEP, the next engine is tried at once, and WHEP may return", () => {
  const choice = engineChoice("/live/math.flv", null, "realtime", BROWSER);
  assert.equal(choice.mayReturn, false);
  assert.deepEqual([choice.reportProblem("not-live"), choice.name, choice.mayReturn], [true, "flv", true]);
  assert.deepEqual([choice.reportProblem("not-live"), choice.name], [false, "flv"]);
  choice.returnToWhep();
  assert.deepEqual([choice.name, choice.mayReturn], ["whep", false]);
  assert.deepEqual([choice.reportProblem("network"), choice.name], [true, "flv"]);
  assert.equal(new EngineChoice(["flv"]).mayReturn, false);
  const only = engineChoice("/live/math.flv", "whep", "normal", BROWSER);
  assert.deepEqual([only.reportProblem("network"), only.name], [false, "whep"]);
});

test("WHEP goes on with a renewed link, but not with the address of an encrypted lesson", () => {
  const choice = engineChoice("/live/math.flv?sign=1", null, "realtime", BROWSER);
  assert.equal(choice.goesOn("/live/math.flv?sign=1", "/live/math.flv?sign=2"), true);
  assert.equal(choice.goesOn("/live/math.flv?sign=1", "/live/math.m3u8?sign=2"), false);
});
