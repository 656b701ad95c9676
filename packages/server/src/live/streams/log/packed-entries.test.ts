import assert from "node:assert/strict";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll, videoFrame } from "../synthetic-source.ts";
import { PackedEntries } from "./packed-entries.ts";

function packed() {
  const { ingest, records } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(4)]);
  pushAll(ingest, [{ ...videoFrame(4000, false, 4000, 300_000), compositionOffset: 80, disposable: true }]);
  pushAll(ingest, [{ kind: "data", timestamp: 4000, data: Uint8Array.of(2, 0, 1, 0x78) }]);
  const some = new PackedEntries(records[0]!.sequence);
  for (const record of records) some.push(record);
  return { records, some };
}

test("what is packed is read back as it was, in every way of reading", () => {
  const { records, some } = packed();
  const plain = (record: object | undefined) => ({ ...record, tag: null, payload: null });
  assert.equal(some.length, records.length);
  assert.deepEqual([...some].map(plain), records.map(plain));
  assert.deepEqual(some.slice(3, 40).map(plain), records.slice(3, 40).map(plain));
  records.forEach((record, i) => {
    const read = some.at(i);
    if (record.kind !== "media" || read?.kind !== "media") return;
    assert.ok(Buffer.from(record.tag).equals(read.tag));
    assert.ok(Buffer.from(record.payload).equals(read.payload));
    assert.equal(read.payload.buffer, read.tag.buffer, "the payload is a view into the tag");
  });
  assert.equal(some.at(-1), undefined);
  assert.equal(some.at(records.length), undefined);
});

test("a frame is a copy: the memory that it came in may be used again", () => {
  const { records, some } = packed();
  const media = records.findIndex((record) => record.kind === "media");
  const record = records[media]!;
  assert.ok(record.kind === "media");
  const before = Buffer.from(record.tag);
  record.tag.fill(0);
  const read = some.at(media);
  assert.ok(read?.kind === "media" && before.equals(read.tag));
});

test("memory goes round when a segment is forgotten, but never while somebody may hold a view of it", () => {
  const { records } = packed();
  const media = records.filter((record) => record.kind === "media");
  const fill = () => {
    const some = new PackedEntries(0);
    for (const record of media) some.push(record);
    return some;
  };
  const shown = fill();
  const view = shown.at(0);
  assert.ok(view?.kind === "media");
  const before = Buffer.from(view.tag);
  shown.release();
  for (let i = 0; i < 20; i++) fill().release();
  assert.ok(before.equals(view.tag), "a view that was shown was written over");
  const [first, second] = [fill(), fill()];
  first.release();
  const again = fill();
  assert.deepEqual(
    [...again].map((record) => record.kind === "media" && Buffer.from(record.tag).toString("hex")),
    [...second].map((record) => record.kind === "media" && Buffer.from(record.tag).toString("hex")),
  );
  assert.equal(first.length, 0);
});
