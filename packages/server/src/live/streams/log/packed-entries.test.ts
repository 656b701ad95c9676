import assert from "node:assert/strict";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll, videoFrame } from "../synthetic-source.ts";
import type { LogEntry } from "./log-entry.ts";
import { PackedEntries } from "./packed-entries.ts";

function packed() {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(4)]);
  pushAll(ingest, [{ ...videoFrame(4000, false, 4000, 300_000), compositionOffset: 80, disposable: true }]);
  pushAll(ingest, [{ kind: "data", timestamp: 4000, data: Uint8Array.of(2, 0, 1, 0x78) }]);
  const some = new PackedEntries(entries[0]!.sequence);
  for (const entry of entries) some.push(entry);
  return { entries, some };
}

test("entries are read back as they were packed, in every way of reading", () => {
  const { entries, some } = packed();
  const plain = (entry: LogEntry | undefined) =>
    entry?.kind === "media" ? { ...entry, payload: Buffer.from(entry.payload).toString("hex") } : entry;
  assert.equal(some.length, entries.length);
  assert.deepEqual([...some].map(plain), entries.map(plain));
  assert.deepEqual(some.slice(3, 40).map(plain), entries.slice(3, 40).map(plain));
  assert.deepEqual(plain(some.at(5)), plain(entries[5]));
  assert.equal(some.at(-1), undefined);
  assert.equal(some.at(entries.length), undefined);
});

test("a payload is copied: the memory that it came in may be used again", () => {
  const { entries, some } = packed();
  const index = entries.findIndex(({ kind }) => kind === "media");
  const entry = entries[index]!;
  assert.ok(entry.kind === "media");
  const before = Buffer.from(entry.payload);
  entry.payload.fill(0);
  const read = some.at(index);
  assert.ok(read?.kind === "media" && before.equals(read.payload));
});

test("buffers of a forgotten segment are used again, but not while the segment is held", () => {
  const { entries } = packed();
  const media = entries.filter(({ kind }) => kind === "media");
  const fill = () => {
    const some = new PackedEntries(0);
    for (const entry of media) some.push(entry);
    return some;
  };
  const payloads = (some: PackedEntries) => [...some].map((entry) => entry.kind === "media" && entry.payload);
  const hex = (some: PackedEntries) => payloads(some).map((payload) => payload && Buffer.from(payload).toString("hex"));
  const held = fill();
  const [letGo, letGoToo] = [held.hold(), held.hold()];
  const [view] = payloads(held);
  assert.ok(view);
  const before = Buffer.from(view);
  held.release();
  letGo();
  letGo();
  for (let i = 0; i < 20; i++) fill().release();
  assert.ok(before.equals(view), "a payload of a held segment was written over");
  letGoToo();
  assert.ok(Array.from({ length: 20 }, fill).some((some) => payloads(some).some((other) => other && other.buffer === view.buffer)));
  const [first, second] = [fill(), fill()];
  first.release();
  assert.deepEqual(hex(fill()), hex(second));
  assert.equal(first.length, 0);
});

test("a camera's segment takes little more than its frames", () => {
  // 320 × 240, 5 frames a second for 5 s, with the marks of its parts.
  const some = new PackedEntries(0, { entries: 38, bytes: 69_000 });
  for (let i = 0; i < 38; i++) {
    if (i % 3 === 0) some.push({ ...position(i), kind: "part", index: i / 3, independent: false, previousEnd: NO_END });
    else some.push({ ...mediaEntry(), sequence: i, payload: Buffer.alloc(i === 1 ? 12_000 : 2400) });
  }
  assert.ok(some.memoryBytes <= 88_000, `${some.memoryBytes}`);
});

test("a segment of many marks before its first frame is read back whole", () => {
  const some = new PackedEntries(0, { entries: 1, bytes: 100 });
  for (let i = 0; i < 300; i++) some.push({ ...position(i), kind: "part", index: i, independent: false, previousEnd: NO_END });
  some.push({ ...mediaEntry(), sequence: 300, decodeTime: 1234 });
  const last = some.at(300);
  assert.ok(last?.kind === "media");
  assert.equal(last.decodeTime, 1234);
});

test("a segment of a few kilobytes takes a few kilobytes, also where nothing was known of it", () => {
  const fill = (expected: number | undefined, bytes: number) => {
    const some = new PackedEntries(0, expected === undefined ? undefined : { entries: 20, bytes: expected });
    for (let i = 0; i < 20; i++) some.push({ ...mediaEntry(), sequence: i, payload: Buffer.alloc(bytes / 20) });
    return some.memoryBytes;
  };
  assert.ok(fill(1000, 1000) <= 8 * 1024, `${fill(1000, 1000)}`);
  assert.ok(fill(undefined, 1000) <= 40 * 1024);
  // A stream that became larger takes at most twice what it needs, and one of 1 Mbps the large buffers.
  assert.ok(fill(1000, 100_000) <= 270_000, `${fill(1000, 100_000)}`);
  assert.ok(fill(270_000, 270_000) <= 420_000, `${fill(270_000, 270_000)}`);
});

const NO_END = { video: null, audio: null };

function position(sequence: number) {
  return { term: 1, sequence };
}

function mediaEntry(): LogEntry & { readonly kind: "media" } {
  const entry = packed().entries.find(({ kind }) => kind === "media");
  assert.ok(entry?.kind === "media");
  return entry;
}
