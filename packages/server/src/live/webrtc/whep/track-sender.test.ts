import assert from "node:assert/strict";
import { test } from "node:test";
import { packetizeOpus, type RtpPacket, type RtpPayload, readRtpPacket } from "@lectern/media";
import { RtpTransport } from "./rtp-transport.ts";
import { TrackSender } from "./track-sender.ts";

const VIDEO = 90_000;
const SENDER = { payloadType: 102, ssrc: 7, transportSequenceId: null, fixed: [] };
const NO_NUMBERS = { next: () => 0 };

/** A line of pictures, each of some packets that tell the picture's number. */
function pictures(line: RtpTransport, from: number, count: number, keys: (picture: number) => boolean, packets = 3): void {
  for (let picture = from; picture < from + count; picture++) {
    const payloads: RtpPayload[] = Array.from({ length: packets }, (_, i) => ({
      ...packetizeOpus(Uint8Array.of(picture >> 8, picture, i)),
      marker: i === packets - 1,
    }));
    line.push(payloads, (picture * VIDEO) / 25, keys(picture));
  }
}

function senderOf(random = 0x7fff_fff0) {
  const got: RtpPacket[] = [];
  const sender = new TrackSender(
    SENDER,
    VIDEO,
    NO_NUMBERS,
    (bytes) => {
      const packet = readRtpPacket(Uint8Array.from(bytes));
      assert.ok("payload" in packet);
      got.push(packet);
      return true;
    },
    random,
  );
  const sendAll = (now: number): void => {
    while (sender.sendNext(now) > 0);
  };
  return { sender, got, sendAll };
}

const frameOf = ({ payload }: RtpPacket) => ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);

function assertNoHoles(got: readonly RtpPacket[]): void {
  for (const [i, packet] of got.entries()) {
    const before = got[i - 1];
    if (before) assert.equal(packet.sequence, (before.sequence + 1) & 0xffff, `packet ${i}`);
  }
}

/** Ticks between each picture and the one before. */
function steps(got: readonly RtpPacket[]): number[] {
  const times = got.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
  return times.slice(1).map((time, i) => (time - (times[i] ?? 0)) | 0);
}

test("who joins gets all since the key frame close together, and then real time", () => {
  const line = new RtpTransport(VIDEO);
  pictures(line, 0, 40, (picture) => picture === 0);
  const { sender, got, sendAll } = senderOf();
  sender.moveTo(line, line.newestKey ?? -1);
  sendAll(0);
  pictures(line, 40, 3, () => false);
  sendAll(40);
  assert.equal(got.length, 43 * 3);
  assertNoHoles(got);
  assert.deepEqual([...new Set(steps(got).slice(0, 39))], [90], "40 ms become 1 ms");
  assert.deepEqual(steps(got).slice(39), [3600, 3600, 3600]);
});

test("sequence numbers have no hole and timestamps go on where it moves to a later rung and back", () => {
  const [source, rung] = [new RtpTransport(VIDEO), new RtpTransport(VIDEO)];
  pictures(source, 0, 26, (picture) => picture % 25 === 0);
  const { sender, got, sendAll } = senderOf();
  sender.moveTo(source, 25);
  sendAll(0);
  pictures(source, 26, 30, (picture) => picture % 25 === 0);
  sendAll(1200);
  // The rung is 800 ms late: its key frame of picture 50 comes with the source's picture 70.
  pictures(rung, 50, 1, () => true, 1);
  sender.moveTo(rung, 0);
  sendAll(1240);
  pictures(rung, 51, 24, () => false, 1);
  sendAll(2200);
  pictures(source, 56, 45, (picture) => picture % 25 === 0);
  sender.moveTo(source, 100);
  sendAll(2240);
  assertNoHoles(got);
  const frameSteps = steps(got);
  assert.ok(
    frameSteps.every((step) => step > 0 && step <= 90_000),
    String(frameSteps),
  );
  assert.deepEqual(
    got
      .filter(({ marker }) => marker)
      .map(frameOf)
      .slice(30, 33),
    [55, 50, 51],
  );
  const before = got.findLastIndex((packet) => frameOf(packet) === 55);
  assert.equal(((got[before + 1]?.timestamp ?? 0) - (got[before]?.timestamp ?? 0)) | 0, 3600, "40 ms of real time lie between");
});

