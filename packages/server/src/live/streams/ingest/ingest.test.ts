import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import type { LogEntry, SegmentHead } from "../log/log-entry.ts";
import { Statistics } from "../statistics.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  idOf,
  ingestOf,
  lesson,
  mediaOf,
  pushAll,
  RETENTION,
  videoFrame,
} from "../synthetic-source.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";

const heads = (entries: readonly { kind: string }[]) => entries.filter((entry): entry is SegmentHead => entry.kind === "segment");

test("a stream begins with term, metadata, configurations, segment head and part mark, and then its first frame", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const kinds = entries.slice(0, 7).map((entry) => (entry.kind === "configuration" ? entry.track : entry.kind));
  assert.deepEqual(kinds, ["term", "metadata", "video", "audio", "segment", "part", "media"]);
  assert.deepEqual(
    entries.map((entry) => entry.sequence),
    entries.map((_, i) => i),
  );
});

test("every frame is written once, in the order of decode times", () => {
  const { ingest, entries } = ingestOf();
  const sent = [...lesson(6, 123_456)];
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...sent]);
  for (const track of ["video", "audio"] as const) {
    assert.deepEqual(
      mediaOf(entries, track).map(idOf),
      sent.filter((frame) => frame.track === track).map((frame) => frame.timestamp),
    );
  }
  const times = mediaOf(entries).map((entry) => entry.decodeTime);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(times[0], 0);
});

test("segment heads count from 1, carry where each track goes on, and the targets once they are fixed", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  for (const frame of lesson(7)) {
    ingest.push(frame);
    if (frame.track === "video") clock.advance(40);
  }
  const found = heads(entries);
  assert.deepEqual(
    found.map((head) => head.msn),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    found.map((head) => head.time),
    [0, 2000, 4000, 6000],
  );
  assert.equal(found[0]?.targets, null);
  assert.deepEqual(found[1]?.targets, { partMs: 440, segmentSeconds: 2 });
  assert.equal(found[2]?.start.video, 4000 * 90);
  assert.equal((found[2]?.start.audio ?? 1) % 1024, 0);
  assert.ok(Math.abs((found[2]?.start.audio ?? 0) / 44.1 - 4000) < 30);
  assert.equal(found[2]!.utc - found[1]!.utc, 2000);
});

test("a publisher that stalls and catches up moves no date; one whose clock is off for ten seconds does, once", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  for (const frame of lesson(40)) {
    // Three seconds come late, all at once; after 20 s the clock goes on 1.5 s ahead.
    if (frame.track === "video" && frame.timestamp === 4000) clock.advance(3000);
    if (frame.track === "video" && frame.timestamp === 20_000) clock.advance(1500);
    ingest.push(frame);
    if (frame.track === "video" && (frame.timestamp < 4000 || frame.timestamp >= 7000)) clock.advance(40);
  }
  const found = heads(entries);
  const jumps = found.slice(1).flatMap((head, i) => {
    const jump = head.utc - found[i]!.utc - (head.time - found[i]!.time);
    return jump === 0 ? [] : [{ jump, time: head.time }];
  });
  assert.deepEqual(jumps, [{ jump: 1500, time: 30_000 }]);
});

test("a publisher that sends faster than real time gets no date in the future", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  for (const frame of lesson(20)) {
    ingest.push(frame);
    if (frame.track === "video") clock.advance(10);
    for (const head of heads(entries)) assert.ok(head.utc <= clock.utc() + 1000, `${head.utc - clock.utc()} ms ahead`);
  }
});

test("a part mark stands before a video frame, and says where the part before it ended", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  entries.slice(6).forEach((entry, at) => {
    const i = at + 6;
    if (entry.kind !== "part") return;
    const next = entries[i + 1];
    assert.ok(next?.kind === "media" && next.track === "video");
    assert.equal(entry.previousEnd.video, next.decodeTime * 90);
  });
});

test("the same configuration sent again changes nothing; another one begins a segment with a discontinuity at its key frame", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1), avcConfiguration(), ...lesson(1, 1000, 99_000)]);
  assert.equal(heads(entries).length, 1);
  pushAll(ingest, [avcConfiguration(1), videoFrame(2000, false), videoFrame(2040, true)]);
  const found = heads(entries);
  assert.equal(found.length, 2);
  assert.equal(found[1]?.discontinuity, 1);
  assert.notEqual(found[1]?.initialisation, found[0]?.initialisation);
  assert.ok(!mediaOf(entries, "video").map(idOf).includes(2000), "a frame that cannot be decoded was written");
});

