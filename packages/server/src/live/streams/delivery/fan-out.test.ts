import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../synthetic-source.ts";
import { FanOut, type FanOutObserver } from "./fan-out.ts";
import { Output } from "./output.ts";
import { type Sink, Viewer } from "./viewer.ts";
import type { WireFormat } from "./wire-format.ts";

const PAYLOADS: WireFormat = {
  id: "payloads",
  video: true,
  audio: true,
  initBytes: () => Buffer.from("init"),
  configurations: () => Buffer.from("changed"),
  write: (entry, reserve) => {
    if (entry.kind === "media") reserve(entry.payload.length).set(entry.payload);
  },
};

/** A sink whose kernel can be made to take nothing. */
class FakeSink implements Sink {
  readonly got: Uint8Array[] = [];
  readonly wrap: Sink["wrap"];
  pending = 0;
  blocked = false;
  ended: string | null = null;

  constructor(wrap: Sink["wrap"] = null) {
    this.wrap = wrap;
  }
  write(bytes: Uint8Array): void {
    this.got.push(bytes);
    if (this.blocked) this.pending += bytes.length;
  }
  writeAll(pieces: readonly Uint8Array[]): void {
    this.write(Buffer.concat(pieces));
  }
  end(reason: string): void {
    this.ended = reason;
  }
  connection(): null {
    return null;
  }
  bytes(): Buffer {
    return Buffer.concat(this.got);
  }
}

function setUp(t: TestContext, limits = { milliseconds: 5000, bytes: 8 << 20 }) {
  // The fan-out asks for the time itself and sets its own timer; both are the test's here.
  let now = 10_002;
  t.mock.method(performance, "now", () => now);
  t.mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  const seen = { sent: 0, skipped: 0, evicted: [] as string[] };
  const observer: FanOutObserver = {
    sent: (_protocol, bytes) => (seen.sent += bytes),
    skipped: () => seen.skipped++,
    evicted: (_protocol, reason) => seen.evicted.push(reason),
    late: () => {},
  };
  const { ingest, log } = ingestOf();
  const frames = lesson(3600);
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  const fanOut = new FanOut({ evictAfterMs: 15_000 }, observer);
  const push = (milliseconds: number) => {
    for (let frame = frames.next(); !frame.done; frame = frames.next()) {
      ingest.push(frame.value);
      if (frame.value.track === "video" && (milliseconds -= 40) <= 0) return;
    }
  };
  /** Lets time pass with the stream going on. */
  const pass = (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 40) {
      push(40);
      now += 40;
      t.mock.timers.tick(40);
    }
  };
  push(1000);
  const output = new Output(log, PAYLOADS, limits);
  const join = (sink = new FakeSink(), batchMs = 200) => {
    const viewer = new Viewer(output, sink, { protocol: sink.wrap ? "ws" : "flv", batchMs });
    fanOut.add(viewer);
    return { viewer, sink, from: output.join!.position };
  };
  const expected = (from: number, to: number) => Buffer.concat([Buffer.from("init"), output.slice(from, to)]);
  return { fanOut, output, ingest, seen, pass, join, expected };
}

test("a joiner gets everything from the key frame on in its first write, without waiting for a batch", (t) => {
  const { output, join, expected } = setUp(t);
  const { sink, from } = join();
  assert.equal(sink.got.length, 1);
  assert.deepEqual(sink.bytes(), expected(from, output.head));
});

test("each viewer gets every byte once, in one write per batch, whenever it joined", (t) => {
  const { fanOut, output, pass, join, expected } = setUp(t);
  const early = join();
  pass(360);
  const late = join();
  const low = join(new FakeSink(), 40);
  pass(2000);
  const writes = early.sink.got.length;
  assert.ok(writes >= 11 && writes <= 14, `${writes} writes in 2.4 s`);
  assert.ok(low.sink.got.length >= 50, `${low.sink.got.length} writes at low delay`);
  fanOut.flush(output);
  for (const { sink, from } of [early, late, low]) assert.deepEqual(sink.bytes(), expected(from, output.head));
});

