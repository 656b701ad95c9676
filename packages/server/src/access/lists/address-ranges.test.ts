import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { AddressRanges, HEADER_BYTES } from "./address-ranges.ts";
import { listedAddresses, strangers } from "./test-address-list.ts";
import { addressNumber, anyAddress, anyEntry, compileHere, entryNumbers } from "./test-naive-ranges.ts";

/** The neighbours of a range's ends too, where mistakes are. */
function textOf(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((number >> BigInt(16 * (7 - i))) & 0xffffn).toString(16));
  return groups.join(":");
}

const TOP = (1n << 128n) - 1n;

test("an address is listed where a plain search and BlockList of node:net find it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 30 }), fc.array(anyAddress, { maxLength: 30 }), async (entries, addresses) => {
      const ranges = await AddressRanges.read(compileHere(entries.join("\n")));
      const naive = entries.map(entryNumbers);
      const list = blockListOf(entries);
      const ends = naive.flatMap(([first, last]) => [first - 1n, first, last, last + 1n]).filter((end) => end >= 0n && end <= TOP);
      for (const address of [...addresses, ...ends.map(textOf)]) {
        const number = addressNumber(address)!;
        const expected = naive.some(([first, last]) => first <= number && number <= last);
        assert.equal(ranges.has(address), expected, address);
        // BlockList compares IPv4 with ranges of mapped addresses only in their form of IPv6.
        const isBlocked = (isIP(address) === 4 && list.check(address, "ipv4")) || list.check(textOf(number), "ipv6");
        assert.equal(isBlocked, expected, `BlockList: ${address}`);
      }
    }),
    { numRuns: 500 },
  );
});

function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  const family = (address: string) => (isIP(address) === 4 ? "ipv4" : "ipv6");
  for (const entry of entries) {
    const [first = "", last] = entry.split("-");
    const [address = "", prefix] = entry.split("/");
    if (last !== undefined) list.addRange(first, last, family(first));
    else if (prefix !== undefined) list.addSubnet(address, Number(prefix), family(address));
    else list.addAddress(address, family(address));
  }
  return list;
}

test("IPv4-mapped addresses are IPv4, zones are ignored, and what is no address is in no list", async () => {
  const ranges = await AddressRanges.read(compileHere("10.0.0.0/8\nfe80::/10\n"));
  for (const ip of ["10.1.2.3", "::ffff:10.1.2.3", "::FFFF:a01:203", "fe80::1", "fe80::1%eth0", "::ffff:10.1.2.3%1"])
    assert.ok(ranges.has(ip), ip);
  for (const ip of ["11.0.0.0", "::ffff:11.0.0.0", "::10.1.2.3", "fec0::", "", "10.1.2", "10.1.2.3%1", "example.com", "10.1.2.3/8"])
    assert.ok(!ranges.has(ip), ip);
  const all = await AddressRanges.read(compileHere("0.0.0.0/0\n::/0"));
  for (const ip of ["", "nonsense", "256.1.1.1", ":::"]) assert.ok(!all.has(ip), ip);
  assert.ok(all.has("255.255.255.255") && all.has("::"));
});

test("an empty list has no address", async () => {
  const ranges = await AddressRanges.read(compileHere("# nothing\n"));
  assert.deepEqual([ranges.entries, ranges.ranges, ranges.has("0.0.0.0"), ranges.has("::")], [0, 0, false, false]);
});

test("every file that is cut short or too long is refused", async () => {
  const bytes = compileHere("10.0.0.1\n10.0.0.9\n2001:db8::1\n2001:db9::/32");
  await AddressRanges.read(bytes);
  for (let length = 0; length < bytes.length; length++)
    await assert.rejects(AddressRanges.read(bytes.slice(0, length)), RangeError);
  await assert.rejects(AddressRanges.read(Uint8Array.of(...bytes, 0, 0, 0, 0)), RangeError);
});