test("a codec change in mid-stream is a discontinuity with the new codec's configuration", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  const vp9 = Buffer.from("010000000010000202020000", "hex");
  pushAll(ingest, [
    { kind: "configuration", track: "video", codec: "vp09", data: vp9 },
    { ...videoFrame(1000, true), codec: "vp09" },
  ]);
  assert.equal(heads(entries).at(-1)?.discontinuity, 1);
  assert.equal(mediaOf(entries, "video").at(-1)?.codec, "vp09");
});

test("a publisher's reconnect is a new term, without a hole and without a discontinuity", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  ingest.endSource();
  ingest.beginTerm(2);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3, 5_000_000)]);
  const found = heads(entries);
  assert.deepEqual(
    found.map((head) => [head.term, head.msn, head.discontinuity]),
    [
      [1, 1, 0],
      [1, 2, 0],
      [2, 3, 0],
      [2, 4, 0],
    ],
  );
  const term = entries.find((entry) => entry.kind === "term" && entry.term === 2);
  assert.ok(term?.kind === "term" && term.previousEnd?.term === 1);
  assert.equal(term.previousEnd.sequence, term.sequence - 1);
  const video = mediaOf(entries, "video").map((entry) => entry.decodeTime);
  const steps = video.slice(1).map((time, i) => time - video[i]!);
  assert.ok(
    steps.every((step) => step > 0 && step <= 80),
    `steps ${[...new Set(steps)]}`,
  );
});

test("sound of the next publisher that begins a little after its picture is not put where that of the one before ended", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(3)]);
  ingest.endSource();
  ingest.beginTerm(2);
  const late = [...lesson(3, 5_000_000)].filter((frame) => frame.track === "video" || frame.timestamp >= 5_000_040);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...late]);
  const [first, second] = heads(entries).filter(({ term }) => term === 2);
  assert.equal(first?.start.audio, null, "from the time of its first frame on");
  const ofSecond = mediaOf(entries, "audio").filter((entry) => entry.term === 2);
  const [sound] = ofSecond.filter((entry) => !Number.isNaN(idOf(entry)));
  assert.ok(first && second && sound && sound.decodeTime > first.time);
  const next = ofSecond.find(({ decodeTime }) => decodeTime >= second.time);
  assert.ok(Math.abs((second.start.audio ?? 0) / 44.1 - (next?.decodeTime ?? 0)) < 13, "within half a frame of its time");
  assert.ok(holesOf(entries).length === 0, "silence until it begins");
});

/** Where sound begins later than the frame before it ends, by more than half a frame. */
function holesOf(entries: readonly LogEntry[]): number[] {
  const times = mediaOf(entries, "audio").map(({ decodeTime }) => decodeTime);
  return times.filter((time, i) => i > 0 && time - (times[i - 1] ?? 0) > (1.5 * 1024) / 44.1);
}

test("sound that is missing is silence, so that no player hears later sound before its picture", () => {
  const { ingest, entries } = ingestOf();
  const isLost = ({ track, timestamp }: SourceFrame) =>
    track === "audio" && ((timestamp >= 1000 && timestamp < 1080) || (timestamp >= 3000 && timestamp < 3900));
  const sent = [...lesson(6)].filter((frame) => !isLost(frame));
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...sent]);
  const audio = mediaOf(entries, "audio");
  assert.deepEqual(holesOf(entries), []);
  const count = audio.findLastIndex((entry) => !Number.isNaN(idOf(entry))) + 1;
  const end = ((audio[count - 1]?.decodeTime ?? 0) * 44.1) / 1024 + 1;
  assert.ok(Math.abs(count - end) < 0.6, `${count} frames in the time of ${end}`);
  const own = audio.flatMap((entry) => (Number.isNaN(idOf(entry)) ? [] : [[idOf(entry), entry.decodeTime]]));
  assert.deepEqual(
    own,
    sent.flatMap(({ track, timestamp }) => (track === "audio" ? [[timestamp, timestamp]] : [])),
  );
});

test("a source of nothing but holes has no more sound made for it than real time brings", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  const isKept = ({ track, timestamp }: SourceFrame) => track === "video" || timestamp % 1000 < 40;
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...[...lesson(60)].filter(isKept)]);
  const made = mediaOf(entries, "audio").filter((entry) => Number.isNaN(idOf(entry))).length;
  assert.ok(made > 0 && made <= 4000 / (1024 / 44.1), `${made} frames in no time`);
});

