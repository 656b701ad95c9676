import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed, muxFrame, tagSize, writeTagInto } from "@lectern/media";
import { survivesAnyBytes } from "../../../../../media/test/hostile-bytes.ts";
import { encodeEntry } from "../../streams/index.ts";
import {
  aacConfiguration,
  audioFrame,
  avcConfiguration,
  ingestOf,
  mediaOf,
  pushAll,
  videoFrame,
} from "../../streams/synthetic-source.ts";
import { decodeEntry, encodeTaggedEntry } from "./tagged-media.ts";

function entries() {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  pushAll(ingest, [{ ...videoFrame(0, true), compositionOffset: 80 }, audioFrame(0)]);
  pushAll(ingest, [
    { ...audioFrame(23), codec: ".mp3", soundFlags: 11 },
    { ...videoFrame(40, false), disposable: true },
  ]);
  pushAll(ingest, [{ kind: "data", timestamp: 40, data: Uint8Array.of(2, 0, 1, 0x78) }]);
  return entries;
}

const plain = (entry: unknown) =>
  JSON.stringify(entry, (_key, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value));

test("an entry is read back from both forms", () => {
  for (const entry of entries()) {
    assert.equal(plain(decodeEntry("epoch", encodeTaggedEntry("epoch", entry))), plain(entry));
    assert.equal(plain(decodeEntry("epoch", encodeEntry("epoch", entry))), plain(entry));
  }
});

test("a media entry has kind 7 and ends with its FLV tag, as earlier versions read it", () => {
  for (const entry of mediaOf(entries())) {
    const bytes = encodeTaggedEntry("epoch", entry);
    const tag = Buffer.alloc(tagSize(muxFrame(entry)));
    writeTagInto(tag, muxFrame(entry), entry.decodeTime);
    assert.equal(bytes[0], 7);
    assert.ok(bytes.subarray(bytes.length - 4 - tag.length, -4).equals(tag));
  }
});

test("a payload outside of its tag is refused, and no bytes make it throw", () => {
  const [entry] = mediaOf(entries());
  assert.ok(entry);
  survivesAnyBytes(encodeTaggedEntry("epoch", entry), (bytes) => decodeEntry("epoch", bytes));
  assert.ok(decodeEntry("other", encodeTaggedEntry("epoch", entry)) instanceof Malformed);
});
