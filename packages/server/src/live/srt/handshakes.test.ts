/** The handshake of ffmpeg 5.1 with libsrt, whose cookie is replaced by the one that it would have got here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isSrtControl,
  Malformed,
  readSrtHandshake,
  SRT_HANDSHAKE,
  SRT_HEADER_SIZE,
  SRT_MAGIC,
  setSrtU32,
  srtKeyFlag,
  srtSequence,
} from "@lectern/media";
import { survivesAnyBytes } from "../../../../media/test/hostile-bytes.ts";
import { CAPTURE_PASSPHRASE, srtCapture } from "../../../../media/test/srt-capture.ts";
import { SrtHandshakes } from "./handshakes.ts";
import { REJECTION } from "./rejection.ts";

const FROM = "192.0.2.1 5000";
const UTC = 1_764_450_000_000;
const COOKIE_AT = SRT_HEADER_SIZE + 28;
const MINUTE = 60_000;

function listener(passphrase = CAPTURE_PASSPHRASE, latencyMs = 200): SrtHandshakes {
  return new SrtHandshakes({ secret: Buffer.from("secret"), passphrase: () => passphrase, latencyMs: () => latencyMs });
}

/** The conclusion that a caller sends after the answer to its induction. */
function conclusion(handshakes: SrtHandshakes, name = "ffmpeg-5.1-aes-128", utc = UTC): Buffer {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = srtCapture(name);
  const outcome = handshakes.take(first, FROM, utc, () => true);
  assert.ok(outcome?.kind === "answer");
  const answer = readSrtHandshake(outcome.packet.subarray(SRT_HEADER_SIZE));
  assert.ok(!(answer instanceof Malformed));
  assert.deepEqual([answer.version, answer.extension, answer.type], [5, SRT_MAGIC, SRT_HANDSHAKE.induction]);
  const packet = Buffer.from(second);
  setSrtU32(packet, COOKIE_AT, answer.cookie);
  return packet;
}

for (const name of ["ffmpeg-5.1-aes-128", "ffmpeg-5.1-aes-192", "ffmpeg-5.1-aes-256"])
  test(`${name}: the call has its stream id, its latency and the keys that its packets are encrypted with`, () => {
    const handshakes = listener();
    const outcome = handshakes.take(conclusion(handshakes, name), FROM, UTC, () => true);
    assert.ok(outcome?.kind === "call");
    const { call } = outcome;
    assert.deepEqual(
      [call.streamId, call.version, call.latencyMs, call.peerLatencyMs],
      ["publish:live/math:s3cret", "1.5.1", 200, 200],
    );
    const data = srtCapture(name).filter((packet) => !isSrtControl(packet));
    assert.ok(data.length > 3);
    for (const packet of data) {
      const plain = call.keys?.decrypt(srtKeyFlag(packet), srtSequence(packet), packet.subarray(SRT_HEADER_SIZE));
      assert.ok(plain && plain.length % 188 === 0);
      for (let at = 0; at < plain.length; at += 188) assert.equal(plain[at], 0x47);
    }
  });

test("what is encrypted here is decrypted to the same", () => {
  const handshakes = listener();
  const outcome = handshakes.take(conclusion(handshakes), FROM, UTC, () => true);
  assert.ok(outcome?.kind === "call" && outcome.call.keys);
  const { keys } = outcome.call;
  const secret = keys.encrypt(77, Buffer.from("picture"));
  assert.ok(secret);
  assert.equal(String(keys.decrypt(keys.sendFlag, 77, secret)), "picture");
  assert.notEqual(String(keys.decrypt(keys.sendFlag, 78, secret)), "picture");
});

test("a caller that asks for a longer latency gets it", () => {
  const handshakes = listener(CAPTURE_PASSPHRASE, 20);
  const outcome = handshakes.take(conclusion(handshakes), FROM, UTC, () => true);
  assert.ok(outcome?.kind === "call");
  assert.deepEqual([outcome.call.latencyMs, outcome.call.peerLatencyMs], [20, 120]);
});

test("another passphrase, and one on one side only, are rejected with libsrt's reasons", () => {
  const reasonWith = (passphrase: string) => {
    const handshakes = listener(passphrase);
    const outcome = handshakes.take(conclusion(handshakes), FROM, UTC, () => true);
    assert.ok(outcome?.kind === "rejected");
    const answer = readSrtHandshake(outcome.packet.subarray(SRT_HEADER_SIZE));
    assert.ok(!(answer instanceof Malformed));
    assert.equal(answer.type, 1000 + outcome.reason);
    return outcome.reason;
  };
  assert.equal(reasonWith("another passphrase"), REJECTION.badSecret);
  assert.equal(reasonWith(""), REJECTION.unsecure);
});

test("a cookie is good for its address, its caller's minute and the next", () => {
  const handshakes = listener();
  const packet = conclusion(handshakes);
  const isHeard = (from: string, utc: number) => handshakes.take(packet, from, utc, () => true) !== null;
  assert.deepEqual([isHeard(FROM, UTC), isHeard(FROM, UTC + MINUTE), isHeard(FROM, UTC + 2 * MINUTE)], [true, true, false]);
  assert.equal(isHeard("192.0.2.1 5001", UTC), false);
});

test("another worker with the same secret takes the call", () => {
  assert.equal(listener().take(conclusion(listener()), FROM, UTC, () => true)?.kind, "call");
});

test("a caller that may not call is not heard", () => {
  const handshakes = listener();
  assert.equal(
    handshakes.take(conclusion(handshakes), FROM, UTC, () => false),
    null,
  );
});

test("any bytes are survived", () => {
  const handshakes = listener();
  const packet = conclusion(handshakes);
  survivesAnyBytes(packet, (bytes) => handshakes.take(bytes, FROM, UTC, () => true));
});
