import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, inPieces } from "../../test/hostile-bytes.ts";
import type { Malformed } from "../bytes/malformed.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { writeChunks } from "./chunk-writer.ts";
import { HANDSHAKE_SIZE } from "./handshake.ts";
import { MESSAGE_TYPE, type RtmpMessage } from "./message.ts";

const FIXTURES = new URL("../../../server/src/live/rtmp/fixtures/", import.meta.url);
const captured = (name: string) => readFileSync(new URL(name, FIXTURES)).subarray(1 + 2 * HANDSHAKE_SIZE);

function read(input: Uint8Array, sizes: readonly number[] = [input.length], maxMessageBytes = 1 << 20) {
  const messages: RtmpMessage[] = [];
  const reader = new ChunkReader({ onMessage: (message) => messages.push(message), maxMessageBytes });
  let broken: Malformed | null = null;
  inPieces(input, sizes, (piece) => {
    broken ??= reader.push(piece);
  });
  return { messages, broken: broken as Malformed | null };
}

const message = fc.record({
  type: fc.constantFrom(MESSAGE_TYPE.audio, MESSAGE_TYPE.video, MESSAGE_TYPE.data),
  streamId: fc.nat({ max: 100 }),
  timestamp: fc.oneof(fc.nat({ max: 100_000 }), fc.integer({ min: 0xfffff0, max: 0xffffffff })),
  payload: fc.uint8Array({ maxLength: 700 }),
});

test("what is written is read back, in pieces of any size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(message, fc.integer({ min: 2, max: 63 })), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 300 })),
      (sent, sizes) => {
        const input = Buffer.concat(sent.map(([m, chunkStream]) => writeChunks(m, chunkStream, 128)));
        const { messages, broken } = read(input, sizes);
        assert.equal(broken, null);
        assert.deepEqual(
          messages.map((m) => ({ ...m, payload: [...m.payload] })),
          sent.map(([m]) => ({ ...m, payload: [...m.payload] })),
        );
      },
    ),
  );
});

for (const name of ["ffmpeg-5.1-publish.bin", "ffmpeg-5.1-play.bin", "ffmpeg-8.1-publish-hevc.bin"]) {
  test(`the session captured in ${name} reads the same byte by byte as whole`, () => {
    const whole = read(captured(name), [captured(name).length]);
    const single = read(captured(name), [1]);
    assert.equal(whole.broken, null);
    assert.ok(whole.messages.length > 4);
    assert.deepEqual(single.messages, whole.messages);
  });

  test(`the session captured in ${name}, cut short anywhere or changed, costs no exception`, () => {
    const session = captured(name).subarray(0, 3000);
    for (let length = 0; length < session.length; length += 7) read(session.subarray(0, length));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: session.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
        (changes) => {
          const changed = Uint8Array.from(session);
          for (const [at, value] of changes) changed[at] = value;
          read(changed, [1 + (changes.length % 200)]);
        },
      ),
    );
  });
}

test("a format 3 message repeats the difference of the one before, absolute after format 0", () => {
  // format 0 at 40, two bytes of audio; then three times format 3 with a payload each
  const { messages } = read(bytes("04 000028 000002 08 01000000 aabb  c4 aabb  c4 aabb"));
  assert.deepEqual(
    messages.map((m) => m.timestamp),
    [40, 80, 120],
  );
});

test("formats 1 and 2 add their difference, across the 32-bit wrap", () => {
  const { messages } = read(bytes("04 ffffff 000001 08 01000000 fffffff0 aa  44 000020 000001 08 bb  84 000005 cc"));
  assert.deepEqual(
    messages.map((m) => m.timestamp),
    [0xfffffff0, 0x10, 0x15],
  );
});

test("a continued chunk may have the extended timestamp again, or leave it out", () => {
  const payload = Uint8Array.from({ length: 300 }, (_, i) => i);
  const proper = writeChunks({ type: 9, streamId: 1, timestamp: 0x01000000, payload }, 6, 128);
  const lazy = Buffer.concat([
    proper.subarray(0, 16 + 128),
    bytes("c6"),
    payload.subarray(128, 256),
    bytes("c6"),
    payload.subarray(256),
  ]);
  for (const sizes of [[1], [1000]]) {
    assert.deepEqual([...(read(proper, sizes).messages[0]?.payload ?? [])], [...payload]);
    assert.deepEqual([...(read(lazy, sizes).messages[0]?.payload ?? [])], [...payload]);
  }
});

