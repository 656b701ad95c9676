import assert from "node:assert/strict";
import { test } from "node:test";
import type { UplinkVerdict } from "../../contracts/monitoring/node-sample.ts";
import { ManualClock } from "../../platform/clock.ts";
import { Statistics } from "./statistics.ts";
import { aacConfiguration, audioFrame, avcConfiguration, ingestOf, pushAll, RETENTION, videoFrame } from "./synthetic-source.ts";

type Sent = { readonly track: "video" | "audio"; readonly time: number; readonly key: boolean };
type Options = {
  readonly seconds: number;
  /** Distances of frames of video, milliseconds, in turn; none: no video. */
  readonly steps?: readonly number[];
  readonly gopMs?: number;
  readonly sound?: boolean;
  /** True: the encoder leaves the frame out. */
  readonly drops?: (frame: Sent, number: number) => boolean;
  /** When a frame comes to the machine, milliseconds since the beginning. */
  readonly arrives?: (frame: Sent) => number;
  /** Sockets are read so often, milliseconds. */
  readonly roundMs?: number;
  /** Times in which the process is held. */
  readonly holds?: readonly (readonly [from: number, to: number])[];
};

/** Runs a publisher against the ingest. @returns the verdict of each second */
function watch(options: Options): { readonly verdicts: readonly UplinkVerdict[]; readonly statistics: Statistics } {
  const { seconds, sound = true, roundMs = 40, holds = [], arrives = ({ time }) => time } = options;
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  const { ingest } = ingestOf(clock, RETENTION, statistics);
  const heldUntil = (at: number) => holds.find(([from, to]) => at >= from && at < to)?.[1] ?? at;
  // TCP brings the frames of a track in order.
  const newest = { video: 0, audio: 0 };
  const due = (frame: Sent) => {
    newest[frame.track] = Math.max(newest[frame.track], arrives(frame));
    return heldUntil(Math.ceil(newest[frame.track] / roundMs) * roundMs);
  };
  const sent = framesOf(options)
    .map((frame) => ({ frame, at: due(frame) }))
    .toSorted((a, b) => a.at - b.at || a.frame.time - b.frame.time);
  ingest.push(avcConfiguration());
  if (sound) ingest.push(aacConfiguration);
  const verdicts: UplinkVerdict[] = [];
  let now = 0;
  const reach = (at: number): void => {
    while (now < at) {
      const next = Math.min(at, (Math.floor(now / 1000) + 1) * 1000);
      clock.advance(next - now);
      now = next;
      for (const [from, to] of holds) if (now === to) clock.hold(to - from);
      if (now % 1000 === 0 && heldUntil(now) === now) verdicts.push(statistics.look().verdict);
    }
  };
  for (const { frame, at } of sent) {
    reach(at);
    pushAll(ingest, [frame.track === "video" ? videoFrame(frame.time, frame.key) : audioFrame(frame.time)]);
  }
  reach(seconds * 1000);
  return { verdicts, statistics };
}

function framesOf({ seconds, steps = [40], gopMs = 2000, sound = true, drops = () => false }: Options): readonly Sent[] {
  const frames: Sent[] = [];
  let nextKey = 0;
  for (let time = 0, i = 0; steps.length > 0 && time < seconds * 1000; time += steps[i++ % steps.length] ?? 40) {
    const key = time >= nextKey;
    if (key) nextKey = time + gopMs;
    const frame: Sent = { track: "video", time, key };
    if (key || !drops(frame, i)) frames.push(frame);
  }
  for (let time = 0; sound && time < seconds * 1000; time += 1024 / 48)
    frames.push({ track: "audio", time: Math.round(time), key: true });
  return frames;
}

const seen = (verdicts: readonly UplinkVerdict[]) => [...new Set(verdicts)].filter((verdict) => verdict !== "none");
/** A repeatable number from 0 to 1. */
const chance = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;

/** A line that carries so much of what is sent, from a moment on, with a queue that is so long. */
const narrow =
  (share: number, from: number, maxMs = 2500) =>
  ({ time }: Sent) =>
    time + Math.max(0, Math.min(maxMs, ((time - from) * (1 - share)) / share));

const TROUBLES: Readonly<Record<string, readonly [options: Options, verdict: UplinkVerdict]>> = {
  "a line that carries 60 %, while the encoder leaves out what does not fit": [
    { seconds: 90, arrives: narrow(0.6, 20_000), drops: ({ time }) => time > 24_000 && time % 2000 >= 1200 },
    "line-narrow",
  ],
  "a line that carries 95 %, with an encoder that waits": [{ seconds: 60, arrives: narrow(0.95, 20_000, 60_000) }, "line-narrow"],
  "a line with interruptions of 0.9 s": [
    { seconds: 40, arrives: ({ time }) => (time > 10_000 && time % 4000 < 900 ? time - (time % 4000) + 900 : time) },
    "line-unsteady",
  ],
  "a line whose pictures come in bursts, and whose sound does not": [
    {
      seconds: 40,
      arrives: ({ track, time }) => (track === "video" && time > 10_000 && time % 3000 < 800 ? time - (time % 3000) + 800 : time),
    },
    "line-unsteady",
  ],
  "an encoder that leaves out 5 % of its frames": [
    { seconds: 40, drops: ({ time }, i) => time > 10_000 && chance(i) < 0.05 },
    "encoder-drops-frames",
  ],
  "an encoder that leaves out 40 % of its frames": [
    { seconds: 60, drops: ({ time }, i) => time > 10_000 && chance(i) < 0.4 },
    "encoder-drops-frames",
  ],
  "a clock that is slow by a thousandth": [
    { seconds: 400, arrives: ({ time }) => time * 1.001 + chance(time) * 80 },
    "clock-drifts",
  ],
  "a clock that is fast by a thousandth": [
    { seconds: 400, arrives: ({ time }) => time * 0.999 + chance(time) * 80 },
    "clock-drifts",
  ],
  "sound that comes 0.8 s before its picture": [
    { seconds: 40, arrives: ({ track, time }) => (track === "video" ? time + 800 : time) },
    "sound-and-picture-apart",
  ],
  "key frames each 20 s": [{ seconds: 60, gopMs: 20_000 }, "key-frames-rare"],
};

