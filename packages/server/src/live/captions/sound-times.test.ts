/** The stream's times of an engine's seconds, over holes and a jump to now. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BYTES_PER_SECOND } from "./caption-engine.ts";
import { SoundTimes } from "./sound-times.ts";

test("seconds of the sound are the stream's times, also behind a hole", () => {
  const times = new SoundTimes();
  times.gave(BYTES_PER_SECOND, 5000);
  times.gave(BYTES_PER_SECOND, 6010);
  times.gave(BYTES_PER_SECOND, 20_000);
  assert.deepEqual(
    [0, 0.5, 1.5, 2, 2.5].map((seconds) => times.timeOf(seconds)),
    [5000, 5500, 6500, 20_000, 20_500],
  );
  assert.equal(times.end, 21_000);
});

test("times are those of the newest places, however many holes there were", () => {
  const times = new SoundTimes();
  for (let i = 0; i < 1000; i++) times.gave(BYTES_PER_SECOND, i * 5000);
  assert.equal(times.timeOf(999.5), 999 * 5000 + 500);
});
