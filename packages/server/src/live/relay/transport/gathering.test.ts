/** How long entries wait to be sent together, by the delay that the viewers of a follower want. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ManualClock } from "../../../platform/clock.ts";
import { SharedTicks } from "../../../platform/shared-ticks.ts";
import { encodeEntry, type Sink, type Stream, type WireFormat } from "../../streams/index.ts";
import { lesson } from "../../streams/synthetic-source.ts";
import { parsePing, pingBody } from "./message-bodies.ts";
import { frame, MESSAGE, MessageReader } from "./messages.ts";
import { Sender } from "./sender.ts";
import { SharedEncoding } from "./shared-encoding.ts";
import { follower, isLike, locationOf, machine, pair, push, until } from "./test-machine.ts";

/** A connection that notes each write, and the entries in it. */
class Line extends Duplex {
  readonly writes: Buffer[] = [];

  get entries(): number {
    let entries = 0;
    const reader = new MessageReader((type) => {
      if (type === MESSAGE.entry) entries++;
    });
    for (const bytes of this.writes) reader.push(bytes);
    return entries;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(bytes);
    done();
  }
}

/** A sender of a stream that has three seconds, all of which it has sent. */
async function sending(t: TestContext, mayWaitMs: number) {
  const { ready, publish, find } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 3);
  const stream = find("n/a") as Stream;
  const clock = new ManualClock();
  const line = new Line();
  const encoding = new SharedEncoding(stream.epoch, encodeEntry);
  const sender = new Sender({ socket: line, stream, encoding, mayWaitMs, rounds: new SharedTicks(clock), onSent: () => {} });
  void sender.run("oldest-head");
  t.after(() => line.destroy());
  const all = () => stream.log.head - stream.log.oldest;
  const settle = async () => {
    for (let i = 0; i < 20; i++) await turn();
  };
  while (line.entries < all()) {
    clock.advance(100);
    await turn();
  }
  clock.advance(200);
  await settle();
  const before = line.writes.length;
  /** Publishes frames one by one, each in a turn of its own. */
  const frames = async (count: number, from: number) => {
    for (const one of [...lesson(2, from)].slice(0, count)) {
      publication.push(one);
      await settle();
    }
  };
  return { sender, clock, stream, line, frames, settle, writes: () => line.writes.length - before };
}

test("a stream with a follower that is behind is sent without a wait, whatever its viewers want", async (t) => {
  const { ready, publish, find } = machine(t, ["n/a"]);
  await ready;
  push(await publish("n/a"), 20);
  const stream = find("n/a") as Stream;
  const line = new Line();
  const encoding = new SharedEncoding(stream.epoch, encodeEntry);
  const options = { socket: line, stream, encoding, mayWaitMs: 100, onSent: () => {} };
  // The clock never moves.
  void new Sender({ ...options, rounds: new SharedTicks(new ManualClock()) }).run("oldest-head");
  t.after(() => line.destroy());
  // The context of the first head is sent before it.
  await until(() => line.entries >= stream.log.head - stream.log.oldest + 4);
});

test("entries for a follower whose viewers have time go together; the first after a pause goes at once", async (t) => {
  const { clock, line, frames, settle, writes, stream } = await sending(t, 40);
  const first = line.entries;
  await frames(1, 3000);
  assert.equal(writes(), 1);
  await frames(9, 3040);
  assert.equal(writes(), 1, "nothing more while it gathers");
  clock.advance(30);
  await settle();
  assert.equal(writes(), 2);
  assert.ok(line.entries - first >= 10);
  await frames(3, 3180);
  clock.advance(30);
  await settle();
  assert.equal(writes(), 3);
  stream.end("over");
  await settle();
  assert.ok(line.writableEnded, "the end of the stream does not wait");
});

