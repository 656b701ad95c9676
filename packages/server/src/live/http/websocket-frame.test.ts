import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import WebSocket, { WebSocketServer } from "ws";
import { binaryFrame, textFrame, textFrameStart } from "./websocket-frame.ts";

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 300_000];

/** What another implementation reads of frames: each message, and whether it is binary. */
async function readFrames(t: { after: (end: () => void) => void }, frames: readonly Uint8Array[], messages: number) {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (_webSocket, request) => {
    for (const bytes of frames) request.socket.write(bytes);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`);
  t.after(() => {
    client.terminate();
    server.close();
  });
  const got: [Buffer, boolean][] = [];
  await new Promise<void>((resolve) => {
    client.on("message", (data: Buffer, isBinary) => {
      got.push([data, isBinary]);
      if (got.length === messages) resolve();
    });
  });
  return got;
}

test("binary frames of every size class are read by another implementation as what was put in", async (t) => {
  const sent = SIZES.map((size) => Buffer.alloc(size, size % 255));
  assert.deepEqual(
    await readFrames(t, sent.map(binaryFrame), sent.length),
    sent.map((bytes) => [bytes, true]),
  );
});

test("text frames of every size class, whole or with a shared end, are read as the text that was put in", async (t) => {
  const texts = SIZES.map((size) => "语x".repeat(size / 4).padEnd(size, "y"));
  const end = Buffer.from("——终");
  const frames = texts.flatMap((text) => [textFrame(text), textFrameStart(text, end.length), end]);
  assert.deepEqual(
    await readFrames(t, frames, 2 * texts.length),
    texts.flatMap((text) => [
      [Buffer.from(text), false],
      [Buffer.from(`${text}——终`), false],
    ]),
  );
});

test("a text frame has the bytes of RFC 6455 section 5.7: final, text, unmasked", () => {
  assert.deepEqual(textFrame("Hello"), Buffer.from([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]));
  assert.deepEqual(textFrame("é".repeat(63)).subarray(0, 4), Buffer.from([0x81, 126, 0, 126]));
  assert.deepEqual(textFrame("x".repeat(65_536)).subarray(0, 10), Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]));
});
