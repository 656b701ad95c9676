import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AddressRanges } from "./address-ranges.ts";
import { addressNumber, anyEntry, compileHere, entryNumbers } from "./test-naive-ranges.ts";

const rangesOf = async (...entries: readonly string[]): Promise<number> => {
  const { ranges } = await AddressRanges.read(compileHere(entries.join("\n")));
  return ranges;
};

test("ranges that overlap, contain each other or adjoin are one", async () => {
  assert.equal(await rangesOf("10.0.0.0/8", "10.2.3.4", "10.255.255.0-11.0.0.9"), 1);
  assert.equal(await rangesOf("10.0.0.1", "10.0.0.0", "10.0.0.2"), 1);
  assert.equal(await rangesOf("10.0.0.0", "10.0.0.2"), 2);
  assert.equal(await rangesOf("127.255.255.255", "128.0.0.0", "255.255.255.255", "0.0.0.0"), 3);
  assert.equal(await rangesOf("2001:db8::1", "2001:db8::", "2001:db8::1"), 1);
  assert.equal(await rangesOf("2001:db8::", "2001:db8::2"), 2);
});

test("IPv6 ranges adjoin across words", async () => {
  assert.equal(await rangesOf("2001:db8::ffff:ffff", "2001:db8::1:0:0"), 1);
  assert.equal(await rangesOf("2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8:0:1::"), 1);
  assert.equal(await rangesOf("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::"), 1);
  assert.equal(await rangesOf("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"), 2);
  assert.equal(await rangesOf("2001:db8::ffff:ffff", "2001:db9::1:0:0"), 2);
});

test("an IPv6 network contains the IPv4 addresses that are mapped into it", async () => {
  const has = async (entry: string, ip: string) => (await AddressRanges.read(compileHere(entry))).has(ip);
  assert.ok(await has("::/0", "1.2.3.4"));
  assert.ok(await has("::ffff:10.0.0.0/104", "10.9.9.9"));
  assert.ok(!(await has("::ffff:10.0.0.0/104", "11.0.0.0")));
  assert.ok(await has("::fffe:0:0-::ffff:1.2.3.4", "::ffff:1.2.3.4"));
  assert.ok(!(await has("::fffe:0:0-::ffff:1.2.3.4", "1.2.3.5")));
  assert.ok(await has("::ffff:9.0.0.0-::1:0:0:0", "9.0.0.1"));
  assert.ok(!(await has("::ffff:9.0.0.0-::1:0:0:0", "8.255.255.255")));
  assert.equal(await rangesOf("::ffff:10.0.0.0/104"), 1);
});

test("what is left are the ranges that a plain merge leaves, in any order of the entries", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 40 }), async (entries) => {
      const { ranges, entries: count } = await AddressRanges.read(compileHere(entries.join("\n")));
      assert.equal(count, entries.length);
      assert.equal(ranges, mergedCount(entries));
    }),
    { numRuns: 500 },
  );
});

const MAPPED = entryNumbers("::ffff:0:0/96");

/** IPv4 addresses and the others are merged apart. */
function mergedCount(entries: readonly string[]): number {
  const all = entries.map(entryNumbers);
  const four = all.map(([first, last]) => [max(first, MAPPED[0]), min(last, MAPPED[1])] as const);
  const isAllFour = ([first, last]: readonly [bigint, bigint]) => first >= MAPPED[0] && last <= MAPPED[1];
  return merged(four.filter(([first, last]) => first <= last)) + merged(all.filter((range) => !isAllFour(range)));
}

function merged(ranges: readonly (readonly [bigint, bigint])[]): number {
  let count = 0;
  let end = -2n;
  for (const [first, last] of [...ranges].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    if (first > end + 1n) count++;
    end = max(end, last);
  }
  return count;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

test("the naive numbers are right", () => {
  assert.equal(addressNumber("::1"), 1n);
  assert.equal(addressNumber("1.2.3.4"), 0xffff01020304n);
  assert.equal(addressNumber("::ffff:1.2.3.4%eth0"), 0xffff01020304n);
  assert.equal(addressNumber("1:2::8"), 0x00010002000000000000000000000008n);
  assert.deepEqual(entryNumbers("10.1.2.3/8"), [0xffff0a000000n, 0xffff0affffffn]);
});
