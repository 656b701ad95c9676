import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import WebSocket, { WebSocketServer } from "ws";
import { binaryFrame } from "./websocket-frame.ts";

test("frames of every size class are read by another implementation as what was put in", async (t) => {
  const sent = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((size) => Buffer.alloc(size, size % 255));
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (_webSocket, request) => {
    for (const bytes of sent) request.socket.write(binaryFrame(bytes));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`);
  t.after(() => {
    client.terminate();
    server.close();
  });
  const got: Buffer[] = [];
  await new Promise<void>((resolve) => {
    client.on("message", (data: Buffer) => {
      got.push(data);
      if (got.length === sent.length) resolve();
    });
  });
  assert.deepEqual(got, sent);
});
