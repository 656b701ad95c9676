/** Text becomes a list of addresses, in a thread. Runs alone: it measures how long many entries hold the loop. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { test } from "node:test";
import { eventLoopDelay, leastEventLoopDelay, TESTED_HOLD_MS, threadCpuMs } from "../../platform/test-event-loop-delay.ts";
import { AddressRanges } from "./address-ranges.ts";
import { compileAddresses } from "./compile-addresses.ts";
import { listedAddresses, listFile, strangers } from "./test-address-list.ts";

/** `script/bench access` has a million. */
const LONG_LIST_ENTRIES = 100_000;

async function* textOf(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

/** Threads and their ports keep the process alive as long as they run. */
const threads = (): number => process.getActiveResourcesInfo().filter((name) => /worker|messageport/i.test(name)).length;

test("text becomes a list, with the mistakes in it", async () => {
  const before = threads();
  const compiled = await compileAddresses(textOf("10.0.0.0/8\r\n10.0.", "0.1\nnobody\n2001:db8::/32 # x\n", "10.0.0.999"));
  assert.ok(compiled !== "too-many-entries");
  const { bytes, ...rest } = compiled;
  const mistakes = [
    { line: 3, text: "nobody" },
    { line: 5, text: "10.0.0.999" },
  ];
  assert.deepEqual(rest, { entries: 3, ranges: 2, mistakes, mistakeCount: 2 });
  const ranges = await AddressRanges.read(bytes);
  assert.deepEqual([ranges.entries, ranges.ranges, ranges.has("10.9.9.9"), ranges.has("11.0.0.0")], [3, 2, true, false]);
  assert.equal(threads(), before, "the thread has ended");
});

test("a stream and an empty text are compiled too", async () => {
  const compiled = await compileAddresses(Readable.from([Buffer.from("::1"), Buffer.from("\n::2")]));
  assert.ok(compiled !== "too-many-entries");
  assert.deepEqual([compiled.entries, compiled.ranges], [2, 1]);
  const empty = await compileAddresses(textOf());
  assert.ok(empty !== "too-many-entries");
  assert.deepEqual([empty.entries, empty.ranges, empty.mistakeCount], [0, 0, 0]);
});

test("of many mistakes, the first twenty are told, and all are counted", async () => {
  const compiled = await compileAddresses(textOf("x\n".repeat(5000)));
  assert.ok(compiled !== "too-many-entries");
  assert.equal(compiled.mistakeCount, 5000);
  assert.deepEqual(
    compiled.mistakes.map(({ line }) => line),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

test("more entries than allowed are refused, and the rest of the source is not read", async () => {
  let isClosed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from("10.0.0.1\n");
    } finally {
      isClosed = true;
    }
  }
  assert.equal(await compileAddresses(endless(), { maxEntries: 50 }), "too-many-entries");
  assert.ok(isClosed);
  const whole = await compileAddresses(textOf("10.0.0.1\n".repeat(50)), { maxEntries: 50 });
  assert.ok(whole !== "too-many-entries");
  assert.equal(whole.entries, 50);
  assert.equal(await compileAddresses(textOf("10.0.0.1\n".repeat(51)), { maxEntries: 50 }), "too-many-entries");
});

test("a signal ends the compilation and its thread, also while the source says nothing", async () => {
  const before = threads();
  const reason = new Error("enough");
  const abort = new AbortController();
  const reading = Promise.withResolvers<void>();
  const more = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  async function* silent(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from("10.0.0.1\n");
      reading.resolve();
      await more.promise;
      for (;;) yield Buffer.from("10.0.0.2\n");
    } finally {
      closed.resolve();
    }
  }
  const compiling = compileAddresses(silent(), { signal: abort.signal });
  await reading.promise;
  abort.abort(reason);
  await assert.rejects(compiling, reason);
  assert.equal(threads(), before);
  more.resolve();
  await closed.promise;
  await assert.rejects(compileAddresses(textOf("::1"), { signal: abort.signal }), reason);
});

test("what the source throws is thrown, and the thread ends", async () => {
  const before = threads();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("10.0.0.1\n");
    throw new Error("the upload has ended early");
  }
  await assert.rejects(compileAddresses(broken()), /ended early/);
  assert.equal(threads(), before);
});

test("a text of one endless line does not fill the memory of the thread", async () => {
  async function* line(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 1024; i++) yield Buffer.alloc(64 * 1024, "x");
  }
  const compiled = await compileAddresses(line());
  assert.ok(compiled !== "too-many-entries");
  assert.deepEqual([compiled.entries, compiled.mistakeCount], [0, 1]);
});

test("the measure of the loop sees what holds it", async () => {
  const { longestMs } = await eventLoopDelay(async () => {
    for (const end = threadCpuMs() + 30; threadCpuMs() < end; );
  });
  assert.ok(longestMs > 10, `${longestMs} ms`);
});

test("a hundred thousand entries compile without holding the loop, in one piece as well", { timeout: 300_000 }, async () => {
  const pieces = await Array.fromAsync(listFile(listedAddresses(LONG_LIST_ENTRIES)));
  // As much as copying it at once would hold the loop on any machine.
  const whole = Buffer.concat([Buffer.alloc(128 * 1024 * 1024, "#"), Buffer.from("\n"), ...pieces]);
  for (const given of [pieces, [whole]]) {
    const longest = await leastEventLoopDelay(async () => {
      const compiled = await compileAddresses(Readable.from(given));
      assert.ok(compiled !== "too-many-entries");
      assert.deepEqual([compiled.entries, compiled.mistakeCount], [LONG_LIST_ENTRIES, 0]);
    });
    assert.ok(longest < TESTED_HOLD_MS, `${longest} ms of CPU between two turns of the loop`);
  }
});

test("a hundred thousand entries are all found, and no others", { timeout: 300_000 }, async () => {
  const compiled = await compileAddresses(listFile(listedAddresses(LONG_LIST_ENTRIES)));
  assert.ok(compiled !== "too-many-entries");
  const ranges = await AddressRanges.read(compiled.bytes);
  assert.equal(ranges.entries, LONG_LIST_ENTRIES);
  for (const { inside } of listedAddresses(LONG_LIST_ENTRIES)) if (!ranges.has(inside)) assert.fail(inside);
  for (const stranger of strangers(10_000)) if (ranges.has(stranger)) assert.fail(stranger);
});
