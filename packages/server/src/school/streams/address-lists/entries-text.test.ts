import assert from "node:assert/strict";
import { test } from "node:test";
import { compileAddresses } from "../../../access/lists/compile-addresses.ts";
import { compiledText } from "./entries-text.ts";
import { COMPILED_PART_BYTES } from "./stored-lists.ts";

async function compiled(text: string): Promise<Uint8Array> {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  };
  const result = await compileAddresses(chunks());
  assert.ok(typeof result !== "string");
  return result.bytes;
}

/** The text of a compiled list, whose parts come as a driver gives them. */
async function textOf(bytes: Uint8Array): Promise<string> {
  let text = "";
  const readPart = async (n: number) => {
    // As a driver gives it: in the middle of another buffer, at an odd place.
    const part = bytes.subarray(n * COMPILED_PART_BYTES, (n + 1) * COMPILED_PART_BYTES);
    const around = new Uint8Array(part.byteLength + 1);
    around.set(part, 1);
    return around.subarray(1);
  };
  for await (const piece of compiledText(readPart)) text += Buffer.from(piece).toString();
  return text;
}

test("a compiled list is written as its ranges, first those of IPv4", async () => {
  const text = "2001:db8::/32\n10.0.0.5/8\n# a comment\n192.0.2.7\n192.0.2.8-192.0.2.9\nnonsense\n2001:db9::1";
  assert.equal(await textOf(await compiled(text)), "10.0.0.0/8\n192.0.2.7-192.0.2.9\n2001:db8::/32\n2001:db9::1\n");
  assert.equal(await textOf(await compiled("")), "");
  assert.equal(await textOf(await compiled("::/0")), "0.0.0.0/0\n::/0\n");
});

test("what is written compiles to the same list, also where ranges lie in two parts", async () => {
  // So many that addresses of IPv6 cross the borders of parts, which their places do not divide.
  const lines = Array.from({ length: 30_001 }, (_, i) => {
    const four = `${10 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    const six = `2001:db8:${(i >> 12).toString(16)}:${(i & 0xfff).toString(16)}`;
    return i % 3 === 0 ? `${four}.3-${four}.17` : i % 3 === 1 ? `${six}::/80` : `${six}::5-${six}::1:9`;
  });
  const bytes = await compiled(lines.join("\n"));
  assert.ok(bytes.byteLength > 2 * COMPILED_PART_BYTES);
  const text = await textOf(bytes);
  assert.equal(text.split("\n").length - 1, lines.length);
  // The entry count of the header counts lines, which are as many.
  assert.deepEqual(Buffer.from(await compiled(text)), Buffer.from(bytes));
});
