/** The sockets of SIP against who sends what is no SIP, or too much of it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import type { SipMessage } from "./sip-message.ts";
import { openSipSockets } from "./sip-sockets.ts";

const HEAD = "MESSAGE sip:a@b SIP/2.0\r\nCall-ID: 1\r\n";

async function open(t: TestContext) {
  const messages: SipMessage[] = [];
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await new Promise((resolve) => probe.close(resolve));
  const sockets = await openSipSockets({ host: "127.0.0.1", port, onMessage: (message) => void messages.push(message) });
  t.after(() => sockets.close());
  const dial = async () => {
    const socket = connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  };
  return { messages, dial };
}

test("a connection that sends no SIP, or a body that is too large, is closed, and others go on", async (t) => {
  const { messages, dial } = await open(t);
  const good = await dial();
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "x".repeat(20_000), `${HEAD}Content-Length: 999999999\r\n\r\n`]) {
    const bad = await dial();
    bad.resume();
    bad.write(bytes);
    await once(bad, "close");
  }
  good.write(`${HEAD}Content-Length: 2\r\n\r\nok`);
  while (messages.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(Buffer.from(messages[0]?.body ?? []).toString(), "ok");
});

test("what all connections have sent of messages that are not whole is bounded", async (t) => {
  const { messages, dial } = await open(t);
  const part = Buffer.alloc(1_000_000, 0x20);
  let closed = 0;
  for (let i = 0; i < 80 && closed === 0; i++) {
    const socket = await dial();
    socket.resume();
    socket.on("close", () => closed++);
    await new Promise((resolve) => socket.write(`${HEAD}Content-Length: 1048576\r\n\r\n`, resolve));
    await new Promise((resolve) => socket.write(part, resolve));
  }
  while (closed === 0) await new Promise((resolve) => setImmediate(resolve));
  const good = await dial();
  good.write(`${HEAD}Content-Length: 2\r\n\r\nok`);
  while (messages.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(messages.length, 1);
});