test("a file with another magic number, version or place in its buffer is refused", async () => {
  const bytes = compileHere("10.0.0.1");
  const withWord = (word: number, value: number): Uint8Array => {
    const changed = bytes.slice();
    new Uint32Array(changed.buffer)[word] = value;
    return changed;
  };
  await assert.rejects(AddressRanges.read(withWord(0, 0x4c4c5354)), /not a compiled list/);
  await assert.rejects(AddressRanges.read(withWord(1, 2)), /version 2/);
  await assert.rejects(AddressRanges.read(withWord(3, 0xffffffff)), RangeError);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  await assert.rejects(AddressRanges.read(shifted.subarray(1)), RangeError);
});

test("ranges that are not in order are refused, wherever they are", async () => {
  const bytes = compileHere([...listedAddresses(12_000)].map(({ entry }) => entry).join("\n"));
  const { ranges } = await AddressRanges.read(bytes);
  const [, , , four = 0, six = 0] = new Uint32Array(bytes.buffer);
  assert.equal(four + six, ranges);
  const firstFour = HEADER_BYTES / 4;
  const firstSix = firstFour + 2 * four;
  const swapped = (a: number, b: number, words: number): Uint8Array => {
    const changed = bytes.slice();
    const view = new Uint32Array(changed.buffer);
    const kept = view.slice(a, a + words);
    view.copyWithin(a, b, b + words);
    view.set(kept, b);
    return changed;
  };
  // Also where one slice of the check ends and another begins, and a first address beyond its last.
  for (const i of [0, 1, 4094, 4095, 4096, four - 2]) {
    await assert.rejects(AddressRanges.read(swapped(firstFour + i, firstFour + i + 1, 1)), /not in order/, `IPv4 ${i}`);
    await assert.rejects(
      AddressRanges.read(swapped(firstFour + four + i, firstFour + four + i + 1, 1)),
      /not in order/,
      `IPv4 ${i}`,
    );
  }
  for (const i of [0, 4095, six - 2]) {
    await assert.rejects(AddressRanges.read(swapped(firstSix + 4 * i, firstSix + 4 * i + 4, 4)), /not in order/, `IPv6 ${i}`);
    const last = firstSix + 4 * six + 4 * i;
    await assert.rejects(AddressRanges.read(swapped(last, last + 4, 4)), /not in order/, `IPv6 ${i}`);
  }
});

test("any change of a file is refused or leaves a list that answers", async () => {
  const bytes = compileHere("10.0.0.1\n10.0.0.9\n2001:db8::1\n2001:db9::/32");
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), anyAddress, async (at, value, address) => {
      const changed = bytes.slice();
      changed[at] = value;
      const read = await AddressRanges.read(changed).catch((error: unknown) => error);
      if (read instanceof AddressRanges) assert.equal(typeof read.has(address), "boolean");
      else assert.ok(read instanceof RangeError);
    }),
  );
});

test("a lookup leaves nothing for the garbage collector", async () => {
  const listed = [...listedAddresses(2000)];
  const ranges = await AddressRanges.read(compileHere(listed.map(({ entry }) => entry).join("\n")));
  const addresses = [...listed.map(({ inside }) => inside), ...strangers(2000)];
  const lookUpAll = (): number => {
    let found = 0;
    for (let i = 0; i < addresses.length; i++) if (ranges.has(addresses[i]!)) found++;
    return found;
  };
  for (let i = 0; i < 100; i++) assert.equal(lookUpAll(), listed.length);
  // A collection, or V8 while it optimizes, changes the figure of one attempt.
  const grown = Array.from({ length: 10 }, () => {
    const before = process.memoryUsage().heapUsed;
    lookUpAll();
    return Math.abs(process.memoryUsage().heapUsed - before) / addresses.length;
  });
  assert.ok(Math.min(...grown) < 4, `bytes of each lookup: ${grown.join(" ")}`);
});
