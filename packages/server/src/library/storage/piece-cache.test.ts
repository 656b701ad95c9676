/** Whatever range is read, it is what the storage has; and each piece is fetched once. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { PieceCache, StorageUnreachable } from "./piece-cache.ts";

const MEGABYTE = 1024 * 1024;

function setUp(t: TestContext, objects: Readonly<Record<string, Buffer>>) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-pieces-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const root = join(directory, "recordings");
  const asked: string[] = [];
  const state = { away: false };
  const store = {
    read: async (key: string, from: number, to: number) => {
      asked.push(`${key} ${from / MEGABYTE}`);
      if (state.away) throw new Error("connection refused");
      return objects[key]?.subarray(from, to) ?? null;
    },
  };
  const open = () => new PieceCache({ store, directory: join(directory, "pieces"), root });
  return { root, asked, state, open, pathOf: (name: string) => join(root, name) };
}

test("every range is what the object has there, shorter at its end, empty behind it", async (t) => {
  const whole = randomBytes(5 * MEGABYTE + 12_345);
  const { open, pathOf, asked } = setUp(t, { "live/a.flv": whole });
  const cache = open();
  const place = fc.integer({ min: 0, max: whole.length + MEGABYTE });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 3 * MEGABYTE }), async (from, length) => {
      const got = await cache.read(pathOf("live/a.flv"), from, from + length);
      assert.ok(got?.equals(whole.subarray(from, from + length)), `${from} + ${length}`);
    }),
    { numRuns: 60 },
  );
  assert.ok((await cache.read(pathOf("live/a.flv"), 7, Number.POSITIVE_INFINITY))?.equals(whole.subarray(7)), "to the end");
  assert.equal(asked.length, new Set(asked).size, "each piece is fetched once");
});

test("another process finds on the disk what the first has fetched; what is on the disk anyway is not fetched", async (t) => {
  const whole = randomBytes(3 * MEGABYTE);
  const { open, pathOf, asked, root } = setUp(t, { "live/a.flv": whole, "live/own.flv": randomBytes(10) });
  await open().read(pathOf("live/a.flv"), 0, Number.POSITIVE_INFINITY);
  const before = asked.length;
  assert.ok((await open().read(pathOf("live/a.flv"), 1000, 2000))?.equals(whole.subarray(1000, 2000)));
  assert.equal(asked.length, before);
  mkdirSync(join(root, "live"), { recursive: true });
  writeFileSync(pathOf("live/own.flv"), "mine");
  assert.equal((await open().read(pathOf("live/own.flv"), 0, 100))?.toString(), "mine");
  assert.equal(asked.length, before);
});

test("many who read the same at the same moment fetch it once", async (t) => {
  const whole = randomBytes(MEGABYTE);
  const { open, pathOf, asked } = setUp(t, { "live/a.flv": whole });
  const cache = open();
  const all = await Promise.all(Array.from({ length: 50 }, () => cache.read(pathOf("live/a.flv"), 100, 200)));
  assert.ok(all.every((one) => one?.equals(whole.subarray(100, 200))));
  assert.equal(asked.filter((one) => one.endsWith(" 0")).length, 1);
});

test("a file that the storage lacks is missing; an unreachable storage is reported and asked again", async (t) => {
  const { open, pathOf, state, asked } = setUp(t, { "live/a.flv": Buffer.from("there") });
  const cache = open();
  assert.equal(await cache.read(pathOf("live/none.flv"), 0, 10), null);
  assert.equal(await cache.read(pathOf("live/none.flv"), 0, 10), null);
  assert.equal(asked.length, 1, "not asked again at once");
  assert.equal(await cache.read(join(pathOf(".."), "timeshift/live/b.flv"), 0, 10), null);
  assert.equal(asked.length, 1, "what lies elsewhere is on the disk only");
  state.away = true;
  await assert.rejects(cache.read(pathOf("live/a.flv"), 0, 10), StorageUnreachable);
  state.away = false;
  assert.equal((await cache.read(pathOf("live/a.flv"), 0, 10))?.toString(), "there");
});