for (const [trouble, [options, verdict]] of Object.entries(TROUBLES))
  test(`finds ${trouble}`, () => {
    const { verdicts } = watch(options);
    assert.deepEqual(seen(verdicts), [verdict], verdicts.join(" "));
    // Once it is told it stays: the trouble lasts to the end.
    assert.equal(verdicts.at(-1), verdict);
    assert.equal(verdicts.lastIndexOf("none") + 1, verdicts.indexOf(verdict), verdicts.join(" "));
  });

const HEALTHY: Readonly<Record<string, Options>> = {
  "a steady publisher that is read each 100 ms": { seconds: 60, roundMs: 100 },
  "30 frames a second in whole milliseconds": { seconds: 60, steps: [33, 33, 34] },
  "a shared screen of one frame a second": { seconds: 120, steps: [1000], gopMs: 8000 },
  "a shared screen of one frame in five seconds without sound": { seconds: 120, steps: [5000], gopMs: 5000, sound: false },
  "a shared screen that sends a frame when something moves": {
    seconds: 120,
    steps: [33, 33, 100, 33, 667, 33, 200, 33, 33, 1000, 67, 267],
    gopMs: 4000,
  },
  "a camera whose rate follows the light": {
    seconds: 120,
    steps: Array.from({ length: 600 }, (_, i) => 33 + Math.round(17 * Math.sin(i / 50))),
  },
  "sound alone": { seconds: 60, steps: [] },
  "pictures alone": { seconds: 60, sound: false },
  "key frames at changes of the scene": { seconds: 60, gopMs: 3700 },
  "a line with 200 ms of jitter": { seconds: 60, arrives: ({ time }) => time + chance(time) * 200 },
  "a line with one interruption of 0.9 s": {
    seconds: 60,
    arrives: ({ time }) => (time >= 20_000 && time < 20_900 ? 20_900 : time),
  },
  "a publisher that stood still once, and whose clock did too": {
    seconds: 100,
    arrives: ({ time }) => (time >= 30_000 ? time + 1400 : time),
  },
  "a line whose delay has become longer": { seconds: 400, arrives: ({ time }) => (time >= 150_000 ? time + 180 : time) },
  "clocks as they are": { seconds: 400, arrives: ({ time }) => time * 1.0001 + chance(time) * 60 },
  "sound 200 ms before its picture": { seconds: 60, arrives: ({ track, time }) => (track === "video" ? time + 200 : time) },
  "a process that is held again and again": {
    seconds: 60,
    holds: Array.from({ length: 12 }, (_, i) => [10_000 + i * 3000, 11_200 + i * 3000] as const),
  },
  "a process that is held for 9 s once": { seconds: 60, holds: [[20_000, 29_000]] },
};

for (const [kind, options] of Object.entries(HEALTHY))
  test(`says nothing of ${kind}`, () => {
    const { verdicts, statistics } = watch(options);
    assert.deepEqual(seen(verdicts), [], verdicts.join(" "));
    assert.equal(statistics.look().droppedFrames, 0);
  });

test("a verdict goes ten seconds after its trouble, and none is told of the next publisher", () => {
  const drops = ({ time }: Sent, i: number) => time > 10_000 && time < 20_000 && chance(i) < 0.2;
  const { verdicts, statistics } = watch({ seconds: 60, drops });
  const last = verdicts.lastIndexOf("encoder-drops-frames");
  assert.ok(last >= 28 && last <= 45, verdicts.join(" "));
  const ended = watch({ seconds: 20, drops: ({ time }, i) => time > 8000 && chance(i) < 0.2 }).statistics;
  assert.equal(ended.look().verdict, "encoder-drops-frames");
  ended.beginTerm();
  assert.equal(ended.look().verdict, "none");
  const { droppedFrames, frames } = statistics.look();
  assert.ok(droppedFrames > 30 && droppedFrames < 70 && frames + droppedFrames === 1500, `${droppedFrames} of ${frames}`);
});

test("a rate that changes for good drops no frame", () => {
  const steps = [...Array<number>(300).fill(33), ...Array<number>(2000).fill(67)];
  const { verdicts, statistics } = watch({ seconds: 60, steps });
  assert.deepEqual(seen(verdicts), []);
  assert.equal(statistics.look().droppedFrames, 0);
});

test("tells what the encoder makes, how far sound and picture are apart, and how the clock runs", () => {
  const { statistics } = watch({
    seconds: 130,
    arrives: ({ track, time }) => time * 1.0005 + (track === "video" ? 200 : 0),
  });
  const { encoderKbps, videoKbps, audioKbps, avOffsetMs, driftMsPerMinute } = statistics.look();
  assert.ok(Math.abs((encoderKbps ?? 0) - videoKbps - audioKbps) <= 1, `${encoderKbps}`);
  assert.ok(avOffsetMs !== null && Math.abs(avOffsetMs - 200) <= 40, `${avOffsetMs}`);
  assert.ok(driftMsPerMinute !== null && Math.abs(driftMsPerMinute + 30) <= 10, `${driftMsPerMinute}`);
});
