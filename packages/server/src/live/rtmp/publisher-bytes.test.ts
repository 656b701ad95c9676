/** The bytes of a publisher become the same log entries, however they are chunked, cut into reads, and read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ChunkReader, encodeAmf0, HANDSHAKE_SIZE, Malformed, MESSAGE_TYPE, type RtmpMessage, splitAggregate } from "@lectern/media";
import fc from "fast-check";
import { ManualClock } from "../../platform/clock.ts";
import type { LogEntry } from "../streams/index.ts";
import { aacConfiguration, avcConfiguration, ingestOf, quietIngestOf } from "../streams/synthetic-source.ts";
import { SourceDemuxer, toSourceMessage } from "./source-messages.ts";
import { TestChunkWriter } from "./test-chunk-writer.ts";

const MAX_BYTES = 16 << 20;
const FIXTURES = new URL("./fixtures/", import.meta.url);
const READ_BYTES = 64 * 1024;

type Push = (message: RtmpMessage) => void;
const plain = (entries: Iterable<LogEntry>) =>
  [...entries].map((entry) => (entry.kind === "media" ? { ...entry, payload: Buffer.from(entry.payload).toString("hex") } : entry));

/** Calls for each message; for those within an aggregate instead of the aggregate. */
function each(message: RtmpMessage, call: Push): void {
  if (message.type !== MESSAGE_TYPE.aggregate) return call(message);
  const parts = splitAggregate(message);
  assert.ok(!(parts instanceof Malformed));
  for (const part of parts) call(part);
}

/** The way of a publisher's bytes in the server: one buffer for all reads, payloads where they lie, no object for a frame. */
function fast(bytes: Buffer, sizes: readonly number[]) {
  const { ingest, log } = quietIngestOf(new ManualClock());
  const demuxer = new SourceDemuxer();
  const take: Push = (message) => {
    const source = demuxer.demux(message);
    if (source) assert.equal(ingest.push(source), null);
  };
  const reader = new ChunkReader({
    onMessage: (message) => each(message, take),
    maxMessageBytes: MAX_BYTES,
    reuse: true,
    allocate: (size) => Buffer.allocUnsafeSlow(size).fill(0xee),
  });
  const shared = Buffer.alloc(READ_BYTES);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.min(sizes[i % sizes.length] ?? 1, READ_BYTES, bytes.length - at);
    bytes.copy(shared, 0, at, at + size);
    assert.equal(reader.push(shared.subarray(0, size)), null);
    // The next socket's bytes.
    shared.fill(0xdd);
    at += size;
  }
  ingest.endSource();
  return plain(log.segments.flatMap(({ entries }) => [...entries]));
}

/** The same byte by byte, in memory of its own each, by the parsers of all codecs, and with an object for each entry. */
function general(bytes: Buffer) {
  const { ingest, log, entries } = ingestOf(new ManualClock());
  const messages: RtmpMessage[] = [];
  const reader = new ChunkReader({ onMessage: (message) => messages.push(message), maxMessageBytes: MAX_BYTES });
  for (const byte of bytes) assert.equal(reader.push(Uint8Array.of(byte)), null);
  for (const message of messages) {
    each(message, (part) => {
      const source = toSourceMessage(part);
      if (source) assert.equal(ingest.push(source), null);
    });
  }
  ingest.endSource();
  const first = log.segments[0]?.head.sequence ?? 0;
  return { messages, entries: plain(entries.filter(({ sequence }) => sequence >= first)) };
}

const payload = (bytes: number, seed: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + seed) & 0xff);
const configuration = (source: ReturnType<typeof avcConfiguration>, head: readonly number[]) =>
  source.kind === "configuration" ? Uint8Array.of(...head, ...source.data) : new Uint8Array(0);

/** A message of a publisher: what it is, its size, how long after the one before, and on which chunk stream. */
const step = fc.record({
  kind: fc.constantFrom(
    "key",
    "inter",
    "disposable",
    "audio",
    "audio",
    "late audio",
    "hevc",
    "opus",
    "metadata",
    "avcC",
    "empty",
    "aggregate",
  ),
  bytes: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 700 }), fc.nat({ max: 9000 })),
  after: fc.oneof(fc.constant(40), fc.nat({ max: 60 })),
  way: fc.constantFrom("whole", "in turn", "in turn", "aborted", "new size"),
  size: fc.constantFrom(1, 60, 128, 1000, 4096, 65_536),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function bodyOf({ kind, bytes }: Step, seed: number): { type: number; body: Uint8Array } {
  const some = payload(bytes, seed);
  const video = (first: number) => ({ type: MESSAGE_TYPE.video, body: Uint8Array.of(first, 1, 0, 0, 40, ...some) });
  const audio = (...head: number[]) => ({ type: MESSAGE_TYPE.audio, body: Uint8Array.of(...head, ...some) });
  switch (kind) {
    case "key":
      return video(0x17);
    case "inter":
      return video(0x27);
    case "disposable":
      return video(0x37);
    case "hevc":
      return { type: MESSAGE_TYPE.video, body: Uint8Array.of(0x91, ...Buffer.from("hvc1"), 0, 0, 0, ...some) };
    case "opus":
      return audio(0x91, ...Buffer.from("Opus"));
    case "metadata":
      return { type: MESSAGE_TYPE.data, body: encodeAmf0("onMetaData", { width: 640 + seed }) };
    case "avcC":
      return { type: MESSAGE_TYPE.video, body: configuration(avcConfiguration(seed % 3), [0x17, 0, 0, 0, 0]) };
    case "empty":
      return { type: MESSAGE_TYPE.video, body: new Uint8Array(0) };
    case "aggregate":
      return { type: MESSAGE_TYPE.aggregate, body: aggregateOf(some) };
    default:
      return audio(0xaf, 1);
  }
}