test("a follower with a viewer of low delay gets each entry at once, from the moment at which it says so", async (t) => {
  const { sender, clock, frames, settle, writes } = await sending(t, 100);
  await frames(1, 3000);
  await frames(5, 3040);
  assert.equal(writes(), 1);
  sender.mayWait(0);
  await settle();
  assert.equal(writes(), 2);
  await frames(5, 3400);
  assert.equal(writes(), 7);
  sender.mayWait(100);
  await frames(1, 3700);
  await frames(4, 3800);
  assert.equal(writes(), 8);
  clock.advance(75);
  await settle();
  assert.equal(writes(), 9);
});

const format: WireFormat = {
  id: "test",
  video: true,
  audio: true,
  initBytes: () => new Uint8Array(1),
  configurations: () => new Uint8Array(1),
  write: (entry, reserve) => {
    if (entry.kind === "media") reserve(entry.payload.length).set(entry.payload);
  },
};
const sink: Sink = { wrap: null, pending: 0, write: () => {}, writeAll: () => {}, end: () => {}, connection: () => null };

const watch = (stream: Stream, batchMs: number) => stream.watch(format, sink, { protocol: "flv", batchMs });

test("the writer knows which delay the viewers of a copy want, also behind a copy of the copy", async (t) => {
  const { a, b, clock, path } = await pair(t, 3);
  assert.equal(a.mayWaitMs, 100);
  const dial = () => connect(path("n/b"));
  const { streams } = follower(t, dial, clock, () => locationOf(b, ["n/b"]), 1);
  const z = streams.find("live", "math")!;
  await until(() => isLike(z, a));
  assert.deepEqual([a.mayWaitMs, b.mayWaitMs, z.mayWaitMs], [100, 100, 100]);
  const usual = watch(z, 200);
  await until(() => a.mayWaitMs === 40);
  const low = watch(z, 40);
  await until(() => a.mayWaitMs === 0);
  assert.equal(b.mayWaitMs, 0);
  // A longer wait is told by the next pings of both that are due once the last are answered.
  z.leave(low);
  await until(() => {
    clock.advance(50);
    return a.mayWaitMs === 40;
  });
  assert.equal(b.mayWaitMs, 40);
  z.leave(usual);
  streams.close("over");
  await until(() => b.mayWaitMs === 100);
});

test("a follower that does not say what its viewers want gets everything at once", async (t) => {
  const { a, publication, path } = await pair(t, 3);
  const socket = connect(path("n/a"));
  t.after(() => socket.destroy());
  let entries = 0;
  let pongs = 0;
  const reader = new MessageReader((type) => {
    if (type === MESSAGE.entry) entries++;
    if (type === MESSAGE.pong) pongs++;
  });
  socket.on("data", (bytes: Buffer) => reader.push(bytes));
  const { app, name, epoch } = a;
  socket.write(frame(MESSAGE.follow, Buffer.from(JSON.stringify({ version: 2, app, name, epoch, after: null }))));
  await until(() => entries >= a.log.head - a.log.oldest + 4);
  assert.equal(a.mayWaitMs, 0);
  socket.write(frame(MESSAGE.ping, new Uint8Array(0)));
  await until(() => pongs === 1);
  assert.equal(a.mayWaitMs, 0);
  const before = entries;
  push(publication, 1, 3000);
  await until(() => entries - before >= a.log.head - a.log.oldest - before + 4);
  socket.destroy();
  await until(() => a.mayWaitMs === 100);
});

test("a follower says for how long at most its entries may wait, and nonsense means not at all", () => {
  assert.deepEqual(parsePing(pingBody({ mayWaitMs: 40, wantsKeyFrame: true })), { mayWaitMs: 40, wantsKeyFrame: true });
  assert.equal(parsePing(pingBody({ mayWaitMs: 1e9, wantsKeyFrame: false })).mayWaitMs, 200);
  for (const body of ["", "{}", "[]", "nonsense", '{"waits":"40"}', '{"waits":-1}', '{"waits":null}'])
    assert.deepEqual(parsePing(Buffer.from(body)), { mayWaitMs: 0, wantsKeyFrame: false }, body);
});
