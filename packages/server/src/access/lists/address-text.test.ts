import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { readAddress } from "../../platform/address-text.ts";
import { addressNumber, anyAddress } from "./test-naive-ranges.ts";

const words = new Uint32Array(4);
const versionOf = (text: string): number => readAddress(text, 0, text.length, words);

function numberOf(text: string): bigint | null {
  const version = versionOf(text);
  if (version === 4) return (0xffffn << 32n) | BigInt(words[0]!);
  return version === 6 ? words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n) : null;
}

test("addresses are read as the numbers that they stand for", () => {
  const zone = fc.constantFrom("", "%eth0", "%1");
  fc.assert(
    fc.property(fc.oneof(anyAddress, fc.ipV4(), fc.ipV6()), zone, (address, zone) => {
      const text = isIP(address) === 6 ? address + zone : address;
      assert.equal(numberOf(text), addressNumber(text), text);
    }),
    { numRuns: 2000 },
  );
});

test("what node:net takes for no address is none, and the other way round", () => {
  const near = fc.array(fc.constantFrom("0", "1", "12", "255", "256", "01", "a", "ffff", "10000", "g", ":", "::", ".", " ", "-"), {
    maxLength: 16,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        near.map((parts) => parts.join("")),
        fc.string(),
      ),
      (text) => {
        fc.pre(!text.includes("%"));
        assert.equal(versionOf(text), isIP(text), JSON.stringify(text));
      },
    ),
    { numRuns: 20_000 },
  );
  for (const text of ["", ":", "::", ":::", "1::", "::1.2.3.4", "1:2:3:4:5:6:7::", "1:2:3:4::5:6:7:8", "1.2.3.4%a", "::1%", "::%1"])
    assert.equal(versionOf(text), isIP(text), text);
});

test("an address that is cut short, or has one character in another place, is judged as node:net judges it", () => {
  for (const whole of ["192.168.100.255", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", "2001:db8::ffff", "::ffff:203.0.113.255"])
    for (let i = 0; i <= whole.length; i++)
      for (const text of [
        whole.slice(0, i),
        whole.slice(i),
        `${whole.slice(0, i)}:${whole.slice(i)}`,
        `${whole.slice(0, i)}.${whole.slice(i)}`,
      ])
        assert.equal(versionOf(text), isIP(text), text);
});

test("only the part between the two places is read", () => {
  assert.equal(readAddress("x1.2.3.45", 1, 8, words), 4);
  assert.equal(words[0], 0x01020304);
  assert.equal(readAddress("1.2.3.4", 0, 6, words), 0);
  assert.equal(readAddress("[::1]", 1, 4, words), 6);
  assert.deepEqual([...words], [0, 0, 0, 1]);
});
