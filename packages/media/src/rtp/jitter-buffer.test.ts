/** Access units out of packets that come in any order, twice, or not at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good } from "../../test/hostile-bytes.ts";
import { lengthPrefixed } from "../codecs/annex-b.ts";
import { writeAvcConfiguration } from "../codecs/h264.ts";
import { JitterBuffer, type ReceivedUnit } from "./jitter-buffer.ts";
import { type RtpPacket, readRtpPacket } from "./packet.ts";
import { h264Depacketizer } from "./payload/h264-depacketizer.ts";
import { H264Packetizer } from "./payload/h264-packetizer.ts";
import { opusDepacketizer, packetizeOpus } from "./payload/opus.ts";
import { stampRtp } from "./stamp.ts";

const SPS = bytes("6742c01eda0280bfe5c044000003000400000300c83c58ba80");
const PPS = bytes("68ce0fc8");
const SENDER = { payloadType: 96, ssrc: 1, transportSequenceId: null, fixed: [] };
const FRAME_MS = 40;

/** A frame of one slice whose bytes are its number, over and over. */
function frame(number: number, size: number, key: boolean): Uint8Array {
  const nal = new Uint8Array(size).fill(number + 1);
  nal[0] = key ? 0x65 : 0x41;
  nal[1] = 0x80 | (number & 0x7f);
  return lengthPrefixed([nal]);
}

type Sent = { readonly frames: readonly Uint8Array[]; readonly packets: readonly RtpPacket[]; readonly frameOf: readonly number[] };

/** @param sizes of the frames; each `keyEvery`th is a key frame */
function send(sizes: readonly number[], keyEvery: number, start = 65_530): Sent {
  const packetizer = new H264Packetizer(200);
  assert.equal(packetizer.configure(good(writeAvcConfiguration([SPS], [PPS]))), null);
  const frames = sizes.map((size, i) => frame(i, size, i % keyEvery === 0));
  const packets: RtpPacket[] = [];
  const frameOf: number[] = [];
  frames.forEach((payload, i) => {
    for (const one of good(packetizer.packetize({ payload, key: i % keyEvery === 0 }))) {
      const stamped = stampRtp(one, SENDER, (start + packets.length) & 0xffff, (0xfffff000 + i * 90 * FRAME_MS) >>> 0, 0);
      packets.push(good(readRtpPacket(stamped.slice())));
      frameOf.push(i);
    }
  });
  return { frames, packets, frameOf };
}

function numberOf({ payload }: ReceivedUnit): number {
  return (payload[5] ?? 0) & 0x7f;
}

const sizes = fc.array(fc.integer({ min: 3, max: 900 }), { minLength: 1, maxLength: 30 });

test("in any order, with duplicates, all units come out whole and in order", () => {
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.nat({ max: 1000 }), { minLength: 200, maxLength: 200 }),
      (lengths, keyEvery, noise) => {
        const { frames, packets, frameOf } = send(lengths, keyEvery);
        const buffer = new JitterBuffer({ depacketizer: h264Depacketizer(), maxWaitMs: 1000 });
        // The first frame comes first, for it begins with the first key frame that is whole; others come up to ten places late, some twice.
        const order = packets.map((packet, i) => ({
          packet,
          place: frameOf[i] === 0 ? i - 100 : i + ((noise[i % 200] ?? 0) % 10),
        }));
        const twice = order
          .filter((_, i) => (noise[(i * 7) % 200] ?? 0) % 5 === 0)
          .map(({ packet, place }) => ({ packet, place: place + 3 }));
        const arrivals = [...order, ...twice].sort((a, b) => a.place - b.place);
        const units: ReceivedUnit[] = [];
        arrivals.forEach(({ packet }, now) => {
          buffer.push(packet, now);
          units.push(...buffer.take(now));
        });
        assert.deepEqual(
          units.map(({ payload }) => payload),
          frames,
        );
        assert.deepEqual(
          units.map(({ key }) => key),
          frames.map((_, i) => i % keyEvery === 0),
        );
        assert.deepEqual(
          units.map(({ configuration }) => configuration !== null),
          frames.map((_, i) => i === 0),
        );
        assert.equal(buffer.statistics.late, twice.length);
        assert.equal(buffer.statistics.lost, 0);
        assert.equal(buffer.wantsKeyFrame, false);
      },
    ),
  );
});

test("after a loss nothing comes until a whole key frame, and what comes is never broken", () => {
  const losses = fc.array(fc.boolean(), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 8 }), losses, fc.nat({ max: 40 }), (lengths, keyEvery, lost, oneIn) => {
      const { frames, packets, frameOf } = send(lengths, keyEvery);
      const buffer = new JitterBuffer({ depacketizer: h264Depacketizer(), maxWaitMs: 100 });
      const units: ReceivedUnit[] = [];
      const isLost = (i: number) => (lost[i % 300] ?? false) && i % (oneIn + 1) === 0;
      const broken = new Set(packets.flatMap((_, i) => (isLost(i) ? [frameOf[i] ?? 0] : [])));
      packets.forEach((packet, i) => {
        const now = (frameOf[i] ?? 0) * FRAME_MS;
        if (!isLost(i)) buffer.push(packet, now);
        units.push(...buffer.take(now));
      });
      units.push(...buffer.take(1e6));
      for (const unit of units) assert.deepEqual(unit.payload, frames[numberOf(unit)]);
      const got = units.map(numberOf);
      assert.deepEqual(
        got,
        [...got].sort((a, b) => a - b),
      );
      // Each unit is a key frame, or the one before it came too.
      for (const [i, unit] of units.entries()) assert.ok(unit.key || got[i - 1] === numberOf(unit) - 1);
      for (const number of got) assert.ok(!broken.has(number));
      // What can be decoded does come: every frame from a whole key frame behind the loss to the next loss.
      let decodes = false;
      const expected = frames.flatMap((_, i) => {
        decodes = !broken.has(i) && (decodes || i % keyEvery === 0);
        return decodes ? [i] : [];
      });
      assert.deepEqual(got, expected);
    }),
  );
});

