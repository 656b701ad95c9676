/** Any range of a file that is made as it is read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRange, VirtualFile } from "./virtual-file.ts";

const TEXT = "the quick brown fox jumps over the lazy dog";

function fileOf(words: readonly string[], made: string[] = []): VirtualFile {
  return new VirtualFile(
    words.map((word) => ({
      bytes: word.length,
      make: async () => {
        made.push(word);
        return Buffer.from(word);
      },
    })),
  );
}

async function text(file: VirtualFile, from: number, to: number): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of file.read({ from, to })) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test("every range is what it is of the whole, and only its pieces are made", async () => {
  const words = TEXT.split(/(?<= )/);
  const file = fileOf(words);
  assert.equal(file.length, TEXT.length);
  for (let from = 0; from < TEXT.length; from++)
    for (let to = from + 1; to <= TEXT.length; to++) assert.equal(await text(file, from, to), TEXT.slice(from, to));
  const made: string[] = [];
  await text(fileOf(words, made), 12, 17);
  assert.deepEqual(made, ["brown ", "fox "]);
});

test("a piece that is not as long as it was said to be ends the answer", async () => {
  const broken = new VirtualFile([{ bytes: 3, make: async () => Buffer.from("four") }]);
  await assert.rejects(text(broken, 0, 3), /a piece of 3 bytes has 4/);
  const gone = new VirtualFile([{ bytes: 3, make: async () => null }]);
  await assert.rejects(text(gone, 0, 3), /has none/);
});

test("ranges as RFC 9110 has them", () => {
  assert.deepEqual(parseRange("bytes=0-9", 100), { from: 0, to: 10 });
  assert.deepEqual(parseRange("bytes=90-", 100), { from: 90, to: 100 });
  assert.deepEqual(parseRange("bytes=90-500", 100), { from: 90, to: 100 });
  assert.deepEqual(parseRange("bytes=-10", 100), { from: 90, to: 100 });
  assert.deepEqual(parseRange("bytes=-500", 100), { from: 0, to: 100 });
  for (const whole of [undefined, "", "bytes=-", "bytes=1-2,5-6", "items=0-1", "bytes=a-b"])
    assert.equal(parseRange(whole, 100), null);
  for (const beyond of ["bytes=100-", "bytes=9-5", "bytes=-0"]) assert.equal(parseRange(beyond, 100), "unsatisfiable");
});
