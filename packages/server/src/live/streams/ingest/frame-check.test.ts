import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthPrefixed } from "@lectern/media";
import { ManualClock } from "../../../platform/clock.ts";
import { problemsOf, reportedProblems, whyNothing } from "../log/reported-problems.ts";
import { Statistics } from "../statistics.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  idOf,
  ingestOf,
  mediaOf,
  pushAll,
  RETENTION,
  videoFrame,
} from "../synthetic-source.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";

/** Pushes some seconds of frames, each as a publisher would shape it, and gives what the uplink says then. */
function said(configurations: readonly SourceMessage[], shaped: (frame: SourceFrame) => SourceFrame, seconds = 2) {
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  const { ingest } = ingestOf(clock, RETENTION, statistics);
  pushAll(ingest, configurations);
  for (let time = 0; time < seconds * 1000; time += 20) {
    clock.advance(20);
    pushAll(ingest, [shaped(audioFrame(time)), ...(time % 40 === 0 ? [shaped(videoFrame(time, time % 1000 === 0))] : [])]);
  }
  const { health, verdict, problem, faults } = statistics.look();
  return [health, verdict, problem, faults] as const;
}

const BOTH = [avcConfiguration(), aacConfiguration];
const ofVideo = (change: (payload: Buffer, frame: SourceFrame) => Uint8Array) => (frame: SourceFrame) =>
  frame.track === "video" ? { ...frame, payload: change(Buffer.from(frame.payload), frame) } : frame;

test("nothing is said of frames that can be decoded", () => {
  assert.deepEqual(
    said(BOTH, (frame) => frame),
    ["good", "none", null, 0],
  );
});

test("lengths that fit nothing", () => {
  const shape = ofVideo((payload) => payload.fill(0xff, 0, 4));
  assert.deepEqual(said(BOTH, shape, 0.4), ["poor", "picture-undecodable", "nal-lengths", 0]);
});

test("slices whose parameter sets were never sent, from the first key frame on", () => {
  // pic_parameter_set_id 1.
  const shape = ofVideo((payload) => {
    payload[6] = 0x40;
    return payload;
  });
  assert.deepEqual(said(BOTH, shape, 0.4), ["poor", "picture-undecodable", "parameter-sets-missing", 0]);
});

test("slices without the beginning of any picture", () => {
  // first_mb_in_slice is not 0.
  const shape = ofVideo((payload) => payload.fill(0x48, 5, 6));
  assert.deepEqual(said(BOTH, shape, 0.4), ["poor", "picture-undecodable", "first-slice-missing", 0]);
});

test("frames whose configuration never comes, or cannot be read", () => {
  assert.deepEqual(
    said([aacConfiguration], (frame) => frame),
    ["poor", "picture-undecodable", "configuration-missing", 0],
  );
  const broken: SourceMessage = { kind: "configuration", track: "video", codec: "avc1", data: Uint8Array.of(1, 2) };
  assert.deepEqual(
    said([broken], (frame) => frame),
    ["poor", "picture-undecodable", "configuration-missing", 1],
  );
});

test("AAC that does not begin as its configuration says", () => {
  // One channel in each frame of a stream of two, an end at the beginning, an element for low frequencies.
  for (const first of [0x01, 0xe0, 0x60]) {
    const shape = (frame: SourceFrame) => {
      if (frame.track === "video") return frame;
      const payload = Buffer.from(frame.payload);
      payload[0] = first;
      return { ...frame, payload };
    };
    assert.deepEqual(said(BOTH, shape), ["poor", "sound-undecodable", "aac-frames", 0], `${first}`);
  }
});

test("AAC that no decoder takes is silent in the log, and so is what follows until five frames in a row fit", () => {
  const { ingest, entries } = ingestOf();
  const rubbish = Buffer.alloc(40, 0xd7);
  pushAll(ingest, BOTH);
  for (let i = 0; i < 20; i++) {
    const frame = audioFrame(i * 23, i);
    pushAll(ingest, [i === 8 ? { ...frame, payload: rubbish } : frame, ...(i % 2 === 0 ? [videoFrame(i * 23, i === 0)] : [])]);
  }
  const silence = Buffer.from("21000000001c", "hex");
  const sound = mediaOf(entries, "audio");
  const silent = sound.flatMap(({ payload }, i) => (silence.equals(payload) ? [i] : []));
  assert.deepEqual(silent, [8, 9, 10, 11, 12]);
  assert.deepEqual([idOf(sound[7]!), idOf(sound[13]!)], [7, 13], "the others are as they came");
});

test("parameter sets in key frames stand for a configuration that never comes", () => {
  const configuration = avcConfiguration();
  assert.ok(configuration.kind === "configuration");
  const sps = configuration.data.subarray(8, 38);
  const pps = configuration.data.subarray(41);
  const shape = ofVideo((payload, { key }) => (key ? Buffer.concat([lengthPrefixed([sps, pps]), payload]) : payload));
  assert.deepEqual(said([aacConfiguration], shape), ["good", "none", null, 0]);
});

