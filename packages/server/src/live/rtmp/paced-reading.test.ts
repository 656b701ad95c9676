import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ManualClock } from "../../platform/clock.ts";
import { SharedTicks } from "../../platform/shared-ticks.ts";
import { PacedReading } from "./paced-reading.ts";

/** Two connected sockets. What the second one reads is counted. */
async function pair(t: TestContext, allowedMs: () => number, clock = new ManualClock()) {
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const peer = connect((server.address() as AddressInfo).port, "127.0.0.1");
  peer.setNoDelay(true);
  const [socket] = (await once(server, "connection")) as [Socket];
  t.after(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  const times = { begin: new SharedTicks(clock, { aheadMs: 6 }), end: new SharedTicks(clock, { aheadMs: 0, nearestMs: 1 }) };
  const pacing = new PacedReading(socket, times, allowedMs);
  const reads: Buffer[] = [];
  socket.on("data", (bytes) => {
    reads.push(bytes);
    pacing.hasRead(bytes.length);
  });
  const has = async (bytes: number) => {
    while (Buffer.concat(reads).length < bytes) await turn();
  };
  const send = (bytes: Buffer) => new Promise<void>((resolve) => void peer.write(bytes, () => resolve()));
  return { clock, peer, socket, reads, has, send };
}

/** Bytes that were sent over another connection have come: those that were sent before would have, too. */
async function othersCome(t: TestContext): Promise<void> {
  const { send, has } = await pair(t, () => 0);
  await send(Buffer.alloc(10));
  await has(10);
}

test("what comes between two rounds is read at once in the next one, in order", async (t) => {
  const { clock, reads, has, send } = await pair(t, () => 100);
  await send(Buffer.from("a"));
  await has(1);
  clock.advance(100);
  for (const letter of "bcdef") {
    await send(Buffer.from(letter));
    await othersCome(t);
  }
  assert.deepEqual(reads.map(String), ["a"]);
  clock.advance(93);
  await othersCome(t);
  assert.deepEqual(reads.map(String), ["a"]);
  clock.advance(1);
  await has(6);
  assert.deepEqual(reads.map(String), ["a", "bcdef"]);
});

test("what a publisher sends once it hears that its bytes were read is read in the same round", async (t) => {
  const { clock, reads, has, send } = await pair(t, () => 40);
  await send(Buffer.from("a"));
  await has(1);
  clock.advance(40);
  for (const [first, second] of ["bc", "de", "fg"]) {
    await send(Buffer.from(first!));
    clock.advance(34);
    await has(reads.join("").length + 1);
    await send(Buffer.from(second!));
    await has(reads.join("").length + 1);
    clock.advance(6);
  }
  await send(Buffer.from("h"));
  await othersCome(t);
  assert.deepEqual(reads.map(String), [..."abcdefg"]);
});

test("a stream whose viewers want a low delay is read as its bytes come", async (t) => {
  let allowed = 40;
  const { clock, reads, has, send } = await pair(t, () => allowed);
  await send(Buffer.from("a"));
  await has(1);
  allowed = 0;
  await send(Buffer.from("b"));
  clock.advance(40);
  for (let sent = 2; sent < 6; sent++) {
    await has(sent);
    await send(Buffer.from("c"));
  }
  await has(6);
  assert.ok(reads.length > 3, `${reads.length} reads`);
});

test("a publisher of more than fits into a receive buffer is read in shorter rounds, and nothing is lost", async (t) => {
  const { clock, reads, has, send } = await pair(t, () => 100);
  const all = Buffer.alloc(4_000_000, 7);
  void send(all);
  // It waits for a round only after a read that brought little; the clock ends these.
  while (Buffer.concat(reads).length < all.length) {
    clock.advance(10);
    await turn();
  }
  await has(all.length);
  assert.deepEqual(Buffer.concat(reads), all);
});

test("the end of a connection is noticed in the next round", async (t) => {
  const { clock, peer, socket, has, send } = await pair(t, () => 100);
  await send(Buffer.from("a"));
  await has(1);
  clock.advance(100);
  peer.destroy();
  await othersCome(t);
  assert.equal(socket.readableEnded, false);
  const closed = once(socket, "close");
  clock.advance(100);
  await closed;
});
