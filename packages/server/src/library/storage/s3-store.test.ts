/** What a storage answers that lies about the part of an object that it sends, or whose answers have no end. */
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import type { ObjectStore } from "./object-store.ts";
import { openObjectStore } from "./s3-store.ts";

const OBJECT = Buffer.from("0123456789");

async function storeOf(t: TestContext, answer: (response: ServerResponse) => void): Promise<ObjectStore> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKeyId: "a", secretAccessKey: "b" };
  const store = openObjectStore({ endpoint, region: "r", bucket: "b", prefix: "", addressing: "path", ...keys });
  t.after(() => {
    store.close();
    server.closeAllConnections();
    server.close();
  });
  return store;
}

/** @param answer what the storage says to a request for the bytes 4 to 8 */
async function readFrom(t: TestContext, answer: (response: ServerResponse) => void): Promise<string> {
  return await (await storeOf(t, answer)).read("k", 4, 8).then(String, (error: Error) => error.message);
}

/** Sends without an end; says how many bytes it was. */
function endless(head: (response: ServerResponse) => void) {
  let sent = 0;
  const answer = (response: ServerResponse) => {
    head(response);
    const piece = Buffer.alloc(65_536, " ");
    const send = () => {
      while (!response.destroyed && response.write(piece)) sent += piece.length;
      if (!response.destroyed) response.once("drain", send);
    };
    send();
  };
  return { answer, sent: () => sent };
}

test("the part that was asked for is read", async (t) => {
  const read = await readFrom(t, (response) => {
    response.writeHead(206, { "content-range": "bytes 4-7/10", "content-length": 4 });
    response.end(OBJECT.subarray(4, 8));
  });
  assert.equal(read, "4567");
});

test("an object that comes whole, another part of it, and an answer without an end are no part of it, and none is read to its end", async (t) => {
  const whole = (response: ServerResponse) => response.writeHead(200, { "content-length": OBJECT.length }).end(OBJECT);
  const other = (response: ServerResponse) => {
    response.writeHead(206, { "content-range": "bytes 0-3/10", "content-length": 4 }).end(OBJECT.subarray(0, 4));
  };
  const { answer: longer, sent } = endless((response) => response.writeHead(206, { "content-range": "bytes 4-7/10" }));
  for (const answer of [whole, other, longer]) assert.match(await readFrom(t, answer), /another part of the object/);
  assert.ok(sent() < 16 * 1024 * 1024, `${sent()} bytes`);
});

test("an answer in XML, or of an error, that has no end is not read to it", { timeout: 60_000 }, async (t) => {
  for (const status of [200, 403, 500]) {
    const { answer, sent } = endless((response) =>
      response.writeHead(status, { "content-type": "application/xml" }).write("<Error>"),
    );
    const store = await storeOf(t, answer);
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      begin: () => store.beginUpload("k", "video/mp4"),
      complete: () => store.completeUpload("k", "u", [{ number: 1, etag: "e", from: 0, to: 1 }]),
      ...(status === 200 ? {} : { read: () => store.read("k", 4, 8), part: () => store.uploadPart("k", "u", 1, OBJECT) }),
    };
    for (const [name, call] of Object.entries(calls)) await assert.rejects(call(), `${name} ${status}`);
    assert.ok(sent() < 64 * 1024 * 1024, `${sent()} bytes`);
  }
});
