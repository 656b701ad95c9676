/** Two paths that are both too slow for a stream. Each gets a number of bytes at a time, so that what they carry does not hang on the machine. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { encodeEntry } from "../../streams/index.ts";
import { stripeOf } from "./message-bodies.ts";
import { follower, isLike, locationOf, pair, plain, push, records, SlowLine, until } from "./test-machine.ts";

const STEP_MS = 500;
/** Of what one step of the stream needs. */
const ROOM = { "n/a": 0.7, "n/b": 0.7 };

/** Connections to one peer, all over one line. */
class Line {
  private readonly shared = { room: 0 };
  private readonly all: SlowLine[] = [];

  open(peer: ConstructorParameters<typeof SlowLine>[0]): SlowLine {
    const line = new SlowLine(peer, this.shared);
    this.all.unshift(line);
    return line;
  }

  /** The newest carry first, which have less to carry. */
  give(bytes: number): void {
    this.shared.room += bytes;
    for (const line of this.all) line.give(0);
  }

  stop(): void {
    this.shared.room = 0;
  }

  /** The first connection, whatever others there are. */
  stallFirst(): void {
    this.all.at(-1)?.stall();
  }
}

async function scene(t: TestContext, room: Readonly<Record<string, number>> = ROOM) {
  const { a, b, publication, clock, of } = await pair(t, 3);
  const lines = new Map<string, Line>();
  const dial = (peer: string) => {
    const line = lines.get(peer) ?? new Line();
    lines.set(peer, line);
    return line.open(of(peer).peer);
  };
  const { streams, upstreams } = follower(t, dial, clock, () => locationOf(a, ["n/a", "n/b"]), 2);
  const z = streams.find("live", "math")!;
  // Entries that may wait would do so on the machine's clock, in which the manual one goes on by minutes.
  for (const copy of [b, z]) t.after(copy.addCopy(0).close);
  for (const line of lines.values()) line.give(1 << 20);
  await until(() => isLike(z, a));
  for (const line of lines.values()) line.stop();
  const bytes = records(a).reduce((sum, record) => sum + 5 + encodeEntry(a.epoch, record).length, 0);
  const perStep = (bytes / 3000) * STEP_MS;
  let time = 3000;
  /** 500 ms, in which the stream goes on, and the lines carry less of it than it needs. */
  const step = async (pushes = true) => {
    if (pushes) push(publication, STEP_MS / 1000, time);
    time += STEP_MS;
    await until(() => isLike(b, a));
    for (let part = 0; part < 5; part++) {
      for (const [peer, line] of lines) line.give(Math.round((perStep * (room[peer] ?? 0)) / 5));
      clock.advance(STEP_MS / 5);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { a, z, step, lines, upstreams, of, clock };
}

test("two paths that are both too slow for a copy of the stream bring one half each, and keep up", async (t) => {
  const { a, z, step, upstreams } = await scene(t);
  const behind: number[] = [];
  for (let i = 0; i < 80; i++) {
    await step();
    behind.push(a.log.head - z.log.head);
  }
  // 40 s, in which either path alone would have fallen 12 s behind: 900 records.
  assert.ok(Math.max(...behind) < 250, `${behind.join(" ")}`);
  for (let i = 0; i < 10; i++) await step(false);
  assert.deepEqual(plain(records(z)).slice(-300), plain(records(a)).slice(-300));
  const [one, other] = upstreams.list();
  assert.ok(one && other && Math.min(one.first, other.first) > 500, JSON.stringify(upstreams.list()));
});

test("of two paths that are both too slow the faster one brings more", async (t) => {
  const { a, z, step, upstreams } = await scene(t, { "n/a": 0.35, "n/b": 0.85 });
  const behind: number[] = [];
  for (let i = 0; i < 80; i++) {
    await step();
    behind.push(a.log.head - z.log.head);
  }
  assert.ok(Math.max(...behind) < 400, `${behind.join(" ")}`);
  // A path that is tried again stands last in the list.
  const paths = new Map(upstreams.list().map((path) => [path.peer, path.first]));
  assert.ok((paths.get("n/b") ?? 0) > (paths.get("n/a") ?? 0) * 2, JSON.stringify(upstreams.list()));
  for (let i = 0; i < 10; i++) await step(false);
  assert.deepEqual(plain(records(z)).slice(-300), plain(records(a)).slice(-300));
});

test("when one of two paths that bring one half each stands still, or ends, the other brings what is missing", async (t) => {
  for (const ends of [false, true]) {
    const { a, z, step, lines, of, clock } = await scene(t);
    for (let i = 0; i < 20; i++) await step();
    if (ends) of("n/b").peer.close();
    lines.get("n/b")?.stop();
    lines.delete("n/b");
    const before = z.log.head;
    for (let i = 0; i < 4; i++) await step();
    assert.ok(z.log.head > before, "it goes on");
    await until(() => {
      lines.get("n/a")?.give(1 << 20);
      clock.advance(50);
      return isLike(z, a);
    });
    assert.deepEqual(plain(records(z)).slice(-300), plain(records(a)).slice(-300));
  }
});

test("what a path lacks that stands still comes beside it, over the same line", async (t) => {
  // The other line has no room for more than its own half.
  const { a, z, step, lines } = await scene(t, { "n/a": 0.55, "n/b": 0.7 });
  for (let i = 0; i < 20; i++) await step();
  lines.get("n/b")?.stallFirst();
  const before = z.log.head;
  const behind: number[] = [];
  for (let i = 0; i < 10; i++) {
    await step();
    behind.push(a.log.head - z.log.head);
  }
  assert.ok(Math.max(...behind) < 120, `${behind.join(" ")}`);
  assert.ok(z.log.head - before > 300, `${z.log.head - before}`);
});

test("either half has about as many records, of sound and of pictures", () => {
  for (const period of [1, 2, 3, 4, 5, 7]) {
    const ones = Array.from({ length: 1000 }, (_, i) => stripeOf(1000 + i * period)).filter((half) => half === 1).length;
    assert.ok(ones > 400 && ones < 600, `every ${period}: ${ones} of 1000`);
  }
});
