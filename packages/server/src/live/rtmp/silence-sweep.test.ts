import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { SilenceSweep } from "./silence-sweep.ts";

function setUp() {
  const clock = new ManualClock();
  const sweep = new SilenceSweep(clock, 20_000);
  const silent: string[] = [];
  const watch = (name: string, heard = { at: clock.monotonic() }) => ({
    heard,
    stop: sweep.watch(
      () => heard.at,
      () => silent.push(name),
    ),
  });
  return { clock, silent, watch };
}

test("a connection is called silent once, not before its time and at most a tenth later", () => {
  const { clock, silent, watch } = setUp();
  clock.advance(700);
  watch("one");
  clock.advance(19_999);
  assert.deepEqual(silent, []);
  clock.advance(2001);
  assert.deepEqual(silent, ["one"]);
  clock.advance(60_000);
  assert.deepEqual(silent, ["one"]);
});

test("a connection that is heard, or is watched no more, is not silent, beside one that is", () => {
  const { clock, silent, watch } = setUp();
  const [talks, leaves] = [watch("talks"), watch("leaves")];
  watch("falls silent");
  for (let second = 0; second < 60; second++) {
    clock.advance(1000);
    talks.heard.at = clock.monotonic();
    if (second === 10) leaves.stop();
  }
  assert.deepEqual(silent, ["falls silent"]);
});

test("a connection that comes after all others have gone is watched too", () => {
  const { clock, silent, watch } = setUp();
  watch("first").stop();
  clock.advance(5000);
  watch("second");
  clock.advance(22_000);
  assert.deepEqual(silent, ["second"]);
});
