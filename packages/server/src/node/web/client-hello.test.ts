/** The first message of real TLS clients, in pieces and in several records, and what is none. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { connect } from "node:tls";
import fc from "fast-check";
import { clientHello } from "./client-hello.ts";

/** What OpenSSL sends first. */
async function realHello(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({
    port: (server.address() as AddressInfo).port,
    host: "127.0.0.1",
    ALPNProtocols: ["h2", "http/1.1"],
    servername: "school.example",
  });
  client.on("error", () => {});
  const [socket]: Socket[] = await once(server, "connection");
  assert.ok(socket);
  const [bytes]: Buffer[] = await once(socket, "data");
  client.destroy();
  server.close();
  assert.ok(bytes);
  return bytes;
}

/** The same message in records of so many bytes: RFC 8446 section 5.1 lets a client divide it. */
function divided(hello: Buffer, bytes: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += bytes) {
    const piece = message.subarray(at, at + bytes);
    records.push(Buffer.from([22, 3, 1, piece.length >> 8, piece.length & 255]), piece);
  }
  return Buffer.concat(records);
}

test("a message is a part until its last byte is there, in one record or in many", async () => {
  const hello = await realHello();
  for (const sent of [hello, divided(hello, 1), divided(hello, 3), divided(hello, 100)]) {
    for (let length = 0; length < sent.length; length++) assert.equal(clientHello(sent.subarray(0, length)), "part", `${length}`);
    assert.equal(clientHello(sent), "whole");
    assert.equal(clientHello(Buffer.concat([sent, Buffer.from("early data")])), "whole");
  }
});

test("what is no such message, or a longer one than a client needs, is something else", () => {
  const other = [
    "GET / HTTP/1.1\r\n\r\n",
    "\x16\x03\x01\x00\x00",
    "\x15\x03\x01\x00\x02\x01\x00",
    "\x16\x03\x01\x00\x04\x02\x00\x00\x00",
  ];
  for (const text of other) assert.equal(clientHello(Buffer.from(text, "latin1")), "other", text);
  assert.equal(clientHello(Buffer.from([22, 3, 1, 0, 4, 1, 0, 255, 0])), "other");
  assert.equal(clientHello(Buffer.from([22, 3, 1, 255, 255, 1])), "other");
});

test("no bytes make it fail", () => {
  const record = fc.tuple(fc.constantFrom(22, 22, 22, 21), fc.integer({ min: 0, max: 70_000 }), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.uint8Array({ maxLength: 20 }), (records, rest) => {
      const bytes = records.flatMap(([type, size, content]) => [type, 3, 1, (size >> 8) & 255, size & 255, ...content]);
      assert.ok(["whole", "part", "other"].includes(clientHello(Buffer.from([...bytes, ...rest]))));
    }),
  );
});
