/** An SRT connection, sending and receiving, over lines of every kind, on a clock of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isSrtControl, Malformed, SRT_CONTROL, srtControlType, writeSrtControl, writeSrtLosses } from "@lectern/media";
import fc from "fast-check";
import { seededRandom, TestSrtSocket } from "./test-datagram-socket.ts";

const numbers = (line: TestSrtSocket) => line.received.map(({ payload }) => payload);
const first = (count: number) => Array.from({ length: count }, (_, i) => i);

test("packets are given on in order, the latency after they were sent", () => {
  const line = new TestSrtSocket({ delayMs: 30, latencyMs: 200 });
  line.run(1000);
  line.run(1000, Number.POSITIVE_INFINITY);
  assert.deepEqual(numbers(line), first(line.count));
  // The sender's clock began when its handshake was here.
  for (const { payload, at } of line.received)
    assert.ok(Math.abs(at - (10_000 + payload * 10 + 230)) <= 10, `packet ${payload} at ${at}`);
  const { lost, retransmitted, dropped, rttMs } = line.receiver.figures();
  assert.deepEqual([lost, retransmitted, dropped, Math.round(rttMs ?? 0)], [0, 0, 0, 60]);
});

for (const percent of [5, 10])
  test(`with ${percent} % lost each way and 100 ms there and back, all packets come within five round trips`, () => {
    const random = seededRandom(percent);
    const line = new TestSrtSocket({ delayMs: 50, latencyMs: 500, isLost: () => random() < percent / 100 });
    line.run(20_000);
    line.run(2000, Number.POSITIVE_INFINITY);
    assert.deepEqual(numbers(line), first(line.count));
    const { lost, retransmitted, dropped } = line.receiver.figures();
    assert.ok(lost > line.count * percent * 0.007 && lost < line.count * percent * 0.013, `${lost} of ${line.count}`);
    assert.ok(retransmitted >= lost && retransmitted < lost * 1.6, `${retransmitted} for ${lost}`);
    assert.equal(dropped, 0);
  });

test("what does not come in time is given up, and the rest goes on at its time", () => {
  let isOut = false;
  const line = new TestSrtSocket({ delayMs: 100, latencyMs: 150, isLost: () => isOut });
  line.run(2000);
  isOut = true;
  line.run(1000);
  isOut = false;
  line.run(3000);
  const { dropped, received } = line.receiver.figures();
  assert.ok(dropped > 50 && dropped <= 101, `${dropped}`);
  assert.equal(received + dropped, line.count - 10, "all but those on their way");
  assert.equal(numbers(line).at(-1), line.count - 26, "the newest is as late as ever");
  assert.deepEqual(line.ends, []);
});

test("packets that overtake each other, and that come twice, are given on once and in order", () => {
  const random = seededRandom(7);
  const line = new TestSrtSocket({ delayMs: 10, extraMs: () => (random() < 0.3 ? 40 : 0) });
  line.run(5000);
  line.run(1000, Number.POSITIVE_INFINITY);
  assert.deepEqual(numbers(line), first(line.count));
});

test("sequence numbers and the sender's clock wrap", () => {
  const random = seededRandom(3);
  const line = new TestSrtSocket({
    initialSequence: 0x7fffffff - 50,
    timestamp: 2 ** 32 - 700_000,
    delayMs: 20,
    isLost: () => random() < 0.05,
  });
  line.run(3000);
  line.run(1000, Number.POSITIVE_INFINITY);
  assert.deepEqual(numbers(line), first(line.count));
  for (const { payload, at } of line.received)
    assert.ok(Math.abs(at - (10_000 + payload * 10 + 220)) <= 12, `packet ${payload} at ${at}`);
});

test("a sender whose clock is too fast keeps its latency", () => {
  const line = new TestSrtSocket({ delayMs: 20, clockRate: 1.001 });
  line.run(60_000);
  const last = line.received.at(-1);
  // Without a correction it would be 60 ms.
  assert.ok(last && Math.abs(last.at - (10_000 + last.payload * 10 + 220)) <= 25, `${last?.at} for ${last?.payload}`);
});

test("a steady sender is acknowledged ten times a second", () => {
  const line = new TestSrtSocket({ delayMs: 20 });
  line.run(2000);
  const before = line.controls;
  line.run(10_000);
  assert.ok(line.controls - before <= 110, `${line.controls - before}`);
});

test("the sender forgets what is acknowledged, and what is too late", () => {
  let isDeaf = false;
  const line = new TestSrtSocket({ delayMs: 20, isLost: (toReceiver) => isDeaf && !toReceiver });
  line.run(3000);
  assert.ok(line.sender.unacknowledged < 20);
  isDeaf = true;
  line.run(4000);
  assert.ok(line.sender.unacknowledged <= 126, `${line.sender.unacknowledged}`);
});

test("a peer that is silent for five seconds is gone; one that has nothing to send is not", () => {
  let isOut = false;
  const line = new TestSrtSocket({ isLost: () => isOut });
  line.run(100);
  line.run(20_000, Number.POSITIVE_INFINITY);
  assert.deepEqual(line.ends, []);
  isOut = true;
  line.run(5200, Number.POSITIVE_INFINITY);
  assert.deepEqual(line.ends, ["silent", "silent"]);
});

test("a peer whose packets could not be read, because the process was held, is not silent", () => {
  const line = new TestSrtSocket();
  line.run(100);
  line.receiver.tick(line.now + 6000, 6000);
  assert.deepEqual(line.ends, []);
  line.receiver.tick(line.now + 11_200);
  assert.deepEqual(line.ends, ["silent"]);
});

test("a peer that says goodbye has what it sent given on at once", () => {
  const line = new TestSrtSocket();
  line.run(100);
  assert.equal(line.received.length, 0);
  line.sender.close(line.now);
  line.run(2, Number.POSITIVE_INFINITY);
  assert.deepEqual(numbers(line), first(line.count));
  assert.deepEqual(line.ends, ["closed"]);
});

test("who asks for packets that were never sent breaks the protocol", () => {
  const line = new TestSrtSocket();
  line.run(100);
  line.sender.take(writeSrtControl(SRT_CONTROL.nak, 0, 0, 1, writeSrtLosses([[50_000, 50_000]])), line.now);
  assert.ok(line.ends[0] instanceof Malformed);
});

test("any bytes are survived, and never grow the memory", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 16, maxLength: 64 }), { maxLength: 40 }), (packets) => {
      const line = new TestSrtSocket();
      for (const packet of packets) {
        line.receiver.take(packet, line.now);
        line.sender.take(packet, line.now);
        line.run(20);
      }
    }),
    { numRuns: 100 },
  );
});

test("control packets whose content is noise are survived", () => {
  const types = Object.values(SRT_CONTROL);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.nat(), fc.uint8Array({ maxLength: 64 }), (type, information, content) => {
      const line = new TestSrtSocket();
      line.run(50);
      const packet = writeSrtControl(type, information, 0, 1, content);
      assert.ok(isSrtControl(packet) && srtControlType(packet) === type);
      line.receiver.take(packet, line.now);
      line.sender.take(packet, line.now);
      line.run(50);
    }),
    { numRuns: 300 },
  );
});
