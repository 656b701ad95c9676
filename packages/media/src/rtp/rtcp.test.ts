/** Compound RTCP, written and read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { isRtcp } from "./packet.ts";
import { Reception, roundTripMs } from "./reception.ts";
import type { ReportBlock, RtcpPacket, SenderReport } from "./rtcp.ts";
import { readRtcp } from "./rtcp-reader.ts";
import { writeRtcp } from "./rtcp-writer.ts";

/** Objects as literals make them. */
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffffffff });
const block: fc.Arbitrary<ReportBlock> = record({
  ssrc: u32,
  fractionLost: fc.nat({ max: 255 }).map((n) => n / 256),
  lost: fc.integer({ min: -0x800000, max: 0x7fffff }),
  highestSequence: u32,
  jitter: u32,
  lastReport: u32,
  sinceLastReportMs: fc.nat({ max: 65_535 }).map((n) => (n * 1000) / 65_536),
});
const reports = fc.array(block, { maxLength: 31 });
/** Sequence numbers as a receiver lists them. */
const nacked = fc.tuple(u16, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 })).map(([first, steps]) => {
  let last = first;
  return [first, ...steps.map((step) => (last = (last + step) & 0xffff))];
});
const feedback = fc
  .record({
    count: fc.nat({ max: 255 }),
    base: u16,
    reference: fc.nat({ max: 2 ** 24 - 1 }),
    steps: fc.array(fc.option(fc.integer({ min: -100, max: 20_000 }), { freq: 3 }), { minLength: 1, maxLength: 200 }),
  })
  .map(({ count, base, reference, steps }) => {
    let ticks = reference * 64 * 4;
    const arrivals = steps.map((step) => (step === null ? null : (ticks += step) / 4));
    return { count, base, referenceMs: reference * 64, arrivals };
  });
const packet: fc.Arbitrary<RtcpPacket> = fc.oneof(
  record({
    kind: fc.constant("sender-report" as const),
    ssrc: u32,
    ntpMs: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    timestamp: u32,
    packets: u32,
    bytes: u32,
    reports,
  }),
  record({ kind: fc.constant("receiver-report" as const), ssrc: u32, reports }),
  record({
    kind: fc.constant("description" as const),
    chunks: fc.array(record({ ssrc: u32, cname: fc.string({ maxLength: 40 }) }), { maxLength: 5 }),
  }),
  record({ kind: fc.constant("bye" as const), ssrcs: fc.array(u32, { maxLength: 31 }) }),
  record({ kind: fc.constant("nack" as const), sender: u32, media: u32, sequences: nacked }),
  record({ kind: fc.constant("pli" as const), sender: u32, media: u32 }),
  record({
    kind: fc.constant("fir" as const),
    sender: u32,
    entries: fc.array(record({ ssrc: u32, sequence: fc.nat({ max: 255 }) }), { maxLength: 4 }),
  }),
  record({
    kind: fc.constant("remb" as const),
    sender: u32,
    bitsPerSecond: fc.tuple(fc.nat({ max: 0x3ffff }), fc.nat({ max: 20 })).map(([mantissa, exponent]) => mantissa * 2 ** exponent),
    ssrcs: fc.array(u32, { maxLength: 4 }),
  }),
  record({ kind: fc.constant("transport-feedback" as const), sender: u32, media: u32, feedback }),
);

/** Milliseconds of NTP times have a fraction of 32 bits. */
function rounded(packets: readonly RtcpPacket[]): RtcpPacket[] {
  return packets.map((one) => (one.kind === "sender-report" ? { ...one, ntpMs: Math.round(one.ntpMs) } : one));
}

test("packets that were written are read as they were", () => {
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 4 }), (packets) => {
      const written = writeRtcp(packets);
      assert.equal(written.length % 4, 0);
      assert.ok(isRtcp(written));
      assert.deepEqual(rounded(good(readRtcp(written))), packets);
    }),
  );
});

test("any bytes are survived", () => {
  for (const example of fc.sample(packet, { numRuns: 12, seed: 7 })) survivesAnyBytes(writeRtcp([example]), readRtcp);
});

test("a NACK has a number and a mask: RFC 4585 section 6.2.1", () => {
  const written = writeRtcp([{ kind: "nack", sender: 1, media: 2, sequences: [65_534, 65_535, 14, 15] }]);
  assert.deepEqual([...written], [...bytes("81cd0004 00000001 00000002 fffe 8001 000f 0000")]);
});

test("a REMB has its mark, a mantissa and an exponent", () => {
  const written = writeRtcp([{ kind: "remb", sender: 1, bitsPerSecond: 2_500_000, ssrcs: [5] }]);
  assert.deepEqual([...written], [...bytes("8fce0005 00000001 00000000 52454d42 01 12625a 00000005")]);
});

test("feedback of chunks with one bit for each packet, which browsers send, is read", () => {
  // 14 packets, of which the 2nd and the 14th did not come; deltas of 1 ms.
  const head = "8fcd0009 00000001 00000002 0064 000e 000001 07";
  const read = good(readRtcp(bytes(`${head} affe ${"04".repeat(12)} 0000`.replace("8fcd0009", "8fcd0008"))));
  assert.equal(read[0]?.kind, "transport-feedback");
  const { arrivals, base } = (read[0] as Extract<RtcpPacket, { kind: "transport-feedback" }>).feedback;
  assert.equal(base, 100);
  assert.equal(arrivals.length, 14);
  assert.deepEqual(arrivals.slice(0, 4), [65, null, 66, 67]);
  assert.equal(arrivals[13], null);
});

test("feedback that claims very many packets is refused", () => {
  assert.ok(readRtcp(bytes("8fcd0005 00000001 00000002 0000 ffff 000000 00 1fff1fff")) instanceof Malformed);
});

test("a receiver's report tells loss since the last one, jitter and the way there and back", () => {
  const reception = new Reception(9, 90_000);
  for (let i = 0; i < 100; i++)
    if (i % 10 !== 3) reception.received({ sequence: (65_500 + i) & 0xffff, timestamp: i * 900 }, i * 10);
  const report: SenderReport = {
    kind: "sender-report",
    ssrc: 9,
    ntpMs: 1_790_000_000_000,
    timestamp: 0,
    packets: 0,
    bytes: 0,
    reports: [],
  };
  reception.reported(report, 1000);
  const first = reception.block(1200);
  assert.ok(first);
  assert.equal(first.lost, 10);
  assert.ok(Math.abs(first.fractionLost - 0.1) < 0.01);
  assert.equal(first.highestSequence, 65_599);
  assert.equal(first.jitter, 0);
  // 250 ms after the report, 200 of them at the receiver.
  assert.ok(Math.abs((roundTripMs(first, 1_790_000_000_250) ?? 0) - 50) < 1);
  for (let i = 100; i < 200; i++) reception.received({ sequence: (65_500 + i) & 0xffff, timestamp: i * 900 }, i * 10);
  const second = reception.block(2000);
  assert.equal(second?.fractionLost, 0);
  assert.equal(second?.lost, 10);
});
