/** RTP packets, header extensions, numbers that wrap, shared payloads and retransmissions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { isRtcp, readRtpPacket, rtpExtension, writeRtpPacket } from "./packet.ts";
import { unwrapRtx } from "./rtx.ts";
import { RTP_ROOM, type RtpPayload, stampRtp } from "./stamp.ts";
import { Unwrapper } from "./unwrapper.ts";

/** Objects as literals make them. */
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffffffff });
const packets = record({
  marker: fc.boolean(),
  payloadType: fc.nat({ max: 127 }),
  sequence: u16,
  timestamp: u32,
  ssrc: u32,
  csrcs: fc.array(u32, { maxLength: 15 }),
  extensions: fc.array(record({ id: fc.integer({ min: 1, max: 40 }), data: fc.uint8Array({ maxLength: 20 }) }), { maxLength: 4 }),
  payload: fc.uint8Array({ maxLength: 60 }),
});

test("a packet that was written is read as it was", () => {
  fc.assert(
    fc.property(packets, (packet) => {
      assert.deepEqual(good(readRtpPacket(writeRtpPacket(packet))), packet);
    }),
  );
});

test("a packet with padding, CSRC and extensions of one byte is read as RFC 3550 and 8285 have it", () => {
  // From RFC 8285 section 4.2: a second element, then a byte of padding within the block.
  const packet = good(
    readRtpPacket(bytes("b1 e0 0001 00000002 00000003 0000000a bede 0003 10 aa 00 00 21 bb cc 00 32 01 02 03 0102 000002")),
  );
  assert.equal(packet.marker, true);
  assert.equal(packet.payloadType, 96);
  assert.deepEqual(packet.csrcs, [10]);
  assert.deepEqual([...(rtpExtension(packet, 1) ?? [])], [0xaa]);
  assert.deepEqual([...(rtpExtension(packet, 2) ?? [])], [0xbb, 0xcc]);
  assert.deepEqual([...(rtpExtension(packet, 3) ?? [])], [1, 2, 3]);
  assert.equal(rtpExtension(packet, 4), null);
  assert.deepEqual([...packet.payload], [1, 2, 0]);
});

test("impossible padding and another version are refused", () => {
  assert.ok(readRtpPacket(bytes("a0 60 0001 00000002 00000003 00")) instanceof Malformed);
  assert.ok(readRtpPacket(bytes("a0 60 0001 00000002 00000003 0102 04")) instanceof Malformed);
  assert.ok(readRtpPacket(bytes("40 60 0001 00000002 00000003")) instanceof Malformed);
});

test("any bytes are survived", () => {
  const extensions = [
    { id: 3, data: bytes("0102") },
    { id: 200, data: bytes("") },
  ];
  const packet = {
    marker: true,
    payloadType: 96,
    sequence: 1,
    timestamp: 2,
    ssrc: 3,
    csrcs: [4],
    extensions,
    payload: bytes("00ff00"),
  };
  survivesAnyBytes(writeRtpPacket(packet), (input) => {
    isRtcp(input);
    const read = readRtpPacket(input);
    if (!(read instanceof Malformed)) unwrapRtx(read, { ssrc: 1, payloadType: 96 });
  });
});

test("numbers are unwrapped in both directions", () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff }), fc.array(fc.integer({ min: -20_000, max: 32_000 })), (start, steps) => {
      const unwrapper = new Unwrapper(16);
      let truth = start;
      assert.equal(unwrapper.unwrap(start), start);
      for (const step of steps) {
        truth += step;
        assert.equal(unwrapper.unwrap(((truth % 0x10000) + 0x10000) % 0x10000), truth);
      }
    }),
  );
});

test("each viewer's header is written before the same payload", () => {
  const payload: RtpPayload = { bytes: new Uint8Array(RTP_ROOM + 3), marker: true };
  payload.bytes.set([7, 8, 9], RTP_ROOM);
  const fixed = [{ id: 5, data: bytes("000000") }];
  const viewers = [
    { payloadType: 96, ssrc: 0xfedcba98, transportSequenceId: 3, fixed },
    { payloadType: 102, ssrc: 2, transportSequenceId: null, fixed: [] },
  ];
  for (const [i, sender] of viewers.entries()) {
    const packet = good(readRtpPacket(stampRtp(payload, sender, 65_535 - i, 0xffffffff, 0x1234)));
    assert.deepEqual([...packet.payload], [7, 8, 9]);
    assert.equal(packet.marker, true);
    assert.deepEqual(
      [packet.payloadType, packet.ssrc, packet.sequence, packet.timestamp],
      [sender.payloadType, sender.ssrc, 65_535 - i, 0xffffffff],
    );
    const sequence = rtpExtension(packet, 3);
    assert.deepEqual(sequence && [...sequence], sender.transportSequenceId === null ? null : [0x12, 0x34]);
    assert.deepEqual(packet.extensions.length, sender.fixed.length + (sender.transportSequenceId === null ? 0 : 1));
  }
});

test("a retransmission is the packet again, under its own numbers", () => {
  const again = { marker: false, payloadType: 97, sequence: 5, timestamp: 1000, ssrc: 11, csrcs: [], extensions: [] };
  const sent = good(readRtpPacket(writeRtpPacket({ ...again, payload: Uint8Array.of(40_000 >> 8, 40_000, 7, 8, 9) })));
  assert.deepEqual([sent.ssrc, sent.payloadType, sent.sequence], [11, 97, 5]);
  const original = unwrapRtx(sent, { ssrc: 10, payloadType: 96 });
  assert.ok(original && !(original instanceof Malformed));
  assert.deepEqual([original.ssrc, original.payloadType, original.sequence, original.timestamp], [10, 96, 40_000, 1000]);
  assert.deepEqual([...original.payload], [7, 8, 9]);
  assert.equal(unwrapRtx({ ...sent, payload: bytes("") }, { ssrc: 10, payloadType: 96 }), null);
  assert.ok(unwrapRtx({ ...sent, payload: bytes("01") }, { ssrc: 10, payloadType: 96 }) instanceof Malformed);
});
