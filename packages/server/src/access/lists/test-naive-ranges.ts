/** Does slowly and plainly what compiled lists do, for tests to compare with: addresses as one large number, ranges one after the other. */
import { isIP } from "node:net";
import fc from "fast-check";
import { LineSplitter, lineReader } from "./address-lines.ts";
import { RangeCollector } from "./range-collector.ts";

/** An address as a number: IPv4 as the IPv6 address that it is mapped to. */
export function addressNumber(text: string): bigint | null {
  const version = isIP(text);
  if (version === 0) return null;
  if (version === 4) return (0xffffn << 32n) | fourNumber(text);
  const plain = text
    .replace(/%.*$/, "")
    .replace(/[^:]*\.[^:]*$/, (four) => `${(fourNumber(four) >> 16n).toString(16)}:${(fourNumber(four) & 0xffffn).toString(16)}`);
  const [head = "", tail] = plain.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function fourNumber(text: string): bigint {
  return text.split(".").reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

/** The first and the last address of an entry that is valid. */
export function entryNumbers(entry: string): readonly [bigint, bigint] {
  const [first = "", last] = entry.split("-");
  if (last !== undefined) return [addressNumber(first) ?? 0n, addressNumber(last) ?? 0n];
  const [address = "", prefix] = entry.split("/");
  const number = addressNumber(address) ?? 0n;
  const bits = isIP(address) === 4 ? 32 : 128;
  const free = (1n << BigInt(bits - Number(prefix ?? bits))) - 1n;
  return [(number | free) - free, number | free];
}

export function compileHere(text: string): Uint8Array<ArrayBuffer> {
  const ranges = new RangeCollector();
  const lines = new LineSplitter(
    lineReader(
      (version, range) => ranges.add(version, range),
      ({ line, text }) => {
        throw new Error(`line ${line}: ${text}`);
      },
    ),
  );
  lines.push(text);
  lines.finish();
  return ranges.finish().bytes;
}

/** Few different numbers, so that random ranges meet. */
const octet = fc.constantFrom(0, 1, 2, 127, 128, 254, 255);
const group = fc.constantFrom("0", "1", "2", "7fff", "8000", "fffe", "ffff", "FFFF");
const fourAddress = fc.oneof(
  fc.tuple(octet, octet, octet, octet).map((octets) => octets.join(".")),
  fc.ipV4(),
);
const sixAddress = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":")),
  fc.array(group, { minLength: 1, maxLength: 2 }).map((groups) => `::${groups.join(":")}`),
  fc.array(group, { minLength: 1, maxLength: 3 }).map((groups) => `${groups.join(":")}::`),
  fourAddress.map((four) => `::ffff:${four}`),
  fc.ipV6(),
);
export const anyAddress: fc.Arbitrary<string> = fc.oneof(fourAddress, sixAddress);

/** Addresses, networks, and ranges from one address to another. */
export const anyEntry: fc.Arbitrary<string> = fc.oneof(
  anyAddress,
  fc.tuple(fourAddress, fc.nat(32)).map(([address, prefix]) => `${address}/${prefix}`),
  fc.tuple(sixAddress, fc.nat(128)).map(([address, prefix]) => `${address}/${prefix}`),
  fc.tuple(fourAddress, fourAddress).map(inOrder),
  fc.tuple(sixAddress, sixAddress).map(inOrder),
);

function inOrder([a, b]: readonly [string, string]): string {
  return (addressNumber(a) ?? 0n) <= (addressNumber(b) ?? 0n) ? `${a}-${b}` : `${b}-${a}`;
}
