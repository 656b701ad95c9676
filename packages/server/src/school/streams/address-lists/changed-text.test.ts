/** Changes of the text of an address list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changeText } from "./changed-text.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function changed(text: string, change: { add?: string[]; remove?: string[] }, size = 7) {
  const { chunks, missing } = changeText(pieces(text, size), { add: [], remove: [], ...change });
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return { text: Buffer.concat(parts).toString(), missing: [...missing] };
}

test("lines with an entry to remove go, however they are written; comments and everything else stay", async () => {
  const text = '# 校园\n192.0.2.7 # one\n192.0.2.7/32\n"192.0.2.7",x\n192.0.2.0/24\n2001:DB8:0:0::1\nnonsense';
  assert.deepEqual(await changed(text, { remove: ["192.0.2.7", "2001:db8::1", "10.0.0.1"] }), {
    text: "# 校园\n192.0.2.0/24\nnonsense\n",
    missing: ["10.0.0.1"],
  });
});

test("an entry that is added stands at the end, once", async () => {
  assert.equal(
    (await changed("192.0.2.1\n192.0.2.2\n", { add: ["192.0.2.1", "192.0.2.3"] })).text,
    "192.0.2.2\n192.0.2.1\n192.0.2.3\n",
  );
  assert.equal((await changed("", { add: ["192.0.2.1"] })).text, "192.0.2.1\n");
  const both = { add: ["192.0.2.1"], remove: ["192.0.2.1"] };
  assert.deepEqual(await changed("192.0.2.1", both), { text: "192.0.2.1\n", missing: [] });
});

test("wherever the text is cut, the result is the same", async () => {
  const entry = fc.integer({ min: 0, max: 30 }).map((i) => `10.0.0.${i}`);
  const list = fc.array(entry, { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(list, list, list, fc.integer({ min: 1, max: 40 }), async (lines, add, remove, size) => {
      const { text, missing } = await changed(lines.join("\n"), { add, remove }, size);
      const kept = lines.filter((line) => !add.includes(line) && !remove.includes(line));
      assert.deepEqual(text.split("\n").filter(Boolean), [...kept, ...add]);
      assert.deepEqual(new Set(missing), new Set(remove.filter((line) => !lines.includes(line))));
    }),
  );
});
