import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { type AddressLineError, LineSplitter, lineReader, MAX_LINE } from "./address-lines.ts";
import { anyEntry } from "./test-naive-ranges.ts";

type Read = { readonly ranges: readonly string[]; readonly mistakes: readonly AddressLineError[] };

/**
 * Reads bytes as the thread does. Ranges are their words in hexadecimal: `a000000-affffff`.
 * @param sizes of the first pieces; the others have one byte each
 */
function read(bytes: Uint8Array, sizes: readonly number[]): Read {
  const ranges: string[] = [];
  const mistakes: AddressLineError[] = [];
  const onRange = (version: 4 | 6, range: Uint32Array) => {
    const size = version === 4 ? 1 : 4;
    const hex = (at: number) => [...range.subarray(at, at + size)].map((word) => word.toString(16)).join(":");
    ranges.push(`${hex(0)}-${hex(size)}`);
  };
  const lines = new LineSplitter(lineReader(onRange, (mistake) => mistakes.push(mistake)));
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++] ?? 1)
    lines.push(Buffer.from(bytes.subarray(at, at + (sizes[i] ?? 1))).toString("latin1"));
  lines.finish();
  return { ranges, mistakes };
}

function readText(text: string): Read {
  const bytes = Buffer.from(text);
  return read(bytes, [bytes.length]);
}

test("addresses, networks and ranges are read in every form of line", () => {
  for (const [line, range] of [
    ["10.0.0.1", "a000001-a000001"],
    ["  10.0.0.1\t", "a000001-a000001"],
    ["10.0.0.0/8", "a000000-affffff"],
    ["10.1.2.3/8 # office", "a000000-affffff"],
    ["10.0.0.1;SBL1", "a000001-a000001"],
    ["10.0.0.1#x", "a000001-a000001"],
    ["0.0.0.0/0", "0-ffffffff"],
    ["255.255.255.255/32", "ffffffff-ffffffff"],
    ["10.0.0.1-10.0.0.9", "a000001-a000009"],
    ["10.0.0.1 - 10.0.0.1", "a000001-a000001"],
    ["10.0.0.1,Zhang,5", "a000001-a000001"],
    ['"10.0.0.1","Zhang, San"', "a000001-a000001"],
    ["2001:db8::1", "20010db8:0:0:1-20010db8:0:0:1"],
    ["2001:db8::/33", "20010db8:0:0:0-20010db8:7fffffff:ffffffff:ffffffff"],
    ["2001:db8::/64", "20010db8:0:0:0-20010db8:0:ffffffff:ffffffff"],
    ["::/0", "0:0:0:0-ffffffff:ffffffff:ffffffff:ffffffff"],
    ["fe80::1%eth0", "fe800000:0:0:1-fe800000:0:0:1"],
    ["fe80::%eth0/64", "fe800000:0:0:0-fe800000:0:ffffffff:ffffffff"],
    ["::1-::1:0:0:0", "0:0:0:1-0:0:10000:0"],
  ] as const)
    assert.deepEqual(readText(line), { ranges: [range], mistakes: [] }, line);
});

test("what is not an address is a mistake, with its line", () => {
  const wrong = ["10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8.0", "::/129", "/8"];
  const more = ["10.0.0.9-10.0.0.1", "10.0.0.1-", "-10.0.0.1", "10.0.0.1-::1", "::2-::1", "10.0.0.1-10.0.0.2/24", "example.com"];
  const columns = [",10.0.0.1", '"10.0.0.1', "10.0.0.1 10.0.0.2", '"'];
  for (const text of [...wrong, ...more, ...columns])
    assert.deepEqual(readText(`# list\n\n${text}`), { ranges: [], mistakes: [{ line: 3, text }] }, text);
});

test("comments, empty lines, CR LF and the byte order mark are no entries", () => {
  const text = "\ufeff# first\r\n\r\n   \n;x\n10.0.0.1\r\n # 10.0.0.2\r\n10.0.0.3";
  assert.deepEqual(readText(text), { ranges: ["a000001-a000001", "a000003-a000003"], mistakes: [] });
  assert.deepEqual(readText("\ufeff10.0.0.1"), { ranges: ["a000001-a000001"], mistakes: [] });
  assert.deepEqual(readText(""), { ranges: [], mistakes: [] });
});

test("names of columns are read over in the first line only", () => {
  assert.deepEqual(readText("# x\nip_address,name\n10.0.0.1,a\n"), { ranges: ["a000001-a000001"], mistakes: [] });
  assert.deepEqual(readText("10.0.0.1,a\nip,name\n").mistakes, [{ line: 2, text: "ip,name" }]);
  assert.deepEqual(readText("ip\n").mistakes, [{ line: 1, text: "ip" }]);
  assert.deepEqual(readText("10.0.0.256,a\n").mistakes, [{ line: 1, text: "10.0.0.256,a" }]);
});

test("a mistake is shown as people can read it", () => {
  assert.deepEqual(readText("办公室\n").mistakes, [{ line: 1, text: "办公室" }]);
  assert.deepEqual(readText("a\0b\u001b[2J\n").mistakes, [{ line: 1, text: "a\ufffdb\ufffd[2J" }]);
  const [long] = readText("😀".repeat(60)).mistakes;
  assert.equal(long?.text, "😀".repeat(50));
  const [odd] = readText(`x${"😀".repeat(60)}`).mistakes;
  assert.ok(odd?.text.isWellFormed());
});

test("a line that is too long is a mistake, unless an address and its comment begin it", () => {
  const long = "x".repeat(MAX_LINE);
  assert.deepEqual(readText(`10.0.0.1 # ${long}\n10.0.0.2,${long}\n#${long}\n10.0.0.3`).ranges, [
    "a000001-a000001",
    "a000002-a000002",
    "a000003-a000003",
  ]);
  const { ranges, mistakes } = readText(`10.0.0.1${" ".repeat(MAX_LINE)}x\n${long}\n10.0.0.2`);
  assert.deepEqual(ranges, ["a000002-a000002"]);
  assert.deepEqual(
    mistakes.map(({ line }) => line),
    [1, 2],
  );
  assert.deepEqual(readText(`10.0.0.1${" ".repeat(MAX_LINE - 8)}`).mistakes, []);
});

test("text reads the same in whatever pieces it arrives", () => {
  const line = fc.oneof(anyEntry, fc.constantFrom("", "# 注释", "办公室", "10.0.0.1,é", "y".repeat(MAX_LINE + 3)));
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.integer({ min: 1, max: 700 })),
      (lines, end, sizes) => {
        const text = lines.join(end);
        assert.deepEqual(read(Buffer.from(text), sizes), readText(text));
      },
    ),
    { numRuns: 300 },
  );
});

test("text reads the same byte by byte", () => {
  const text = "# 注释\r\nip,name\r\n10.0.0.0/8\r\n::1-::5\r\n办公室\r\n10.0.0.1";
  const whole = readText(text);
  assert.equal(whole.ranges.length, 3);
  assert.equal(whole.mistakes.length, 1);
  assert.deepEqual(read(Buffer.from(text), []), whole);
});
