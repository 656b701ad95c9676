/** RTP times of two tracks on one clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MediaClock } from "./media-clock.ts";

const NTP = 1_790_000_000_000;

test("before a report, times begin by arrival and go on by RTP time", () => {
  const clock = new MediaClock();
  const video = clock.track(90_000);
  const audio = clock.track(48_000);
  assert.equal(video.toMs(900_000, 5000), 0);
  assert.equal(video.toMs(900_000 + 3600, 5071), 40);
  assert.equal(audio.toMs(48, 5030), 30);
  assert.equal(audio.toMs(48 + 960, 5050), 50);
});

test("by reports both tracks come onto one clock, little by little and never backward", () => {
  const clock = new MediaClock();
  const video = clock.track(90_000);
  const audio = clock.track(48_000);
  // The picture was captured at the same moment as the sound but arrived 120 ms later.
  const videoAt = (ms: number) => video.toMs(1000 + ms * 90, 10_120 + ms);
  const audioAt = (ms: number) => audio.toMs(0xffffff00 + ms * 48, 10_000 + ms);
  assert.equal(audioAt(0), 0);
  assert.equal(videoAt(0), 120);
  audio.reported({ ntpMs: NTP, timestamp: 0xffffff00 });
  video.reported({ ntpMs: NTP, timestamp: 1000 });
  let before = 120;
  for (let ms = 40; ms <= 4000; ms += 40) {
    const at = videoAt(ms);
    assert.ok(at > before);
    before = at;
    assert.ok(Math.abs(audioAt(ms) - ms) < 0.01);
  }
  assert.ok(Math.abs(before - 4000) < 0.01, String(before));
});

test("a clock that drifts is followed", () => {
  const clock = new MediaClock();
  const track = clock.track(90_000);
  let worst = 0;
  for (let ms = 0; ms < 600_000; ms += 40) {
    // The ticks are 100 ppm too fast.
    const ticks = ms * 90 * 1.0001;
    const at = track.toMs(ticks, ms);
    if (ms % 1000 === 0) track.reported({ ntpMs: NTP + ms, timestamp: Math.round(ticks) });
    worst = Math.max(worst, Math.abs(at - ms));
  }
  assert.ok(worst < 1, String(worst));
});

test("a report of time 0, and one of another clock, change nothing", () => {
  const clock = new MediaClock();
  const track = clock.track(90_000);
  track.toMs(0, 0);
  track.reported({ ntpMs: 0, timestamp: 0 });
  track.reported({ ntpMs: NTP, timestamp: 0x7fffffff });
  assert.equal(track.toMs(90_000, 1000), 1000);
});

test("times stay numbers, whatever comes", () => {
  const step = fc.tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 1e6 }), fc.double({ noNaN: true }), fc.nat({ max: 0xffffffff }));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      // As a parser of RTCP never gives it, but a caller may.
      steps.push([1, 1, Number.POSITIVE_INFINITY, 0]);
      const clock = new MediaClock();
      const track = clock.track(90_000);
      for (const [rtpTime, arrivedAt, ntpMs, timestamp] of steps) {
        track.reported({ ntpMs, timestamp });
        assert.ok(!Number.isNaN(track.toMs(rtpTime, arrivedAt)));
      }
    }),
    { numRuns: 500 },
  );
});