test("chunk streams above 63 are read with two and three byte headers", () => {
  const { messages } = read(bytes("00 10 000001 000001 08 01000000 aa  01 1000 000002 000001 08 01000000 bb"));
  assert.deepEqual(
    messages.map((m) => m.timestamp),
    [1, 2],
  );
});

test("messages of several chunk streams may be interleaved chunk by chunk", () => {
  const a = writeChunks({ type: 9, streamId: 1, timestamp: 1, payload: new Uint8Array(200).fill(1) }, 6, 128);
  const b = writeChunks({ type: 8, streamId: 1, timestamp: 2, payload: new Uint8Array(5).fill(2) }, 4, 128);
  const { messages } = read(Buffer.concat([a.subarray(0, 140), b, a.subarray(140)]));
  assert.deepEqual(
    messages.map((m) => [m.type, m.payload.length]),
    [
      [8, 5],
      [9, 200],
    ],
  );
});

test("Set Chunk Size is obeyed, and 0 or 2^31 close the connection", () => {
  const set = (hex: string) => bytes(`02 000000 000004 01 00000000 ${hex}`);
  const large = { type: 9, streamId: 1, timestamp: 0, payload: new Uint8Array(5000) };
  const { messages } = read(Buffer.concat([set("00001000"), writeChunks(large, 6, 4096)]));
  assert.equal(messages[1]?.payload.length, 5000);
  assert.match(read(set("00000000")).broken?.rule ?? "", /chunk size of 0/);
  assert.match(read(set("80000000")).broken?.rule ?? "", /chunk size/);
});

test("Abort forgets what a chunk stream had begun", () => {
  const video = writeChunks({ type: 9, streamId: 1, timestamp: 1, payload: new Uint8Array(200) }, 6, 128);
  const next = writeChunks({ type: 9, streamId: 1, timestamp: 2, payload: new Uint8Array(3) }, 6, 128);
  const { messages, broken } = read(Buffer.concat([video.subarray(0, 140), bytes("02 000000 000004 02 00000000 00000006"), next]));
  assert.equal(broken, null);
  assert.deepEqual(
    messages.map((m) => m.timestamp),
    [0, 2],
  );
});

test("a message longer than allowed is refused before memory is given for it", () => {
  let given = 0;
  const reader = new ChunkReader({
    onMessage: () => {},
    maxMessageBytes: 1000,
    allocate: (size) => {
      given += size;
      return new Uint8Array(size);
    },
  });
  assert.match(reader.push(bytes("04 000000 ffffff 09 01000000"))?.rule ?? "", /16777215 bytes/);
  assert.equal(given, 0);
});

test("a claimed length is given memory only as its bytes come", () => {
  let given = 0;
  const reader = new ChunkReader({
    onMessage: () => {},
    maxMessageBytes: 16 << 20,
    allocate: (size) => {
      given += size;
      return new Uint8Array(size);
    },
  });
  assert.equal(reader.push(bytes("04 000000 ffffff 09 01000000 aabb")), null);
  assert.ok(given < 300_000, `${given} bytes for two`);
});

test("a chunk that refers to nothing, and too many chunk streams, close the connection", () => {
  assert.match(read(bytes("c4 aa")).broken?.rule ?? "", /never sent/);
  const many = Array.from({ length: 70 }, (_, i) =>
    bytes(`00 ${(i + 10).toString(16).padStart(2, "0")} 000001 000001 08 01000000 aa`),
  );
  assert.match(read(Buffer.concat(many)).broken?.rule ?? "", /chunk streams/);
});

test("memory that is used again is large enough for what comes next, and never that of a message in the making", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.integer({ min: 2, max: 5 })), { minLength: 1, maxLength: 20 }), (sent) => {
      const seen: number[][] = [];
      const reader = new ChunkReader({ onMessage: (m) => seen.push([...m.payload]), maxMessageBytes: 1 << 20, reuse: true });
      for (const [m, chunkStream] of sent) reader.push(writeChunks(m, chunkStream, 128));
      assert.deepEqual(
        seen,
        sent.map(([m]) => [...m.payload]),
      );
    }),
  );
});