test("a thousand synced viewers share their bytes, spread over the interval", (t) => {
  const { pass, join } = setUp(t);
  const viewers = Array.from({ length: 1000 }, () => join());
  pass(400);
  const last = viewers.map(({ sink }) => sink.got.at(-1));
  const views = new Set(last);
  assert.ok(views.size <= 5, `${views.size} different views`);
  const moments = new Set(viewers.map(({ sink }) => sink.got.length));
  assert.ok(moments.size <= 2);
});

test("viewers that leave while others are served disturb nobody", (t) => {
  const { fanOut, output, pass, join, expected } = setUp(t);
  const viewers = Array.from({ length: 100 }, () => join());
  pass(400);
  const leaver = viewers[50]!;
  const original = viewers[70]!.sink.write.bind(viewers[70]!.sink);
  viewers[70]!.sink.write = (bytes) => {
    original(bytes);
    for (const { viewer } of [viewers[10]!, leaver, viewers[99]!, viewers[70]!]) fanOut.remove(viewer);
  };
  pass(1000);
  fanOut.flush(output);
  viewers.forEach(({ sink, from }, i) => {
    if (![10, 50, 70, 99].includes(i)) assert.deepEqual(sink.bytes(), expected(from, output.head), `viewer ${i}`);
  });
  assert.equal(fanOut.size, 96);
});

test("a wrapped protocol gets each write in its own wrapping, made once for all", (t) => {
  const { pass, join } = setUp(t);
  const wrap = (bytes: Uint8Array) => Buffer.concat([Buffer.from("("), bytes, Buffer.from(")")]);
  const a = join(new FakeSink(wrap));
  const b = join(new FakeSink(wrap));
  pass(400);
  assert.ok(a.sink.got.every((bytes) => bytes[0] === 0x28 && bytes.at(-1) === 0x29));
  assert.equal(a.sink.got.at(-1), b.sink.got.at(-1));
});

test("a viewer that cannot take a write gets nothing more until it can, and then what it missed, without a hole", (t) => {
  const { fanOut, output, pass, join, expected } = setUp(t);
  const { viewer, sink, from } = join();
  pass(400);
  sink.blocked = true;
  pass(2000);
  const stuck = sink.got.length;
  pass(1000);
  assert.equal(sink.got.length, stuck);
  sink.blocked = false;
  sink.pending = 0;
  fanOut.resume(viewer);
  assert.equal(sink.got.length, stuck + 1, "it need not wait for its moment");
  pass(400);
  fanOut.flush(output);
  assert.deepEqual(sink.bytes(), expected(from, output.head));
});

test("a viewer that is too far behind is moved to a key frame, at a message's end", (t) => {
  const { fanOut, output, seen, pass, join } = setUp(t);
  const { viewer, sink } = join();
  pass(400);
  sink.blocked = true;
  pass(9000);
  sink.blocked = false;
  sink.pending = 0;
  fanOut.resume(viewer);
  assert.equal(seen.skipped, 1);
  const resumed = sink.got.at(-1)!;
  assert.deepEqual(Buffer.from(resumed), output.slice(output.join!.position, output.join!.position + resumed.length));
});

test("a viewer that is moved past a change of codec is told of it first", (t) => {
  const { fanOut, output, ingest, pass, join } = setUp(t);
  const { viewer, sink } = join();
  pass(400);
  sink.blocked = true;
  pass(400);
  ingest.push(avcConfiguration(1));
  pass(9000);
  sink.blocked = false;
  sink.pending = 0;
  fanOut.resume(viewer);
  const resumed = Buffer.from(sink.got.at(-1)!);
  assert.equal(resumed.subarray(0, 7).toString(), "changed");
  assert.deepEqual(resumed.subarray(7), output.slice(output.join!.position, output.join!.position + resumed.length - 7));
});

