/** Packets kept for retransmission: once for all viewers, and not for long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketHistory } from "./packet-history.ts";
import { SentPackets } from "./sent-packets.ts";
import type { RtpPayload } from "./stamp.ts";

const payload = (mark: number): RtpPayload => ({ bytes: Uint8Array.of(mark), marker: false });

test("a history keeps so many packets, for so long", () => {
  const history = new PacketHistory({ maxPackets: 4, maxAgeMs: 1000 });
  const numbers = [0, 1, 2, 3, 4, 5].map((i) => history.add(payload(i), i * 100));
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(
    numbers.map((number) => history.get(number, 500)?.bytes[0] ?? null),
    [null, null, 2, 3, 4, 5],
  );
  assert.equal(history.get(2, 1201), null);
  assert.equal(history.get(3, 1300)?.bytes[0], 3);
  history.dropOld(5000);
  assert.equal(history.get(5, 1300), null, "let go of");
});

test("each viewer gets again what it was sent, under its own numbers", () => {
  const history = new PacketHistory();
  const other = new PacketHistory();
  const viewer = new SentPackets(8);
  for (let i = 0; i < 6; i++) viewer.sent((65_533 + i) & 0xffff, 1000 + i, history, history.add(payload(i), 0));
  viewer.sent(3, 2000, other, other.add(payload(90), 0));
  const again = viewer.requested([65_534, 0, 3, 700], 10, 50);
  assert.deepEqual(
    again.map(({ sequence, timestamp, payload: { bytes } }) => [sequence, timestamp, bytes[0]]),
    [
      [65_534, 1001, 1],
      [0, 1003, 3],
      [3, 2000, 90],
    ],
  );
});

test("a packet is not sent again twice in a round trip, nor when it is too old", () => {
  const history = new PacketHistory({ maxAgeMs: 1000 });
  const viewer = new SentPackets();
  viewer.sent(7, 0, history, history.add(payload(1), 0));
  const ask = (now: number) => viewer.requested([7, 7, 7], now, 100).length;
  assert.deepEqual([ask(10), ask(50), ask(120), ask(1200)], [1, 0, 1, 0]);
});