test("a sender report says where the moment of sending lies on the rung's later time", () => {
  const [source, rung] = [new RtpTransport(VIDEO), new RtpTransport(VIDEO)];
  pictures(source, 0, 50, (picture) => picture === 49);
  const { sender, got, sendAll } = senderOf(5);
  const epoch = 1_700_000_000_000;
  assert.equal(sender.report(epoch, epoch), null, "nothing was sent");
  sender.moveTo(source, 49);
  sendAll(0);
  const shown = got.at(-1)?.timestamp ?? 0;
  const at = epoch + 49 * 40;
  assert.equal(sender.report(at, epoch)?.timestamp, shown, "a picture of 1960 ms is of 1960 ms after the epoch");
  pictures(rung, 30, 1, () => true);
  sender.moveTo(rung, 0);
  sendAll(40);
  const late = got.at(-1)?.timestamp ?? 0;
  assert.equal(sender.report(epoch + 30 * 40, epoch)?.timestamp, late, "the rung's picture is of 1200 ms after the epoch");
  assert.equal(sender.report(at, epoch)?.packets, 6);
});

test("a NACK is answered with the same packet, from each run, once in a round trip, and not for what was never sent", () => {
  const line = new RtpTransport(VIDEO);
  pictures(line, 0, 10, (picture) => picture % 5 === 0);
  const { sender, got, sendAll } = senderOf(0xffff);
  sender.moveTo(line, 0);
  sender.sendNext(0);
  sender.sendNext(0);
  sender.sendNext(0);
  sender.moveTo(line, 5);
  sendAll(0);
  const first = got.slice();
  const wanted = [first[1], first[4], first.at(-1)].map((packet) => packet?.sequence ?? -1);
  assert.ok(sender.sendAgain(wanted, 100, 50) > 0);
  assert.deepEqual(got.slice(first.length), [first[1], first[4], first.at(-1)]);
  assert.equal(sender.sendAgain(wanted, 120, 50), 0, "asked again within the round trip");
  assert.ok(sender.sendAgain(wanted, 160, 50) > 0);
  assert.equal(got.length, first.length + 6);
  const next = ((first.at(-1)?.sequence ?? 0) + 1) & 0xffff;
  assert.equal(sender.sendAgain([next, (next + 100) & 0xffff, ((first[0]?.sequence ?? 0) - 1) & 0xffff], 300, 50), 0);
});

test("a hostile NACK costs a bounded amount", () => {
  const line = new RtpTransport(VIDEO);
  pictures(line, 0, 2000, (picture) => picture % 50 === 0);
  const { sender, got, sendAll } = senderOf();
  sender.moveTo(line, line.newestKey ?? -1);
  sendAll(0);
  const before = got.length;
  const all = Array.from({ length: 0x10000 }, (_, i) => i);
  sender.sendAgain(all, 10, 50);
  assert.ok(got.length - before <= 150);
});

test("a line keeps what is needed to join, and forgets the rest", () => {
  const line = new RtpTransport(VIDEO);
  pictures(line, 0, 500, (picture) => picture === 0);
  assert.equal(line.newestKey, 0);
  assert.ok(line.unit(0));
  pictures(line, 500, 200, (picture) => picture === 600);
  assert.equal(line.unit(0), undefined);
  assert.equal(line.newestKey, 600);
  assert.ok(line.head - line.oldest < 200);
  pictures(line, 700, 2000, () => false);
  assert.equal(line.newestKey, null, "a GOP that is too long cannot be joined");
  assert.ok(line.head - line.oldest < 1500);
});
