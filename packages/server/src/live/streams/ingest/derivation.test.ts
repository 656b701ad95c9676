import assert from "node:assert/strict";
import { test } from "node:test";
import { opusHead } from "@lectern/media";
import { ManualClock } from "../../../platform/clock.ts";
import { Log } from "../log/log.ts";
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
} from "../synthetic-source.ts";
import type { Derivation } from "./derivation.ts";
import { DerivedIngest } from "./derived-ingest.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";

const LONG = { ...RETENTION, segments: 1000, milliseconds: 3_600_000 };
const opusConfiguration: SourceMessage = { kind: "configuration", track: "audio", codec: "Opus", data: opusHead(2, 312) };

/** A lesson with the picture of another one, whose sound is Opus: packets of 20 ms (RFC 6716 table 2). */
function opus(messages: Iterable<SourceFrame>): SourceFrame[] {
  const all = [...messages];
  const [first, last] = [all[0]?.timestamp ?? 0, all.at(-1)?.timestamp ?? 0];
  const times = Array.from({ length: (last - first) / 20 + 1 }, (_, i) => first + i * 20);
  const sound = times.map((time) => ({ ...audioFrame(time), codec: "Opus", payload: Uint8Array.of(0x78, 0) }));
  return [...sound, ...all.filter(({ track }) => track === "video")].sort((a, b) => a.timestamp - b.timestamp);
}

/** A parent, and a form of it with AAC that is made from its beginning. */
function renditionOf(options: Partial<Derivation> = {}) {
  const { log: parent, ingest: publisher } = quietIngestOf(new ManualClock(), LONG);
  const log = new Log("rendition", LONG);
  const derivation: Derivation = {
    parent,
    video: "copied",
    audio: "encoded",
    keptAudio: "mp4a",
    fromEarliest: true,
    onBroken: (reason) => assert.fail(reason),
    ...options,
  };
  const begin = () => {
    const ingest = new DerivedIngest(log, derivation, new Statistics(new ManualClock()));
    ingest.beginTerm(1);
    return ingest;
  };
  const entries = () => log.segments.flatMap(({ entries }) => [...entries]);
  const times = (track: "video" | "audio") => mediaOf(entries(), track).map(({ decodeTime }) => decodeTime);
  return { parent, publisher, log, begin, entries, times };
}

const pushEach = (ingest: DerivedIngest, messages: Iterable<SourceMessage>) => {
  for (const message of messages) assert.equal(ingest.push(message), null);
};
const timesOf = ({ segments }: Log, track: "video" | "audio") =>
  mediaOf(
    segments.flatMap(({ entries }) => [...entries]),
    track,
  ).map(({ decodeTime }) => decodeTime);

test("a rendition with the publisher's picture has all of it that its parent still has, as it is, and the encoder's sound", () => {
  const { parent, publisher, log, begin, entries, times } = renditionOf();
  pushAll(publisher, [avcConfiguration(), opusConfiguration, ...opus(lesson(20))]);
  const ingest = begin();
  pushEach(ingest, [aacConfiguration, ...timesOf(parent, "audio").map((time) => audioFrame(time, -1))]);
  assert.deepEqual(times("video"), timesOf(parent, "video"));
  assert.deepEqual(times("audio"), timesOf(parent, "audio"));
  assert.ok(mediaOf(entries(), "audio").every((entry) => idOf(entry) === -1 && entry.codec === "mp4a"));
  assert.deepEqual(
    log.segments.map(({ head: { msn, time, independent } }) => [msn, time, independent]),
    parent.segments.map(({ head: { msn, time, independent } }) => [msn, time, independent]),
  );
});

test("the picture waits for sound that is about to come, and not for sound that has stopped", () => {
  const { publisher, begin, times } = renditionOf();
  const all = opus(lesson(20));
  const silentFrom = 5000;
  pushAll(publisher, [avcConfiguration(), opusConfiguration]);
  const ingest = begin();
  pushEach(ingest, [aacConfiguration]);
  for (const frame of all) {
    if (frame.track === "audio" && frame.timestamp >= silentFrom) continue;
    pushAll(publisher, [frame]);
    // The encoder holds three frames back.
    if (frame.track === "audio" && frame.timestamp >= 70) pushEach(ingest, [audioFrame(frame.timestamp - 70)]);
    const behind = frame.timestamp - (times("video").at(-1) ?? 0);
    if (frame.track === "video" && frame.timestamp > 2500 && frame.timestamp < silentFrom - 100)
      assert.ok(behind <= 120, `${behind} ms behind at ${frame.timestamp}`);
  }
  assert.ok((times("video").at(-1) ?? 0) > 19_000, "the picture goes on without sound");
  assert.equal(times("video").length, all.filter(({ track }) => track === "video").length);
});

test("sound that comes long after it was given up is left out, and sound that goes on is there again", () => {
  const { publisher, begin, times } = renditionOf();
  pushAll(publisher, [avcConfiguration(), opusConfiguration, ...opus(lesson(2))]);
  const ingest = begin();
  pushEach(ingest, [aacConfiguration, ...[...lesson(2)].filter(({ track }) => track === "audio")]);
  // The encoder is dead for twelve seconds.
  pushAll(
    publisher,
    opus(lesson(16)).filter(({ timestamp }) => timestamp >= 2000),
  );
  assert.ok((times("video").at(-1) ?? 0) > 13_000, `${times("video").at(-1)}`);
  const heard = times("audio").at(-1) ?? 0;
  pushEach(ingest, [aacConfiguration, ...[...lesson(16)].filter(({ track, timestamp }) => track === "audio" && timestamp > heard)]);
  pushAll(
    publisher,
    opus(lesson(20)).filter(({ timestamp }) => timestamp >= 16_000),
  );
  pushEach(
    ingest,
    [...lesson(20)].filter(({ track, timestamp }) => track === "audio" && timestamp >= 16_000),
  );
  const all = times("audio");
  assert.ok((all.at(-1) ?? 0) > 19_000);
  assert.ok(
    all.every((time, i) => i === 0 || time > (all[i - 1] ?? 0)),
    "no sound comes before an earlier one",
  );
});

test("a publisher with AAC, one with Opus after it and AAC again: the rendition has each frame of AAC as it is, and the other encoded", () => {
  const { parent, publisher, begin, entries, times } = renditionOf();
  pushAll(publisher, [avcConfiguration(), opusConfiguration, ...opus(lesson(4))]);
  const ingest = begin();
  pushEach(ingest, [aacConfiguration, ...timesOf(parent, "audio").map((time) => audioFrame(time, -1))]);
  pushAll(publisher, [aacConfiguration, ...[...lesson(8)].filter(({ timestamp }) => timestamp >= 4000)]);
  const sound = mediaOf(entries(), "audio");
  assert.ok(sound.every(({ codec }) => codec === "mp4a"));
  assert.ok(sound.some((entry) => idOf(entry) === -1) && sound.some((entry) => idOf(entry) > 4500));
  assert.deepEqual(times("video"), timesOf(parent, "video"));
});
