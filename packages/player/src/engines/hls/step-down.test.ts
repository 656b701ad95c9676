/** What hls.js is told when a picture does not arrive in time, on a clock of the test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HlsLibrary } from "./library.ts";
import { StepDown } from "./step-down.ts";

const TICK_MS = 100;

function playback() {
  const told: string[] = [];
  const hls = {
    levels: [{ bitrate: 900_000 }, { bitrate: 250_000 }, { bitrate: 500_000 }],
    level: 0,
    get loadLevel() {
      return this.level;
    },
    set loadLevel(level: number) {
      told.push(`level ${level}`);
      // Automatic quality goes on with what is loaded.
      if (level >= 0) this.level = level;
    },
    set bandwidthEstimate(bits: number) {
      told.push(`estimate ${bits}`);
    },
    stopLoad: () => void told.push("stop"),
    startLoad: () => void told.push("start"),
  };
  const stepDown = new StepDown(hls as unknown as InstanceType<HlsLibrary>);
  let now = 0;
  const look = (isWanting: boolean, milliseconds: number): string[] => {
    for (const end = now + milliseconds; now < end; now += TICK_MS) stepDown.look(isWanting, 1, now);
    return told.splice(0);
  };
  return { look, reset: () => stepDown.reset() };
}

test("a picture that stands still is left for the smallest one, and automatic quality chooses again when that has played for a while", () => {
  const { look } = playback();
  assert.deepEqual(look(false, 5000), []);
  assert.deepEqual(look(true, 300), [], "a part that is a little late");
  assert.deepEqual(look(true, 1000), ["stop", "estimate 250000", "level 1", "start"]);
  assert.deepEqual(look(false, 3900), []);
  assert.deepEqual(look(true, 1000), [], "there is no smaller one");
  assert.deepEqual(look(false, 3900), []);
  assert.deepEqual(look(false, 200), ["level -1"]);
});

test("what a person chooses is not changed later", () => {
  const { look, reset } = playback();
  look(true, 1000);
  reset();
  assert.deepEqual(look(false, 10_000), []);
});
