/** SRT packets as libsrt writes them, and as nobody should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { srtCapture } from "../../test/srt-capture.ts";
import { Malformed } from "../bytes/malformed.ts";
import {
  readSrtCapabilities,
  readSrtHandshake,
  readSrtText,
  SRT_EXTENSION,
  SRT_HANDSHAKE,
  writeSrtHandshake,
  writeSrtText,
} from "./handshake.ts";
import { readSrtKeyMaterial } from "./key-material.ts";
import {
  isSrtControl,
  isSrtRetransmission,
  markSrtRetransmission,
  SRT_CONTROL,
  SRT_HEADER_SIZE,
  setSrtDataHeader,
  srtAdd,
  srtControlType,
  srtDestination,
  srtDistance,
  srtKeyFlag,
  srtSequence,
  srtTimestamp,
  writeSrtControl,
} from "./packet.ts";
import { readSrtAck, readSrtDrop, readSrtLosses, writeSrtAck, writeSrtDrop, writeSrtLosses } from "./reports.ts";

const [INDUCTION = Buffer.alloc(0), CONCLUSION = Buffer.alloc(0), ...DATA] = srtCapture("ffmpeg-5.1-aes-192");
const contentOf = (packet: Uint8Array) => packet.subarray(SRT_HEADER_SIZE);

test("the first packet of a caller asks for version 4, and for no socket", () => {
  assert.deepEqual(
    [isSrtControl(INDUCTION), srtControlType(INDUCTION), srtDestination(INDUCTION)],
    [true, SRT_CONTROL.handshake, 0],
  );
  const { version, type, cookie } = good(readSrtHandshake(contentOf(INDUCTION)));
  assert.deepEqual([version, type, cookie], [4, SRT_HANDSHAKE.induction, 0]);
});

test("the second one has the stream id, the latency and the key, and is written back as it came", () => {
  const handshake = good(readSrtHandshake(contentOf(CONCLUSION)));
  const extension = (type: number) => handshake.extensions.find((one) => one.type === type)?.content ?? new Uint8Array(0);
  assert.equal(good(readSrtText(extension(SRT_EXTENSION.streamId))), "publish:live/math:s3cret");
  const { version, receiverDelayMs, senderDelayMs } = good(readSrtCapabilities(extension(SRT_EXTENSION.request)));
  assert.deepEqual([version.toString(16), receiverDelayMs, senderDelayMs], ["10501", 120, 0]);
  const { keys, keySize, wrapped } = good(readSrtKeyMaterial(extension(SRT_EXTENSION.keyRequest)));
  assert.deepEqual([keys, keySize, wrapped.length], [1, 24, 32]);
  const withoutAddress = Buffer.from(contentOf(CONCLUSION));
  withoutAddress.fill(0, 32, 48);
  assert.deepEqual(Buffer.from(writeSrtHandshake(handshake)), withoutAddress);
});

test("data packets follow each other, encrypted with the even key", () => {
  const data = DATA.filter((packet) => !isSrtControl(packet));
  assert.ok(data.length > 3);
  const first = srtSequence(data[0] ?? INDUCTION);
  assert.deepEqual(
    data.map((packet) => [srtDistance(first, srtSequence(packet)), srtKeyFlag(packet), isSrtRetransmission(packet)]),
    data.map((_, i) => [i, 1, false]),
  );
});

test("a data header is read as it was written, before and after it is sent again", () => {
  const packet = new Uint8Array(SRT_HEADER_SIZE);
  setSrtDataHeader(packet, 0x7fffffff, 0x03ffffff, 2, 0xfffffffe, 0x12345678);
  const read = () => [isSrtControl(packet), srtSequence(packet), srtKeyFlag(packet), srtTimestamp(packet), srtDestination(packet)];
  assert.deepEqual(read(), [false, 0x7fffffff, 2, 0xfffffffe, 0x12345678]);
  assert.equal(isSrtRetransmission(packet), false);
  markSrtRetransmission(packet);
  assert.equal(isSrtRetransmission(packet), true);
  assert.deepEqual(read(), [false, 0x7fffffff, 2, 0xfffffffe, 0x12345678]);
});

test("sequence numbers wrap after 31 bits", () => {
  assert.equal(srtAdd(0x7fffffff, 1), 0);
  assert.equal(srtDistance(0x7ffffffe, 2), 4);
  assert.equal(srtDistance(2, 0x7ffffffe), -4);
  fc.assert(
    fc.property(fc.nat({ max: 0x7fffffff }), fc.integer({ min: -0x3fffffff, max: 0x3fffffff }), (from, count) => {
      assert.equal(srtDistance(from, srtAdd(from, count)), count);
    }),
  );
});

test("reports are read as they were written", () => {
  const ranges = [
    [5, 5],
    [7, 9],
    [0x7ffffffe, 1],
  ] as const;
  assert.deepEqual(good(readSrtLosses(writeSrtLosses(ranges))), ranges);
  const ack = { next: 9, rtt: 20_000, rttVariance: 3000, available: 8000, packetsPerSecond: 100, bytesPerSecond: 130_000 };
  assert.deepEqual(good(readSrtAck(writeSrtAck(ack))), { next: 9, rtt: 20_000, rttVariance: 3000 });
  assert.deepEqual(good(readSrtDrop(writeSrtDrop([3, 8]))), [3, 8]);
  assert.deepEqual(good(readSrtAck(writeSrtAck(ack).subarray(0, 4))), { next: 9, rtt: null, rttVariance: null });
});

test("ranges that end before they begin are refused", () => {
  assert.ok(readSrtLosses(writeSrtLosses([[9, 7]])) instanceof Malformed);
  assert.ok(readSrtDrop(writeSrtDrop([9, 7])) instanceof Malformed);
});

test("text is read as it was written, whatever its length", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0")),
      (text) => {
        assert.equal(readSrtText(writeSrtText(text)), text);
      },
    ),
  );
  assert.ok(readSrtText(writeSrtText("x".repeat(513))) instanceof Malformed);
  assert.ok(readSrtText(Uint8Array.from([0xff, 0xff, 0xff, 0xff])) instanceof Malformed);
});

test("any bytes are survived", () => {
  survivesAnyBytes(contentOf(CONCLUSION), (bytes) => {
    const handshake = readSrtHandshake(bytes);
    if (handshake instanceof Malformed) return;
    for (const { content } of handshake.extensions) {
      readSrtCapabilities(content);
      readSrtText(content);
      readSrtKeyMaterial(content);
    }
  });
  survivesAnyBytes(
    writeSrtLosses([
      [1, 2],
      [4, 4],
    ]),
    readSrtLosses,
  );
  survivesAnyBytes(writeSrtDrop([1, 2]), readSrtDrop);
  survivesAnyBytes(new Uint8Array(28), readSrtAck);
  assert.equal(writeSrtControl(SRT_CONTROL.shutdown, 0, 0, 1, new Uint8Array(4)).length, 20);
});
