import assert from "node:assert/strict";
import { SocketAddress } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { readAddress } from "../../platform/address-text.ts";
import { addressText, rangeText } from "./range-text.ts";

const words = (ip: string): number[] => {
  const read = new Uint32Array(4);
  return [...read.subarray(0, readAddress(ip, 0, ip.length, read) === 4 ? 1 : 4)];
};

test("a range is written as an address, a network, or its first and last address", () => {
  for (const [first, last, text] of [
    ["192.0.2.1", "192.0.2.1", "192.0.2.1"],
    ["192.0.2.0", "192.0.2.255", "192.0.2.0/24"],
    ["192.0.2.1", "192.0.2.2", "192.0.2.1-192.0.2.2"],
    ["192.0.2.128", "192.0.3.127", "192.0.2.128-192.0.3.127"],
    ["0.0.0.0", "255.255.255.255", "0.0.0.0/0"],
    ["255.255.255.254", "255.255.255.255", "255.255.255.254/31"],
    ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32"],
    ["2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"],
    ["2001:db8:0:1::", "2001:db8:0:2:ffff:ffff:ffff:ffff", "2001:db8:0:1::-2001:db8:0:2:ffff:ffff:ffff:ffff"],
    ["2001:db8:0:0:1::", "2001:db8:0:0:1::7", "2001:db8:0:0:1::/125"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"],
    ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"],
    ["::1", "::1", "::1"],
    ["2001:db8::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::1-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
  ] as const)
    assert.equal(rangeText(words(first), words(last)), text);
});

test("what is written is read as the same address, and is what the operating system writes", () => {
  const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(1, 0x10000, 0xffff0000));
  fc.assert(
    fc.property(fc.oneof(fc.tuple(word), fc.tuple(word, word, word, word)), (address) => {
      const text = addressText(address);
      assert.deepEqual(words(text), [...address]);
      // It writes addresses in which IPv4 is embedded in another form.
      const isEmbedded = address.length === 4 && address[0] === 0 && address[1] === 0;
      const family = address.length === 1 ? "ipv4" : "ipv6";
      if (!isEmbedded) assert.equal(new SocketAddress({ address: text, family }).address, text);
    }),
  );
});

test("every network is written as a network", () => {
  fc.assert(
    fc.property(
      fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 2 ** 32 - 1 }))),
      fc.integer({ min: 0, max: 128 }),
      (address, prefix) => {
        const bit = (i: number) => i < prefix;
        const masked = (ones: boolean) =>
          address.map((value, word) => {
            let result = 0;
            for (let i = 0; i < 32; i++) {
              const set = bit(word * 32 + i) ? (value >>> (31 - i)) & 1 : Number(ones);
              result = result * 2 + set;
            }
            return result;
          });
        const text = rangeText(masked(false), masked(true));
        assert.equal(text, prefix === 128 ? addressText(masked(false)) : `${addressText(masked(false))}/${prefix}`);
      },
    ),
  );
});
