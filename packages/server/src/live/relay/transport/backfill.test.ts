/** A copy that somebody waits for: a picture first, and what was before it afterwards. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Stream } from "../../streams/index.ts";
import {
  follower,
  isLike,
  locationOf,
  machine,
  pair,
  plain,
  publishRequest,
  push,
  records,
  SlowLine,
  until,
} from "./test-machine.ts";

/** A lesson of 15 seconds at one process, and a copy that begins at another, over a line that carries what it is told to. */
async function scene(t: TestContext) {
  const { ready, publish, find, clock, of } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 15);
  const a = find("n/a")!;
  const lines: SlowLine[] = [];
  const line = { give: (bytes: number) => lines.at(-1)?.give(bytes) };
  const dial = () => {
    const connection = new SlowLine(of("n/a").peer);
    lines.push(connection);
    return connection;
  };
  const { streams } = follower(
    t,
    dial,
    clock,
    () => locationOf(a, ["n/a"]),
    1,
    async (app, name) => {
      const from = streams.local(app, name)?.log.head === a.log.head ? null : { peer: "n/a", head: a.log.newest! };
      const ours = { ...locationOf(a, []), term: 2, writer: "z/media-1" };
      // Each process is told that it has the stream, which may come before the answer.
      streams.relocated(app, name, ours);
      return { ...ours, from, acknowledged: false };
    },
  );
  /** Until what is live is here. */
  const carryLive = async (z: Stream) => {
    while (z.log.head < a.log.head) {
      line.give(500);
      await settle();
    }
  };
  return { publication, clock, line, a, streams, carryLive };
}

/** The scene, where somebody watches at the other process. */
async function watched(t: TestContext) {
  const { streams, carryLive, ...all } = await scene(t);
  const z = streams.find("live", "math")!;
  t.after(z.use());
  return { ...all, z, carryLive: () => carryLive(z) };
}

/** Some turns of the event loop, in which everything happens that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("a copy begins with the newest GOP; older segments come after it, the newest first, and never before what is live", async (t) => {
  const { publication, line, a, z, carryLive } = await watched(t);
  const newest = a.log.segments.at(-1)!.head.sequence;
  await carryLive();
  assert.deepEqual([z.log.oldest, z.backfill.missing], [newest, true]);
  const begins: number[] = [];
  for (let i = 0; z.backfill.missing; i++) {
    line.give(500);
    await settle();
    if (i === 20) {
      push(publication, 1, 15_000);
      for (let gives = 0; z.log.head < a.log.head; gives++) {
        assert.ok(gives < 40, "what is live waits for what was");
        line.give(500);
        await settle();
      }
    }
    if (begins.at(-1) !== z.log.oldest) begins.push(z.log.oldest);
    // The sender looks again after a moment whether there is room.
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
  }
  assert.deepEqual(
    begins,
    a.log.segments
      .map(({ head }) => head.sequence)
      .filter((sequence) => sequence <= newest)
      .reverse(),
  );
  line.give(1 << 20);
  await until(() => isLike(z, a));
  assert.deepEqual(plain(records(z)), plain(records(a)));
  assert.deepEqual(
    z.log.segments.map(({ context }) => plain([context.video!, context.audio!, context.term!])),
    a.log.segments.map(({ context }) => plain([context.video!, context.audio!, context.term!])),
  );
});

test("when the path that brings the past ends, the next one goes on where it was", async (t) => {
  const { a, clock, of } = await pair(t, 15);
  const lines: SlowLine[] = [];
  const dial = (peer: string) => {
    const line = new SlowLine(of(peer).peer);
    lines.push(line);
    return line;
  };
  const { streams } = follower(t, dial, clock, () => locationOf(a, ["n/a", "n/b"]), 1);
  const z = streams.find("live", "math")!;
  t.after(z.use());
  while (z.log.segments.length < 3) {
    lines[0]!.give(2000);
    await settle();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const had = z.log.oldest;
  lines[0]!.destroy();
  await until(() => {
    if (!lines[1]) clock.advance(100);
    lines[1]?.give(1 << 20);
    return isLike(z, a);
  });
  assert.ok(had > a.log.oldest);
  assert.deepEqual(plain(records(z)), plain(records(a)));
});

test("what does not come in time is not waited for, and what comes then is no part of it", async (t) => {
  const { clock, line, z, carryLive } = await watched(t);
  let told = 0;
  z.backfill.whenThere(() => told++);
  await carryLive();
  assert.equal(told, 0);
  clock.advance(5000);
  assert.equal(told, 1);
  const { oldest } = z.log;
  line.give(1 << 20);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(z.log.oldest, oldest);
  z.backfill.whenThere(() => told++);
  assert.equal(told, 2);
});

test("a publisher that comes to a copy whose past is still in flight: nothing of the past is missing there", async (t) => {
  const { b, begin, kill, find, publish } = await pair(t, 15);
  await begin("n/c");
  kill("n/a");
  const c = find("n/c")!;
  assert.ok(c.backfill.missing);
  push(await publish("n/c"), 1, 15_000);
  await until(() => isLike(b, c));
  assert.deepEqual(plain(records(c)), plain(records(b)));
});

test("nor where the copy has all that is newest", async (t) => {
  const { a, line, streams, carryLive } = await scene(t);
  const z = streams.find("live", "math")!;
  await carryLive(z);
  assert.ok(z.backfill.missing);
  const publishing = streams.publications.open(publishRequest());
  await until(() => {
    line.give(1 << 20);
    return z.writing;
  });
  await publishing;
  assert.equal(z.log.oldest, a.log.oldest);
});

test("a publisher goes on when the newest is there, and does not wait long for what was before", async (t) => {
  const { a, clock, streams, carryLive } = await scene(t);
  const publishing = streams.publications.open(publishRequest());
  await settle();
  const z = streams.local("live", "math")!;
  await carryLive(z);
  await settle();
  assert.equal(z.writing, false);
  clock.advance(500);
  await publishing;
  assert.deepEqual([z.writing, z.backfill.missing, z.log.oldest], [true, false, a.log.segments.at(-1)!.head.sequence]);
});
