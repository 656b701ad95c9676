/** When TLS handshakes begin: networks one after the other, a few in each turn of the loop, and ends of those who send nothing or too much. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { HandshakeTurns } from "./handshake-turns.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** The shortest message that is whole: a record with the header of a message without content. */
const HELLO = Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0]);

/** A connection that has what a client sent to it. */
class FakeSocket extends EventEmitter {
  readonly remoteAddress: string;
  destroyed = false;
  private sent: Buffer[] = [];

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  receive(bytes: Buffer): void {
    this.sent.push(bytes);
    this.emit("readable");
  }

  read(): Buffer | null {
    const all = this.sent.length > 0 ? Buffer.concat(this.sent) : null;
    this.sent = [];
    return all;
  }

  unshift(bytes: Buffer): void {
    this.sent.unshift(bytes);
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

/** @param costMs what a handshake costs */
function turns(costMs: number, admitted = 10_000) {
  let clock = 0;
  let left = admitted;
  const begun: string[] = [];
  const begunSockets: unknown[] = [];
  const ended: [string, string][] = [];
  const handshakes = new HandshakeTurns({
    admits: () => --left >= 0,
    begin: (socket) => {
      clock += costMs;
      begun.push(socket.remoteAddress ?? "");
      begunSockets.push(socket);
    },
    onEnd: ({ remoteAddress = "" }, why) => ended.push([remoteAddress, why]),
    now: () => clock,
  });
  const from = (address: string, bytes: Buffer = HELLO): FakeSocket => {
    const socket = new FakeSocket(address);
    handshakes.take(socket as unknown as Socket);
    if (bytes.length > 0) socket.receive(bytes);
    return socket;
  };
  return { handshakes, begun, begunSockets, ended, from };
}

test("one who comes among a thousand of another network waits for one of theirs at most", async () => {
  const { handshakes, begun, from } = turns(1);
  for (let i = 0; i < 1000; i++) from("192.0.2.1");
  from("198.51.100.7");
  await turn();
  await turn();
  assert.ok(begun.indexOf("198.51.100.7") <= 1, `after ${begun.indexOf("198.51.100.7")}`);
  while (handshakes.waiting > 0) await turn();
  assert.equal(begun.length, 1001);
});

test("one who comes behind the address of a thousand waits for a few of them, and those before are in no hurry", async () => {
  const { handshakes, begunSockets, from } = turns(1);
  const sockets = Array.from({ length: 1000 }, () => from("192.0.2.1"));
  const last = from("192.0.2.1");
  while (handshakes.waiting > 0) await turn();
  assert.ok(begunSockets.indexOf(last) <= 1, `after ${begunSockets.indexOf(last)}`);
  assert.equal(begunSockets.length, 1001);
  // The end of the queue is in the order in which they came, as a queue that was never long.
  assert.deepEqual(begunSockets.slice(-64), sockets.slice(0, 64));
});

test("handshakes that cost a millisecond are two in a turn of the loop; a longer one is alone", async () => {
  for (const [costMs, most] of [
    [1, 2],
    [5, 1],
  ] as const) {
    const { begun, from, handshakes } = turns(costMs);
    for (let i = 0; i < 50; i++) from(`192.0.2.${i}`);
    let before = 0;
    while (handshakes.waiting > 0) {
      await turn();
      assert.ok(begun.length - before <= most, `${begun.length - before} in one turn`);
      before = begun.length;
    }
    assert.equal(begun.length, 50);
  }
});

test("the networks of one site of IPv6 take turns as one, addresses of IPv4 do not", async () => {
  const { begun, from, handshakes } = turns(5);
  for (let i = 0; i < 10; i++) from(`2001:db8:5:${i}::1`);
  from("2001:db8:6::1");
  for (const last of [1, 2]) from(`192.0.2.${last}`);
  while (handshakes.waiting > 0) await turn();
  assert.deepEqual(begun.slice(0, 4), ["2001:db8:5:0::1", "2001:db8:6::1", "192.0.2.1", "192.0.2.2"]);
});

test("a network that has begun too many is closed, and costs nothing", async () => {
  const { begun, ended, from } = turns(0, 2);
  for (let i = 0; i < 5; i++) from("192.0.2.1");
  await turn();
  await turn();
  assert.equal(begun.length, 2);
  assert.deepEqual(
    ended.map(([, why]) => why),
    ["refused", "refused", "refused"],
  );
});

test("a message in pieces has its turn when it is whole, with all that was sent", async () => {
  const { begun, from, handshakes } = turns(0);
  const socket = from("192.0.2.1", HELLO.subarray(0, 4));
  await turn();
  assert.deepEqual([begun.length, handshakes.waiting], [0, 0]);
  socket.receive(HELLO.subarray(4));
  // One turn for a connection that may wait behind this one.
  await turn();
  await turn();
  assert.deepEqual(begun, ["192.0.2.1"]);
  assert.deepEqual(socket.read(), HELLO);
  assert.equal(socket.listenerCount("readable") + socket.listenerCount("close"), 0);
});

test("connections that come come before handshakes, and not before all of them for ever: each turn of the loop accepts one", async () => {
  const { begun, from } = turns(1);
  let turnsOfLoop = 0;
  for (; turnsOfLoop < 10; turnsOfLoop++) {
    from("192.0.2.1");
    await turn();
  }
  assert.deepEqual(begun, []);
  for (; begun.length === 0; turnsOfLoop++) {
    from("192.0.2.1");
    await turn();
  }
  assert.ok(turnsOfLoop <= 17, `${turnsOfLoop} turns`);
  await turn();
  await turn();
  assert.ok(begun.length >= 3, "nobody comes, so they go on");
});

test("a client that says nothing is closed after ten seconds, one that speaks otherwise at once, one that leaves is forgotten", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { begun, ended, from } = turns(0);
  from("192.0.2.1", Buffer.alloc(0));
  from("192.0.2.2", Buffer.from("GET / HTTP/1.1\r\n\r\n"));
  assert.deepEqual(ended, [["192.0.2.2", "other"]]);
  t.mock.timers.tick(10_000);
  assert.deepEqual(ended.at(-1), ["192.0.2.1", "late"]);
  from("192.0.2.3").destroy();
  await turn();
  assert.deepEqual(begun, []);
});