test("a publisher that comes back without sound is told apart from one that has it", () => {
  const { ingest, entries, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  ingest.beginTerm(2);
  pushAll(ingest, [avcConfiguration(), ...[...lesson(1)].filter((frame) => frame.track === "video")]);
  ingest.endSource();
  assert.equal(heads(entries).at(-1)?.discontinuity, 1);
  assert.equal(heads(entries).at(-1)?.start.audio, null);
  const hasSound = () => log.context.audio !== null;
  assert.equal(hasSound(), false, "a viewer who begins now waits for no sound");
  assert.equal(log.segments.at(-1)?.context.audio, null);
  ingest.beginTerm(3);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(1)]);
  ingest.endSource();
  assert.equal(hasSound(), true);
  assert.equal(heads(entries).at(-1)?.discontinuity, 2);
});

test("audio alone is cut by time, and its segments are independent", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [aacConfiguration, ...[...lesson(8)].filter((frame) => frame.track === "audio")]);
  const found = heads(entries);
  assert.ok(found.length >= 3);
  assert.ok(found.every((head) => head.independent && head.start.video === null));
});

test("video that comes later than audio begins a segment", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [aacConfiguration, ...Array.from({ length: 40 }, (_, i) => audioFrame(i * 23))]);
  pushAll(ingest, [avcConfiguration(), videoFrame(930, true), audioFrame(940)]);
  assert.equal(heads(entries).length, 2);
  assert.equal(heads(entries)[1]?.independent, true);
  assert.equal(heads(entries)[1]?.start.video, 930 * 90);
});

test("the memory of a frame may be used again when the log has it", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, videoFrame(0, true), audioFrame(0)]);
  const payload = Buffer.from(audioFrame(23, 7).payload);
  pushAll(ingest, [{ ...audioFrame(23), payload }]);
  payload.fill(0);
  const { entries } = log.segments[0]!;
  const kept = entries.at(entries.length - 1);
  assert.ok(kept?.kind === "media" && idOf(kept) === 7);
});

test("frames that are held at the start are held as they were", () => {
  const { ingest, entries } = ingestOf();
  const payload = Buffer.from(audioFrame(0, 7).payload);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, { ...audioFrame(0), payload }]);
  payload.fill(9);
  pushAll(ingest, [videoFrame(0, true), audioFrame(23)]);
  assert.equal(idOf(mediaOf(entries, "audio")[0]!), 7);
});

test("frames without a configuration, and empty ones, leave no trace", () => {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [videoFrame(0, true), { ...audioFrame(0), payload: new Uint8Array() }]);
  assert.equal(entries.length, 0);
});

test("an empty configuration is none, and one that cannot be read leaves the one before it", () => {
  const configuration = (track: "video" | "audio", codec: string, data: Uint8Array): SourceMessage => ({
    kind: "configuration",
    track,
    codec,
    data,
  });
  const codecs = [
    ["video", "avc1"],
    ["video", "hvc1"],
    ["video", "av01"],
    ["video", "vp09"],
    ["audio", "mp4a"],
    ["audio", "Opus"],
  ] as const;
  const faults: string[] = [];
  const clock = new ManualClock();
  const statistics = new Statistics(clock);
  statistics.fault = ({ track, rule }) => faults.push(`${track} ${rule}`);
  const { ingest, entries } = ingestOf(clock, RETENTION, statistics);
  pushAll(
    ingest,
    codecs.map(([track, codec]) => configuration(track, codec, new Uint8Array())),
  );
  assert.deepEqual(faults, []);
  pushAll(ingest, [avcConfiguration(), aacConfiguration, videoFrame(0, true), audioFrame(0)]);
  pushAll(
    ingest,
    codecs.map(([track, codec]) => configuration(track, codec, Uint8Array.of(9))),
  );
  assert.equal(faults.length, codecs.length);
  assert.match(faults[0] ?? "", /^video an H\.264 configuration is cut short/);
  pushAll(ingest, [videoFrame(40, false), audioFrame(23)]);
  assert.equal(mediaOf(entries).length, 4);
  const configured = entries.filter((entry) => entry.kind === "configuration").map(({ track }) => track);
  assert.deepEqual(configured, ["metadata", "video", "audio"]);
});

test("the real time of a source is that of its first frame, however long that has waited for the other track", () => {
  const clock = new ManualClock();
  const { ingest, entries } = ingestOf(clock);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  const came = clock.utc();
  pushAll(ingest, [videoFrame(1000, true)]);
  clock.advance(400);
  pushAll(ingest, [audioFrame(1400)]);
  assert.deepEqual(
    heads(entries).map(({ time, utc }) => utc - time - came),
    [0],
  );
});
