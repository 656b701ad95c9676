/** Parts of uploads: what is stored of one that is whole, that breaks, and that goes beyond the end. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { RefusalError } from "../../../platform/api/server.ts";
import { receivePart } from "./receive-part.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

function part(offset: number, size: number) {
  const body = new PassThrough();
  const stored: [number, string][] = [];
  const store = async (at: number, bytes: Buffer) => {
    await turn();
    stored.push([at, bytes.toString()]);
  };
  return { body, stored, done: receivePart(body, { offset, size, pieceBytes: 4, store }) };
}

test("pieces are stored one after the other, from the offset on", async () => {
  const { body, stored, done } = part(10, 30);
  for (const bytes of ["ab", "cdef", "g"]) {
    body.write(bytes);
    await turn();
  }
  body.end();
  assert.deepEqual(await done, { end: 17, fault: null });
  assert.deepEqual(stored, [
    [10, "abcdef"],
    [16, "g"],
  ]);
});

test("of a line that breaks, what has arrived is stored", async () => {
  const { body, stored, done } = part(0, 30);
  body.write("abcde");
  await turn();
  await turn();
  body.write("fg");
  await turn();
  await turn();
  body.destroy(new Error("the line has broken"));
  const { end, fault } = await done;
  assert.deepEqual([end, fault?.refusal.code], [7, "bad-request"]);
  assert.deepEqual(stored.map(([, bytes]) => bytes).join(""), "abcdefg");
});

test("a part beyond the end of the upload is refused before anything behind the end is stored", async () => {
  const { body, stored, done } = part(0, 6);
  body.write("abcd");
  await turn();
  await turn();
  body.end("efg");
  await assert.rejects(done, RefusalError);
  assert.deepEqual(stored, [[0, "abcd"]]);
});

test("an empty part ends where it begins", async () => {
  const { body, done } = part(5, 5);
  body.end();
  assert.deepEqual(await done, { end: 5, fault: null });
});
