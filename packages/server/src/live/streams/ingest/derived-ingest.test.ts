import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { Log } from "../log/log.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { reportedProblems } from "../log/reported-problems.ts";
import { Statistics } from "../statistics.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  idOf,
  lesson,
  mediaOf,
  pushAll,
  quietIngestOf,
  RETENTION,
  videoFrame,
} from "../synthetic-source.ts";
import type { BrokenDerivation, Derivation, EncoderStart } from "./derivation.ts";
import { DerivedIngest } from "./derived-ingest.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";

const LONG = { ...RETENTION, segments: 1000, milliseconds: 3_600_000 };

function parentOf(messages: Iterable<SourceMessage>, retention = LONG) {
  const { log, ingest } = quietIngestOf(new ManualClock(), retention);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  pushAll(ingest, messages);
  return { log, ingest };
}

/** A derived stream with its log and what broke it. */
function derive(parent: Log, options: Partial<Derivation> = {}, log = new Log("rung", LONG), term = 1) {
  const broken: BrokenDerivation[] = [];
  const derivation: Derivation = {
    parent,
    video: "encoded",
    audio: "copied",
    onBroken: (reason) => broken.push(reason),
    ...options,
  };
  const ingest = new DerivedIngest(log, derivation, new Statistics(new ManualClock()));
  ingest.beginTerm(term);
  return { log, ingest, broken };
}

function entriesOf(log: Log): LogEntry[] {
  return log.segments.flatMap(({ entries }) =>
    [...entries].map((entry) => (entry.kind === "media" ? { ...entry, payload: Buffer.from(entry.payload) } : entry)),
  );
}

/** What an encoder makes of a stream's video from an entry on: as many frames, with other bytes. */
function encode(log: Log, from = 0): SourceFrame[] {
  return mediaOf(entriesOf(log), "video")
    .filter(({ sequence }) => sequence >= from)
    .map((frame) => videoFrame(frame.decodeTime, frame.key, encodedId(idOf(frame)), 40));
}

/** What an encoder makes of it that begins where it is told to. Its first picture is a key frame. */
function encodeFrom(log: Log, start: EncoderStart | null): SourceFrame[] {
  return encode(log, start?.from.sequence)
    .filter(({ timestamp }) => timestamp >= (start?.wantedFrom ?? 0))
    .map((frame, i) => ({ ...frame, key: frame.key || i === 0 }));
}

const encodedId = (id: number) => id + 0.5;

/** The cuts of a stream, and what is the same in a parent and a rung. */
function cutsOf(log: Log): object[] {
  return entriesOf(log).flatMap((entry): object[] => {
    if (entry.kind === "segment") {
      const { msn, discontinuity, utc, independent, time, start, targets } = entry;
      return [{ msn, discontinuity, utc, independent, time, start, targets }];
    }
    return entry.kind === "part" ? [{ index: entry.index, independent: entry.independent, previousEnd: entry.previousEnd }] : [];
  });
}

const idsOf = (log: Log, track: "video" | "audio") => mediaOf(entriesOf(log), track).map(idOf);
/** The frames of an entry's place: which of them stand in which order. */
const orderOf = (log: Log) =>
  entriesOf(log).flatMap((entry) => (entry.kind === "media" ? `${entry.track} ${entry.decodeTime}` : entry.kind));

/** All of a parent's log, which a rung begins with: it begins at the newest segment unless it has an earlier one. */
function fromFirst(parent: Log, options: Partial<Derivation> = {}) {
  const early = new Log("parent", LONG);
  const rung = derive(early, options);
  for (const entry of entriesOfAll(parent)) {
    if (entry.term > early.term) early.beginTerm(entry.term);
    early.append(entry);
  }
  return rung;
}

/** All entries, with those before the first segment. */
function entriesOfAll(log: Log): LogEntry[] {
  const [first] = log.segments;
  if (!first) return [];
  const { term, metadata, video, audio } = first.context;
  return [...[term, metadata, video, audio].filter((entry) => entry !== null), ...entriesOf(log)].sort(
    (a, b) => a.sequence - b.sequence,
  );
}