test("lost packets are asked for again after each round trip until they come", () => {
  const { packets, frames } = send([300, 300, 300], 10, 100);
  const buffer = new JitterBuffer({ depacketizer: h264Depacketizer(), maxWaitMs: 500 });
  const missing = packets[3];
  assert.ok(missing);
  for (const packet of packets) if (packet !== missing) buffer.push(packet, 1000);
  assert.deepEqual(buffer.nacks(1000, 100), [], "it may only be late");
  assert.deepEqual(buffer.nacks(1015, 100), [103]);
  assert.deepEqual(buffer.nacks(1100, 100), []);
  assert.deepEqual(buffer.nacks(1135, 100), [103]);
  assert.equal(buffer.take(1140).length, 1);
  assert.equal(buffer.nextDeadline, 1500);
  buffer.push(missing, 1240);
  assert.deepEqual(
    buffer.take(1240).map(({ payload }) => payload),
    frames.slice(1),
  );
  assert.equal(buffer.statistics.recovered, 1);
  assert.equal(buffer.nextDeadline, null);
});

test("what was not repaired in time is given up, and a key frame is wanted", () => {
  const { packets, frameOf } = send([300, 300, 300, 300, 300], 4, 100);
  const buffer = new JitterBuffer({ depacketizer: h264Depacketizer(), maxWaitMs: 500 });
  const units: number[] = [];
  packets.forEach((packet, i) => {
    // One packet of the second frame is lost; the last frame is a key frame that comes later.
    if (frameOf[i] === 1 && frameOf[i - 1] === 0) return;
    if ((frameOf[i] ?? 0) < 4) buffer.push(packet, 1000);
  });
  units.push(...buffer.take(1000).map(numberOf));
  assert.deepEqual(units, [0]);
  assert.equal(buffer.wantsKeyFrame, false);
  assert.deepEqual(buffer.take(1500), []);
  assert.equal(buffer.wantsKeyFrame, true);
  packets.forEach((packet, i) => {
    if (frameOf[i] === 4) buffer.push(packet, 1600);
  });
  const after = buffer.take(1600);
  assert.deepEqual(after.map(numberOf), [4]);
  assert.equal(after[0]?.key, true);
  assert.equal(buffer.wantsKeyFrame, false);
  assert.equal(buffer.statistics.lost, 1);
});

test("a key frame whose parameter sets were lost does not come out", () => {
  const { packets, frameOf } = send([300, 300, 300], 2, 100);
  const buffer = new JitterBuffer({ depacketizer: h264Depacketizer(), maxWaitMs: 100 });
  const units: number[] = [];
  packets.forEach((packet, i) => {
    const isSets = frameOf[i] === 2 && frameOf[i - 1] === 1;
    if (!isSets) buffer.push(packet, i);
    units.push(...buffer.take(i).map(numberOf));
  });
  units.push(...buffer.take(1000).map(numberOf));
  assert.deepEqual(units, [0, 1]);
  assert.equal(buffer.wantsKeyFrame, true);
});

test("sound goes on after a loss", () => {
  const buffer = new JitterBuffer({ depacketizer: opusDepacketizer(2) });
  const packet = (i: number) => good(readRtpPacket(stampRtp(packetizeOpus(Uint8Array.of(0xfc, i)), SENDER, i, i * 960, 0).slice()));
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    if (i !== 5 && i !== 6) buffer.push(packet(i), i * 20);
    times.push(...buffer.take(i * 20).map(({ rtpTime }) => rtpTime / 960));
  }
  assert.deepEqual(times, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assert.equal(buffer.statistics.lost, 2);
  assert.equal(buffer.wantsKeyFrame, false);
});

test("a sender that begins again under other numbers is heard again", () => {
  const buffer = new JitterBuffer({ depacketizer: h264Depacketizer() });
  const first = send([300, 300], 2, 100);
  const second = send([300, 300], 2, 20_000);
  const units: ReceivedUnit[] = [];
  for (const packet of [...first.packets, ...second.packets]) buffer.push(packet, 0);
  units.push(...buffer.take(0));
  // The first packet from afar was not believed, and with it the first key frame is gone.
  assert.deepEqual(units.map(numberOf), []);
  for (const packet of send([300, 300], 2, (20_000 + second.packets.length) & 0xffff).packets) {
    buffer.push(packet, 10);
    units.push(...buffer.take(10));
  }
  assert.deepEqual(units.map(numberOf), [0, 1]);
});

test("any packets are survived, and no more are held than allowed", () => {
  const packet = fc.tuple(fc.integer({ min: -300, max: 300 }), fc.nat({ max: 3 }), fc.boolean(), fc.uint8Array({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 200 }), (list) => {
      const buffer = new JitterBuffer({ depacketizer: h264Depacketizer([SPS, PPS]), maxPackets: 64 });
      let sequence = 0;
      list.forEach(([step, time, marker, payload], now) => {
        sequence = (sequence + step + 0x10000) & 0xffff;
        const timestamp = now * 3600 + time;
        buffer.push({ marker, payloadType: 96, sequence, timestamp, ssrc: 1, csrcs: [], extensions: [], payload }, now);
        buffer.take(now);
        assert.ok(buffer.nacks(now, 20).length <= 64);
      });
    }),
  );
});
