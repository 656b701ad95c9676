import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { Malformed } from "@lectern/media";
import { survivesAnyBytes } from "../../../../../media/test/hostile-bytes.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, mediaOf, pushAll } from "../synthetic-source.ts";
import { decodeEntry, encodeEntry } from "./entry-codec.ts";
import type { LogEntry } from "./log-entry.ts";

/** Records of every kind, as an ingest writes them. */
function everyKind(): LogEntry[] {
  const { ingest, entries } = ingestOf();
  pushAll(ingest, [
    { kind: "metadata", properties: { encoder: "test", framerate: 25 } },
    avcConfiguration(),
    aacConfiguration,
    ...lesson(5),
    { kind: "data", timestamp: 5000, data: Buffer.from("caption") },
  ]);
  ingest.beginTerm(2);
  pushAll(ingest, [avcConfiguration(1), aacConfiguration, ...lesson(3)]);
  ingest.end("over");
  return [...entries, { kind: "gap", term: 2, sequence: 2 ** 33 + 5, from: 2 ** 33 }];
}

test("an entry of every kind comes back as it was", () => {
  const entries = everyKind();
  const kinds = new Set(entries.map((entry) => entry.kind));
  assert.deepEqual([...kinds].sort(), ["configuration", "end", "gap", "media", "part", "segment", "term"]);
  for (const entry of entries) {
    const back = decodeEntry("epoch", encodeEntry("epoch", entry));
    assert.ok(!(back instanceof Malformed), back instanceof Malformed ? back.rule : "");
    assert.deepEqual(plain(back), plain(entry));
  }
});

/** Views of different memory with the same content are the same thing. */
function plain(entry: LogEntry): unknown {
  return JSON.parse(
    JSON.stringify(entry, (_key, value) =>
      value?.type === "Buffer"
        ? Buffer.from(value.data).toString("hex")
        : value instanceof Uint8Array
          ? Buffer.from(value).toString("hex")
          : value,
    ),
  );
}

test("an entry of another epoch, or one in which any byte was changed, is refused", () => {
  const [media] = mediaOf(everyKind());
  assert.ok(media);
  const bytes = encodeEntry("epoch", media);
  assert.ok(decodeEntry("other", bytes) instanceof Malformed);
  for (let i = 0; i < bytes.length; i++) {
    const changed = Uint8Array.from(bytes);
    changed[i] = (changed[i] ?? 0) ^ 1;
    assert.ok(decodeEntry("epoch", changed) instanceof Malformed, `byte ${i}`);
  }
});

/** As a peer would send it that knows how to add up. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const end = Math.max(0, bytes.length - 4);
  const out = Buffer.from(bytes);
  if (bytes.length >= 4) out.writeUInt32BE(crc32(bytes.subarray(0, end), crc32("epoch")), end);
  return out;
}

test("nothing that a peer may send makes it throw", () => {
  for (const entry of everyKind().slice(0, 8)) {
    survivesAnyBytes(encodeEntry("epoch", entry), (bytes) => {
      decodeEntry("epoch", bytes);
      decodeEntry("epoch", withChecksum(bytes));
    });
  }
});