test("the log tells of a track that nobody can decode as soon as it is found out, and that it can be decoded again", () => {
  const { log, ingest } = ingestOf();
  const told: string[] = [];
  log.listen((entry) => {
    if (entry.kind !== "configuration" || entry.track !== "metadata") return;
    const { video, audio } = reportedProblems({ metadata: entry });
    told.push(`${pushed} ${video} ${audio}`);
  });
  let pushed = 0;
  const misfit = ofVideo((payload) => payload.fill(0xff, 0, 4));
  pushAll(ingest, BOTH);
  for (let time = 0; time < 4000; time += 20) {
    const isBroken = time >= 1000 && time < 2000;
    const shaped = isBroken ? misfit : (frame: SourceFrame) => frame;
    pushed = time;
    pushAll(ingest, [audioFrame(time), ...(time % 40 === 0 ? [shaped(videoFrame(time, time % 200 === 0))] : [])]);
  }
  assert.deepEqual(told.slice(1), ["1160 nal-lengths null", "2200 null null"]);
});

test("sound whose picture cannot be configured tells of the picture too", () => {
  const { log, ingest } = ingestOf();
  pushAll(ingest, [aacConfiguration]);
  for (let time = 0; time < 4000; time += 20)
    pushAll(ingest, [audioFrame(time), ...(time % 40 === 0 ? [videoFrame(time, true)] : [])]);
  assert.deepEqual(reportedProblems(log.context), { video: "configuration-missing", audio: null });
  assert.deepEqual(reportedProblems({ metadata: null }), { video: null, audio: null });
});

test("nothing is told of a new publisher that another one has sent", () => {
  const { log, ingest } = ingestOf();
  pushAll(ingest, BOTH);
  for (let time = 0; time < 2000; time += 20)
    pushAll(ingest, [
      { ...audioFrame(time), payload: Buffer.alloc(40, 0xd7) },
      ...(time % 40 === 0 ? [videoFrame(time, time % 500 === 0)] : []),
    ]);
  assert.deepEqual(reportedProblems(log.context), { video: null, audio: "aac-frames" });
  ingest.beginTerm(2);
  pushAll(ingest, BOTH);
  for (let time = 0; time < 2000; time += 20)
    pushAll(ingest, [audioFrame(time), ...(time % 40 === 0 ? [videoFrame(time, time % 500 === 0)] : [])]);
  assert.deepEqual(reportedProblems(log.context), { video: null, audio: null });
});

test("sound is watched alone where the picture that was announced never begins", () => {
  const { log, ingest } = ingestOf();
  const orphan = ofVideo((payload) => payload.fill(0x48, 5, 6));
  pushAll(ingest, BOTH);
  for (let time = 0; time < 2000; time += 20)
    pushAll(ingest, [audioFrame(time), ...(time % 40 === 0 ? [orphan(videoFrame(time, time % 200 === 0))] : [])]);
  const { video, audio } = log.context;
  assert.deepEqual([video, audio?.codec, reportedProblems(log.context).video], [null, "mp4a", "first-slice-missing"]);
  assert.ok(log.segments.at(-1)?.head.independent);
  for (let time = 2000; time < 4000; time += 20)
    pushAll(ingest, [audioFrame(time), ...(time % 40 === 0 ? [videoFrame(time, time % 200 === 0)] : [])]);
  assert.deepEqual([log.context.video?.codec, reportedProblems(log.context).video], ["avc1", null]);
});

test("a slow picture without a configuration is told within two seconds", () => {
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  const { ingest } = ingestOf(clock, RETENTION, statistics);
  for (const time of [0, 600, 1200, 1800]) {
    pushAll(ingest, [videoFrame(time, true)]);
    clock.advance(600);
  }
  assert.equal(statistics.look().problem, "configuration-missing");
});

test("pictures of which none is a key frame are told after four seconds, until one comes", () => {
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  const { log, ingest } = ingestOf(clock, RETENTION, statistics);
  const problems: string[] = [];
  pushAll(ingest, [avcConfiguration()]);
  for (let time = 0; time <= 5000; time += 40) {
    pushAll(ingest, [videoFrame(time, time === 5000)]);
    const { problem } = statistics.look();
    if (problem !== null && problems.length === 0) problems.push(`${time} ${problem} ${whyNothing(log)?.problem}`);
    clock.advance(40);
  }
  assert.deepEqual(
    [problems, statistics.look().problem, whyNothing(log)],
    [["4040 key-frame-missing key-frame-missing"], null, null],
  );
});

test("why nothing can be watched is told without an entry of the log, until something is written", () => {
  const { log, ingest, entries } = ingestOf();
  for (let time = 0; time < 400; time += 40) pushAll(ingest, [videoFrame(time, true)]);
  assert.deepEqual(whyNothing(log), { track: "video", problem: "configuration-missing" });
  assert.deepEqual(problemsOf(log), { video: "configuration-missing", audio: null });
  assert.deepEqual([entries.length, log.head], [0, 0]);
  pushAll(ingest, [avcConfiguration()]);
  for (let time = 400; time < 1200; time += 40) pushAll(ingest, [videoFrame(time, true)]);
  assert.deepEqual([whyNothing(log), problemsOf(log), log.segments.length], [null, { video: null, audio: null }, 1]);
});

test("what was watched before can be watched still, when the next publisher sends nothing that can be decoded", () => {
  const { log, ingest } = ingestOf();
  pushAll(ingest, BOTH);
  for (let time = 0; time < 2000; time += 40) pushAll(ingest, [audioFrame(time), videoFrame(time, time === 0)]);
  ingest.beginTerm(2);
  for (let time = 0; time < 400; time += 40) pushAll(ingest, [videoFrame(time, true)]);
  assert.deepEqual([whyNothing(log), problemsOf(log).video], [null, "configuration-missing"]);
  ingest.beginTerm(3);
  assert.deepEqual(problemsOf(log), { video: null, audio: null });
});