test("a viewer that takes nothing at all is closed, and its queue never grows", (t) => {
  const { fanOut, seen, pass, join } = setUp(t);
  const { sink } = join();
  const other = join();
  sink.blocked = true;
  pass(400);
  const held = sink.pending;
  pass(14_000);
  assert.equal(sink.ended, null);
  assert.equal(sink.pending, held);
  pass(2000);
  assert.equal(sink.ended, "too-slow");
  assert.deepEqual(seen.evicted, ["too-slow"]);
  assert.equal(fanOut.size, 1);
  assert.ok(other.sink.got.length > 70);
});

test("a viewer for whom the kernel holds too much is not given more", (t) => {
  const { fanOut, output, pass, join, expected } = setUp(t);
  const { viewer, sink, from } = join();
  pass(400);
  fanOut.hold(viewer, 5_000_000);
  const before = sink.got.length;
  pass(1000);
  assert.equal(sink.got.length, before);
  fanOut.hold(viewer, 0);
  pass(400);
  fanOut.flush(output);
  assert.deepEqual(sink.bytes(), expected(from, output.head));
});

/** An event loop in which each write takes time, so that there may be more work than time. */
function starvedLoop(t: TestContext, writeMs: number) {
  const loop = { now: 10_000, nextTick: Number.POSITIVE_INFINITY, tick: () => {}, immediates: [] as (() => void)[] };
  t.mock.method(performance, "now", () => loop.now);
  t.mock.method(globalThis, "setImmediate", (call: () => void) => loop.immediates.push(call));
  t.mock.method(globalThis, "setTimeout", (call: () => void, ms: number) => {
    loop.tick = call;
    loop.nextTick = loop.now + ms;
    return 0;
  });
  const run = (ms: number, publish: (ms: number) => void) => {
    const until = loop.now + ms;
    let published = loop.now;
    while (loop.now < until) {
      publish(Math.floor(loop.now) - published);
      published = Math.floor(loop.now);
      for (const call of loop.immediates.splice(0)) call();
      if (loop.now >= loop.nextTick) {
        loop.tick();
      } else if (loop.immediates.length === 0) loop.now = loop.nextTick;
    }
  };
  class SlowSink extends FakeSink {
    taken = 0;
    override write(bytes: Uint8Array): void {
      this.taken += bytes.length;
      loop.now += writeMs;
    }
  }
  return { run, sink: () => new SlowSink() };
}

for (const writeMs of [0.1, 10, 40])
  test(`where a write takes ${writeMs} ms, the viewers of 25 streams get as much as one another, those who join late too`, (t) => {
    const { run, sink } = starvedLoop(t, writeMs);
    const observer: FanOutObserver = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
    const fanOut = new FanOut({ evictAfterMs: 15_000 }, observer);
    const streams = Array.from({ length: 25 }, () => {
      const { ingest, log } = ingestOf();
      const frames = lesson(3600);
      pushAll(ingest, [avcConfiguration(), aacConfiguration]);
      return { ingest, frames, output: new Output(log, PAYLOADS, { milliseconds: 5000, bytes: 8 << 20 }), left: 0 };
    });
    const publish = (ms: number) => {
      for (const stream of streams) {
        for (stream.left += ms; stream.left >= 40; ) {
          const frame = stream.frames.next();
          if (frame.done) return;
          stream.ingest.push(frame.value);
          if (frame.value.track === "video") stream.left -= 40;
        }
      }
    };
    /** Two viewers each. */
    const join = (of: typeof streams) =>
      [...of, ...of].map(({ output }) => {
        const own = sink();
        fanOut.add(new Viewer(output, own, { protocol: "flv", batchMs: 200 }));
        return own;
      });
    publish(3000);
    const sinks = join(streams.slice(0, 22));
    run(10_000, publish);
    sinks.push(...join(streams.slice(22)));
    const before = sinks.map(({ taken }) => taken);
    run(8000, publish);
    const got = sinks.map(({ taken }, i) => taken - before[i]!).sort((a, b) => a - b);
    const median = got[25]!;
    assert.ok(median > 10_000, `${median} bytes`);
    assert.ok(got[0]! >= median * 0.6 && got.at(-1)! <= median * 1.6, `from ${got[0]} to ${got.at(-1)} bytes, median ${median}`);
  });
