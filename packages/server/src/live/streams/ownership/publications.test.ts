import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { mediaOf } from "../synthetic-source.ts";
import { TestSource, type TestSourceOptions } from "../test-source.ts";
import { soleStreams } from "../test-streams.ts";

/** One process. */
function scene(t: TestContext) {
  const clock = new ManualClock();
  const streams = soleStreams(clock);
  t.after(() => streams.close("test"));
  const { publications } = streams;
  const open = async (options?: TestSourceOptions) => {
    const source = await TestSource.open(publications, options);
    assert.ok(!(source instanceof Refusal), source instanceof Refusal ? source.code : "");
    return source;
  };
  /** Time passes, in which standing by publishers poll. Sources that are given keep sending. */
  const pass = async (milliseconds: number, ...living: readonly TestSource[]) => {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      for (const { session } of living) session.heard(clock.monotonic());
      clock.advance(100);
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const stream = () => streams.local("live", "math");
  return { clock, publications, open, pass, stream };
}

test("a second main publisher is refused while the first one lives, before and after permission is asked", async (t) => {
  const { publications, open, pass } = scene(t);
  const first = await open();
  first.teach(1);
  const check = () => publications.check({ app: "live", name: "math", backup: false });
  assert.equal((await check())?.code, "publisher-present");
  const second = await TestSource.open(publications);
  assert.ok(second instanceof Refusal && second.code === "publisher-present");
  await pass(2000);
  assert.equal(await check(), null);
});

test("a silent publisher is superseded in the same epoch, and is told", async (t) => {
  const { open, pass, stream } = scene(t);
  const first = await open();
  first.teach(2);
  const { epoch } = stream()!;
  await pass(2000);
  const second = await open();
  second.teach(2, 500_000);
  assert.deepEqual([first.revoked, first.session.closed], [["superseded"], true]);
  assert.deepEqual([stream()?.epoch, stream()?.log.term], [epoch, 2]);
});

test("a publisher that takes over has the stream of a living one at once, in the same epoch; the other one may only stand by", async (t) => {
  const { publications, open, pass, stream } = scene(t);
  const first = await open();
  first.teach(2);
  const { epoch } = stream()!;
  assert.equal(await publications.check({ app: "live", name: "math", backup: false, takeOver: true }), null);
  const second = await open({ takeOver: true });
  second.teach(2, 500_000);
  assert.deepEqual([first.revoked, first.session.closed], [["superseded"], true]);
  assert.deepEqual([stream()?.epoch, stream()?.log.term], [epoch, 2]);
  const again = await TestSource.open(publications);
  assert.ok(again instanceof Refusal && again.code === "publisher-present");
  const backup = await open({ backup: true });
  backup.teach(1);
  await pass(400, second);
  assert.equal(stream()?.log.term, 2);
});

test("a backup stands by, and takes over at a key frame when the main publisher is silent", async (t) => {
  const { open, pass, stream } = scene(t);
  const main = await open();
  main.teach(2);
  const backup = await open({ backup: true });
  backup.teach(2.4, 70_000);
  await pass(400, main);
  assert.deepEqual([stream()?.publication?.isBackup, stream()?.log.term], [false, 1]);
  await pass(1000);
  assert.deepEqual([stream()?.publication?.isBackup, stream()?.log.term, main.revoked], [true, 2, ["superseded"]]);
  const ofBackup = mediaOf([...stream()!.log.segments.at(-1)!.entries], "video");
  assert.deepEqual([ofBackup[0]?.key, ofBackup.length], [true, 10], "the GOP that it was in");
});

test("a main publisher that comes back takes the stream from its backup when it is steady, and the backup stands by again", async (t) => {
  const { open, pass, stream } = scene(t);
  const backup = await open({ backup: true });
  backup.teach(1);
  await pass(300);
  assert.equal(stream()?.publication?.isBackup, true);
  const main = await open();
  for (let time = 0; time < 1500; time += 100) {
    main.teach(0.1, time);
    await pass(100, backup);
  }
  assert.equal(stream()?.publication?.isBackup, true, "it is not steady yet");
  for (let time = 1500; time < 3000; time += 100) {
    main.teach(0.1, time);
    await pass(100, backup);
  }
  assert.equal(stream()?.publication?.isBackup, false);
  assert.deepEqual([backup.revoked, backup.session.closed, main.revoked], [[], false, []]);
});

test("a publisher that comes back within the grace period continues the epoch; after it, the stream has ended", async (t) => {
  const { open, pass, stream } = scene(t);
  const first = await open();
  first.teach(2);
  const { epoch } = stream()!;
  first.session.close();
  await pass(10_000);
  const second = await open();
  second.teach(2, 900_000);
  assert.deepEqual([stream()?.epoch, stream()?.log.term, first.revoked], [epoch, 2, []]);
  second.session.close();
  await pass(16_000);
  assert.equal(stream(), null);
});

test("a stream that is ended revokes its publisher; a publisher that stands by is closed without a stream", async (t) => {
  const { open, pass, stream } = scene(t);
  const main = await open();
  main.teach(1);
  const backup = await open({ backup: true });
  backup.session.end("withdrawn");
  assert.deepEqual([backup.revoked, backup.session.closed], [["withdrawn"], true]);
  main.session.end("withdrawn");
  assert.deepEqual(main.revoked, ["withdrawn"]);
  await pass(300);
  assert.equal(stream(), null);
});
