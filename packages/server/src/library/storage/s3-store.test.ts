/** What a storage answers that lies about the part of an object that it sends. */
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { openObjectStore } from "./s3-store.ts";

const OBJECT = Buffer.from("0123456789");

/** @param answer what the storage says to a request for the bytes 4 to 8 */
async function readFrom(t: TestContext, answer: (response: ServerResponse) => void): Promise<string> {
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
  return await store.read("k", 4, 8).then(String, (error: Error) => error.message);
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
  let sent = 0;
  const endless = (response: ServerResponse) => {
    response.writeHead(206, { "content-range": "bytes 4-7/10" });
    const piece = Buffer.alloc(65_536);
    const send = () => {
      while (!response.destroyed && response.write(piece)) sent += piece.length;
      if (!response.destroyed) response.once("drain", send);
    };
    send();
  };
  for (const answer of [whole, other, endless]) assert.match(await readFrom(t, answer), /another part of the object/);
  assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes`);
});