test("a rung has its parent's segments, parts, dates and sound, and its own picture", () => {
  const { log: parent } = parentOf(lesson(20));
  const { log, ingest, broken } = fromFirst(parent);
  encodeInto(ingest, [avcConfiguration(1), ...encode(parent)]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
  assert.deepEqual(orderOf(log), orderOf(parent));
  assert.deepEqual(idsOf(log, "audio"), idsOf(parent, "audio"));
  assert.deepEqual(idsOf(log, "video"), idsOf(parent, "video").map(encodedId));
  assert.notEqual(log.segments[0]?.head.initialisation, parent.segments[0]?.head.initialisation);
});

test("what an encoder is late with changes nothing but the moment", () => {
  const { log: parent } = parentOf(lesson(9));
  const encoded = encode(parent);
  const early = new Log("parent", LONG);
  early.beginTerm(1);
  const { log, ingest } = derive(early);
  encodeInto(ingest, [avcConfiguration(1)]);
  let pushed = 0;
  for (const entry of entriesOfAll(parent)) {
    early.append(entry);
    // The encoder is ten frames behind.
    const seen = mediaOf(entriesOf(early), "video").length;
    while (pushed < seen - 10) encodeInto(ingest, [encoded[pushed++]]);
    assert.ok(mediaOf(entriesOf(log), "video").length <= pushed);
  }
  encodeInto(ingest, encoded.slice(pushed));
  assert.deepEqual(orderOf(log), orderOf(parent));
});

test("frames that an encoder leaves out are missing, and nothing waits for them", () => {
  const { log: parent } = parentOf(lesson(8));
  const kept = encode(parent).filter(({ key }, i) => key || i % 3 !== 0);
  const { log, ingest, broken } = fromFirst(parent);
  encodeInto(ingest, [avcConfiguration(1), ...kept]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
  assert.deepEqual(
    idsOf(log, "video"),
    kept.map(({ payload }) => Buffer.from(payload).readDoubleBE(8)),
  );
});

test("an encoder without a key frame where the parent has one is refused, and nothing more is written", () => {
  const { log: parent } = parentOf(lesson(12));
  const third = parent.segments[2]?.head.time ?? 0;
  const encoded = encode(parent).map((frame) => (frame.timestamp === third ? { ...frame, key: false } : frame));
  const { log, ingest, broken } = fromFirst(parent);
  encodeInto(ingest, [avcConfiguration(1), ...encoded]);
  assert.deepEqual(broken, ["misaligned"]);
  assert.equal(log.segments.at(-1)?.head.msn, parent.segments[1]?.head.msn);
  assert.ok(mediaOf(entriesOf(log), "video").every(({ decodeTime }) => decodeTime < third));
});

test("a key frame that comes at another time is refused too", () => {
  const { log: parent } = parentOf(lesson(12));
  const third = parent.segments[2]?.head.time ?? 0;
  const encoded = encode(parent).filter(({ timestamp }) => timestamp !== third);
  const { ingest, broken } = fromFirst(parent);
  encodeInto(ingest, [avcConfiguration(1), ...encoded]);
  assert.deepEqual(broken, ["misaligned"]);
});

test("a rung begins with three whole segments of its parent, and tells from where to encode", () => {
  const { log: parent } = parentOf(lesson(13));
  const { log, ingest } = derive(parent);
  const first = parent.segments.at(-4)?.head;
  assert.equal(ingest.beginEncoding()?.from.msn, first?.msn);
  encodeInto(ingest, [avcConfiguration(1), ...encode(parent, first?.sequence)]);
  assert.deepEqual(
    log.segments.map(({ head }) => head.msn),
    parent.segments.slice(-4).map(({ head }) => head.msn),
  );
});

test("another process goes on with the next segment, in the same numbering", () => {
  const { log: parent, ingest: publisher } = parentOf(lesson(7));
  const first = fromFirst(parent);
  encodeInto(first.ingest, [avcConfiguration(1), ...encode(parent).slice(0, 120)]);
  first.ingest.endSource();
  const cutOff = first.log.segments.at(-1)?.head.msn ?? 0;
  pushAll(
    publisher,
    [...lesson(20)].filter(({ timestamp }) => timestamp >= 7000),
  );
  const { log, ingest, broken } = derive(parent, {}, first.log, 2);
  const start = ingest.beginEncoding();
  assert.deepEqual([start?.from.msn, start?.wantedFrom], [cutOff + 1, null]);
  encodeInto(ingest, [avcConfiguration(2), ...encodeFrom(parent, start)]);
  assert.deepEqual(broken, []);
  assert.deepEqual(
    log.segments.map(({ head }) => head.msn),
    parent.segments.map(({ head }) => head.msn),
  );
  assert.deepEqual(log.segments.at(-1)?.head.start, parent.segments.at(-1)?.head.start);
  assert.equal(log.segments.at(-1)?.head.term, 2);
});

test("another process goes on in the same numbering, with all pictures, where the next segments begin without a key frame", () => {
  const messages = [...lesson(10), ...lesson(12, 10_000, 12_000), ...lesson(6, 22_000)];
  const early = messages.filter(({ timestamp }) => timestamp < 11_000);
  const { log: parent, ingest: publisher } = parentOf(early);
  const first = fromFirst(parent);
  encodeInto(first.ingest, [avcConfiguration(1), ...encode(parent).slice(0, 260)]);
  first.ingest.endSource();
  const cutOff = first.log.segments.at(-1)?.head;
  pushAll(publisher, messages.slice(early.length));
  const keyless = parent.segments.filter(({ head }) => head.msn > (cutOff?.msn ?? 0) && head.time < 22_000);
  assert.ok(keyless.length >= 2 && keyless.every(({ head }) => !head.independent));
  const { log, ingest, broken } = derive(parent, {}, first.log, 2);
  const start = ingest.beginEncoding();
  assert.equal(start?.from.time, 10_000, "from the key frame before");
  encodeInto(ingest, [avcConfiguration(1), ...encodeFrom(parent, start)]);
  assert.deepEqual(broken, []);
  const resumed = (of: Log) => cutsOf(of).slice(cutsOf(of).findIndex((cut) => "msn" in cut && cut.msn === (cutOff?.msn ?? 0) + 1));
  assert.deepEqual(resumed(log), resumed(parent));
  const since = log.segments.filter(({ head }) => head.term === 2).flatMap(({ entries }) => [...entries]);
  const pictures = mediaOf(since, "video");
  assert.equal(pictures[0]?.key, true);
  const resumedAt = pictures[0]?.decodeTime ?? 0;
  assert.equal(resumedAt, keyless[0]?.head.time);
  assert.deepEqual(
    pictures.map(({ decodeTime }) => decodeTime),
    mediaOf(entriesOf(parent), "video")
      .map(({ decodeTime }) => decodeTime)
      .filter((time) => time >= resumedAt),
  );
  assert.equal(mediaOf(since, "audio")[0]?.decodeTime, mediaOf([...(keyless[0]?.entries ?? [])], "audio")[0]?.decodeTime);
});

test("segments that the parent has forgotten are not skipped: the stream cannot go on", () => {
  const { log: parent, ingest: publisher } = parentOf(lesson(5), { ...RETENTION, segments: 3 });
  const first = derive(parent);
  encodeInto(first.ingest, [avcConfiguration(1), ...encodeFrom(parent, first.ingest.beginEncoding())]);
  first.ingest.endSource();
  pushAll(
    publisher,
    [...lesson(60)].filter(({ timestamp }) => timestamp >= 5000),
  );
  const { ingest, broken } = derive(parent, {}, first.log, 2);
  encodeInto(ingest, [avcConfiguration(1), ...encodeFrom(parent, ingest.beginEncoding())]);
  assert.deepEqual(broken, ["hole"]);
});

test("a source with B-frames: its key frames' decode times, also where a key frame has frames that are presented before it", () => {
  const { log: parent } = parentOf(withLeadingFrames());
  const { log, ingest, broken } = fromFirst(parent);
  const presented = mediaOf(entriesOf(parent), "video")
    .map((frame) => ({ at: frame.decodeTime + frame.compositionOffset, key: frame.key }))
    .sort((a, b) => a.at - b.at);
  encodeInto(ingest, [avcConfiguration(1), ...presented.map(({ at, key }) => videoFrame(at, key))]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
  const frames = mediaOf(entriesOf(log), "video");
  assert.deepEqual(
    frames.map((frame) => frame.decodeTime + frame.compositionOffset),
    presented.map(({ at }) => at),
  );
  assert.ok(frames.every(({ compositionOffset }) => compositionOffset >= 0));
});

test("an encoder that begins again in the middle of a segment leaves no frame out, and writes none twice", () => {
  for (const gop of [50, 260]) {
    const { log: parent } = parentOf(lesson(12, 0, gop * 40));
    const { log, ingest, broken } = fromFirst(parent);
    encodeInto(ingest, [avcConfiguration(1), ...encode(parent).slice(0, 70)]);
    const start = ingest.beginEncoding();
    assert.ok(start && start.from.time <= 2800 && start.wantedFrom && start.wantedFrom > 2700, `${gop}`);
    encodeInto(ingest, [avcConfiguration(1), ...encodeFrom(parent, start)]);
    assert.deepEqual(broken, []);
    assert.deepEqual(cutsOf(log), cutsOf(parent));
    assert.deepEqual(orderOf(log), orderOf(parent));
    assert.deepEqual(idsOf(log, "video"), idsOf(parent, "video").map(encodedId));
    const keys = mediaOf(entriesOf(log), "video").flatMap(({ key }, i) => (key ? i : []));
    assert.deepEqual(
      keys,
      [...new Set([...Array.from({ length: Math.ceil(300 / gop) }, (_, i) => i * gop), 70])].sort((a, b) => a - b),
    );
  }
});

test("a source with B-frames: an encoder that begins again goes on after the last presented picture", () => {
  const { log: parent } = parentOf(withLeadingFrames());
  const { log, ingest, broken } = fromFirst(parent);
  const presented = mediaOf(entriesOf(parent), "video")
    .map((frame) => ({ at: frame.decodeTime + frame.compositionOffset, key: frame.key }))
    .sort((a, b) => a.at - b.at);
  const pictures = presented.map(({ at, key }) => videoFrame(at, key));
  encodeInto(ingest, [avcConfiguration(1), ...pictures.slice(0, 90)]);
  const start = ingest.beginEncoding();
  const rest = pictures.filter(({ timestamp }) => timestamp >= (start?.wantedFrom ?? 0));
  encodeInto(ingest, [avcConfiguration(1), ...rest.map((frame, i) => ({ ...frame, key: frame.key || i === 0 }))]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
  assert.deepEqual(
    mediaOf(entriesOf(log), "video").map((frame) => frame.decodeTime + frame.compositionOffset),
    presented.map(({ at }) => at),
  );
});

test("where an encoder fails again at the same frame, the next one begins with the next key frame", () => {
  const { log: parent } = parentOf(lesson(12));
  const { log, ingest, broken } = fromFirst(parent);
  encodeInto(ingest, [avcConfiguration(1), ...encode(parent).slice(0, 70)]);
  const [first, second] = [ingest.beginEncoding(), ingest.beginEncoding()];
  assert.notEqual(first?.wantedFrom, null);
  assert.equal(second?.wantedFrom, null);
  assert.ok((second?.from.time ?? 0) > (first?.from.time ?? 0));
  encodeInto(ingest, [avcConfiguration(2), ...encodeFrom(parent, second)]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
  assert.deepEqual(idsOf(log, "audio"), idsOf(parent, "audio"));
});

test("what an encoder encodes again for other rungs is not written twice", () => {
  const { log: parent } = parentOf(lesson(12));
  const { log, ingest, broken } = fromFirst(parent);
  const encoded = encode(parent);
  encodeInto(ingest, [avcConfiguration(1), ...encoded.slice(0, 130)]);
  assert.ok(ingest.beginEncoding());
  encodeInto(ingest, [avcConfiguration(1), ...encoded]);
  assert.deepEqual(broken, []);
  assert.deepEqual(orderOf(log), orderOf(parent));
});

test("a rung of sound has the parent's cuts and its sound", () => {
  const { log: parent } = parentOf(lesson(12));
  const { log } = fromFirst(parent, { video: "none" });
  // Its segments and parts last as long as the parent's, and all of them can be decoded alone.
  assert.deepEqual(
    cutsOf(log),
    cutsOf(parent).map((cut) => ({ ...cut, independent: true })),
  );
  assert.deepEqual(idsOf(log, "audio"), idsOf(parent, "audio"));
  assert.equal(mediaOf(entriesOf(log), "video").length, 0);
  assert.equal(log.context.video, null);
});

test("sound that is encoded too has its own places, beside the parent's cuts", () => {
  const { log: parent } = parentOf(lesson(10));
  const { log, ingest, broken } = fromFirst(parent, { audio: "encoded" });
  const sound = mediaOf(entriesOf(parent), "audio").map(({ decodeTime }) => audioFrame(Math.max(0, decodeTime - 11), -1));
  const messages = [...encode(parent), ...sound].sort((a, b) => a.timestamp - b.timestamp);
  encodeInto(ingest, [avcConfiguration(1), aacConfiguration, ...messages]);
  assert.deepEqual(broken, []);
  const heads = (of: Log) => of.segments.map(({ head: { msn, time, utc } }) => ({ msn, time, utc }));
  assert.deepEqual(heads(log), heads(parent).slice(0, log.segments.length));
  assert.ok(log.segments.length >= parent.segments.length - 1);
  assert.ok(idsOf(log, "audio").every((id) => id === -1));
});

test("what a parent has stopped is none of a stream whose tracks are encoded, and there again with the parent's", () => {
  for (const stopped of ["audio", "video"] as const) {
    const { log: parent } = parentOf(
      [...lesson(30)].filter(({ track, timestamp }) => track !== stopped || timestamp < 5000 || timestamp >= 17_000),
    );
    const { log, ingest, broken } = fromFirst(parent, { audio: "encoded" });
    const sound = mediaOf(entriesOf(parent), "audio").map(({ decodeTime }) => audioFrame(decodeTime));
    const messages = [...encode(parent), ...sound].sort((a, b) => a.timestamp - b.timestamp);
    encodeInto(ingest, [avcConfiguration(1), aacConfiguration, ...messages]);
    assert.deepEqual(broken, []);
    const tracks = (of: Log) =>
      of.segments.map(({ head: { time, discontinuity }, context: { video, audio } }) => [
        ...[time, discontinuity, video !== null, audio !== null],
      ]);
    assert.deepEqual(tracks(log), tracks(parent).slice(0, log.segments.length));
    assert.ok(log.segments.length >= parent.segments.length - 1);
    assert.deepEqual(new Set(tracks(log).map(([, discontinuity]) => discontinuity)), new Set([0, 1, 2]));
  }
});

test("an encoder that begins again gives the sound that is missing, at the time of the parent's", () => {
  const { log: parent } = parentOf(lateKeys());
  const { log, ingest, broken } = fromFirst(parent, { audio: "encoded" });
  const run = (from: number, wantedFrom: number, to: number) => {
    const sound = mediaOf(entriesOf(parent), "audio").filter(({ decodeTime }) => decodeTime >= from);
    // The first frame is an encoder's own, from before its input.
    const begin = audioFrame(Math.max(0, (sound[0]?.decodeTime ?? 0) - 23), -1);
    const frames = [begin, ...sound.map(({ decodeTime }) => audioFrame(decodeTime))];
    const pictures = mediaOf(entriesOf(parent), "video")
      .map(({ decodeTime, compositionOffset, key }) => videoFrame(decodeTime + compositionOffset, key))
      .filter(({ timestamp }) => timestamp >= wantedFrom)
      .map((frame, i) => ({ ...frame, key: frame.key || i === 0 }));
    const all = [...pictures, ...frames].filter(({ timestamp }) => timestamp < to).sort((a, b) => a.timestamp - b.timestamp);
    encodeInto(ingest, [avcConfiguration(1), aacConfiguration, ...all]);
  };
  run(0, 0, 5000);
  const start = ingest.beginEncoding();
  assert.ok(start && start.from.time < 4990);
  run(start.from.time, start.wantedFrom ?? 0, 12_000);
  assert.deepEqual(broken, []);
  // The first frame of the first encoder is its own, and the last ones of the source wait for its next picture.
  const times = (of: Log) => mediaOf(entriesOf(of), "audio").map(({ decodeTime }) => decodeTime);
  const soundOf = (of: Log) => times(of).filter((time) => time > 100 && time < 11_900);
  assert.deepEqual(soundOf(log), soundOf(parent));
  const next = log.segments.find(({ head }) => head.time > 5000);
  assert.equal(next?.head.start.audio, null, "its place in samples is that of its own first frame");
});

test("cuts are the parent's for any distance of key frames and any frame rate", () => {
  for (const [seed, gop] of [
    [1, 7],
    [2, 40],
    [3, 111],
    [4, 300],
  ] as const) {
    const { log: parent } = parentOf(irregular(seed, gop));
    const { log, ingest, broken } = fromFirst(parent);
    encodeInto(ingest, [avcConfiguration(1), ...encode(parent)]);
    assert.deepEqual(broken, [], `seed ${seed}`);
    assert.deepEqual(cutsOf(log), cutsOf(parent), `seed ${seed}`);
  }
});

/** Each frame is presented two frames after it is decoded at least; every second key frame, with two more frames before it. */
function* withLeadingFrames(): Generator<SourceFrame> {
  for (let gop = 0; gop < 12; gop++) {
    const leading = gop % 2 === 0 ? 0 : 2;
    for (let i = 0; i < 25; i++) {
      const at = i === 0 ? leading : i <= leading ? i - 1 : i;
      const time = (gop * 25 + i) * 40;
      yield { ...videoFrame(time, i === 0), compositionOffset: (at - i + 2) * 40 };
      yield audioFrame(time);
    }
  }
}

/** Key frames each 2 s, each frame presented 80 ms after it is decoded. */
function* lateKeys(): Generator<SourceFrame> {
  for (const frame of lesson(12)) yield frame.track === "video" ? { ...frame, compositionOffset: 80 } : frame;
}

/** Frames of changing duration, with key frames at changing distances. */
function* irregular(seed: number, gop: number): Generator<SourceFrame> {
  let state = seed;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  let untilKey = 0;
  let audio = 0;
  for (let time = 0; time < 40_000; time += 10 + Math.floor(random() * 90)) {
    for (; audio <= time; audio += 1024 / 44.1) yield audioFrame(Math.round(audio));
    yield videoFrame(time, untilKey === 0);
    untilKey = untilKey === 0 ? 1 + Math.floor(random() * gop) : untilKey - 1;
  }
}

function encodeInto(ingest: DerivedIngest, messages: Iterable<SourceMessage | undefined>): void {
  for (const message of messages) if (message) assert.equal(ingest.push(message), null);
}

test("a publisher that was cut off among B-frames, and the next one, give a rung with the parent's cuts", () => {
  // Its last frame is presented after the next publisher's first one.
  const cut = [...lesson(3)].map((frame, i, all) => (i === all.length - 1 ? { ...frame, compositionOffset: 200 } : frame));
  const { log: parent, ingest: source } = parentOf(cut);
  source.endSource();
  source.beginTerm(2);
  pushAll(source, [avcConfiguration(), aacConfiguration, ...lesson(5, 60_000)]);
  const { log, ingest, broken } = fromFirst(parent);
  const all = encode(parent);
  const second = all.findIndex((frame, i) => frame.key && (all[i - 1]?.timestamp ?? 0) > 2000 && frame.timestamp > 2900);
  const last = all[second - 1]!;
  encodeInto(ingest, [avcConfiguration(1), ...all.slice(0, second - 1), { ...last, timestamp: last.timestamp + 200 }]);
  assert.deepEqual(broken, []);
  encodeInto(ingest, [avcConfiguration(1), ...all.slice(second)]);
  assert.deepEqual(broken, []);
  assert.deepEqual(cutsOf(log), cutsOf(parent));
});

test("a stream that is made from another one tells what nobody can decode of that, within a segment too", () => {
  const { log: parent, ingest } = parentOf([...lesson(2)]);
  const { log } = derive(parent, { video: "none" });
  assert.deepEqual(reportedProblems(log.context), { video: null, audio: null });
  for (let time = 2000; time < 3000; time += 20) pushAll(ingest, [{ ...audioFrame(time), payload: Buffer.alloc(40, 0xd7) }]);
  assert.deepEqual(reportedProblems(log.context), { video: null, audio: "aac-frames" });
});