/** Two AAC frames, 20 ms apart, as section 7.1.6 puts them together. */
function aggregateOf(some: Uint8Array): Uint8Array {
  const part = (time: number) => {
    const body = Uint8Array.of(0xaf, 1, ...some);
    const { length } = body;
    return [8, length >> 16, (length >> 8) & 0xff, length & 0xff, 0, 0, time, 0, 0, 0, 0, ...body, 0, 0, 0, 0];
  };
  return Uint8Array.from([...part(0), ...part(20)]);
}

/** What a publisher that takes these steps sends, and the messages that it means. @param start its clock at the beginning */
function published(steps: readonly Step[], start: number, choices: readonly number[]) {
  let choice = 0;
  const writer = new TestChunkWriter((max) => (choices[choice++ % choices.length] ?? 0) % (max + 1));
  const meant: RtmpMessage[] = [];
  const of = (type: number, timestamp: number, body: Uint8Array) => ({
    type,
    streamId: 1,
    timestamp: timestamp >>> 0,
    payload: body,
  });
  const say = (message: RtmpMessage, id: number) => {
    meant.push(message);
    writer.write(message, id);
  };
  say(of(MESSAGE_TYPE.video, start, configuration(avcConfiguration(), [0x17, 0, 0, 0, 0])), 6);
  say(of(MESSAGE_TYPE.audio, start, configuration(aacConfiguration, [0xaf, 0])), 4);
  say(of(MESSAGE_TYPE.video, start, Uint8Array.of(0x17, 1, 0, 0, 0, 1, 2, 3)), 6);
  say(of(MESSAGE_TYPE.audio, start, Uint8Array.of(0xaf, 1, 4, 5)), 4);
  let time = start;
  for (const [i, one] of steps.entries()) {
    time += one.after;
    const { type, body } = bodyOf(one, i);
    const message = of(type, one.kind === "late audio" ? time - 50 : time, body);
    const id = type === MESSAGE_TYPE.video ? 6 : type === MESSAGE_TYPE.audio ? 4 : 70;
    if (one.way === "whole" || id === 70) say(message, id);
    else if (one.way === "new size") {
      // In the middle of a message.
      const open = writer.begin(message, id);
      writer.setChunkSize(one.size);
      while (writer.next(open));
      meant.push(message);
    } else if (one.way === "aborted") {
      const open = writer.begin(of(MESSAGE_TYPE.video, time, payload(20_000, i)), 400);
      writer.next(open);
      if (open.at < open.payload.length) writer.abort(open);
      else meant.push(of(MESSAGE_TYPE.video, time, open.payload));
      say(message, id);
    } else inTurn(message, id);
  }
  return { bytes: writer.bytes(), meant };

  /** Within a long data message, unless one chunk has all of that. */
  function inTurn(message: RtmpMessage, id: number): void {
    const cue = of(
      MESSAGE_TYPE.data,
      message.timestamp,
      Buffer.concat([Buffer.from([2, 0, 1, 0x78, 2, 1, 44]), Buffer.alloc(300)]),
    );
    const open = writer.begin(cue, 5);
    const isWhole = open.at >= open.payload.length;
    if (isWhole) meant.push(cue);
    say(message, id);
    while (writer.next(open));
    if (!isWhole) meant.push(cue);
  }
}

const choices = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 50 });
const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: READ_BYTES })),
  {
    minLength: 1,
    maxLength: 20,
  },
);
const starts = fc.constantFrom(0, 5000, 0xfffff0, 0x1000000, 0xfffffff0);

test("a publisher's bytes give the same entries by the fast way and by the general one, however they are chunked and cut", () => {
  let frames = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), starts, choices, sizes, (steps, start, chosen, cuts) => {
      const { bytes, meant } = published(steps, start, chosen);
      const expected = general(bytes);
      const media = expected.messages.filter(({ type }) => type > MESSAGE_TYPE.setPeerBandwidth);
      assert.deepEqual(
        media.map((message) => ({ ...message, payload: Buffer.from(message.payload).toString("hex") })),
        meant.map((message) => ({ ...message, payload: Buffer.from(message.payload).toString("hex") })),
      );
      assert.deepEqual(fast(bytes, cuts), expected.entries);
      frames += expected.entries.filter(({ kind }) => kind === "media").length;
    }),
    { numRuns: 150 },
  );
  assert.ok(frames > 500, `${frames} frames`);
});

for (const name of ["ffmpeg-5.1-publish.bin", "ffmpeg-8.1-publish-hevc.bin"]) {
  test(`the session captured in ${name} gives the same entries by both ways, in reads of any size`, () => {
    const bytes = readFileSync(new URL(name, FIXTURES)).subarray(1 + 2 * HANDSHAKE_SIZE);
    const { entries } = general(bytes);
    assert.ok(entries.filter(({ kind }) => kind === "media").length > 20);
    for (const cuts of [[1], [7, 300], [1460], [4096], [READ_BYTES], [13_500, 1, 17, 19]])
      assert.deepEqual(fast(bytes, cuts), entries);
  });
}
