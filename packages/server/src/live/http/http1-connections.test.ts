/** The limits of connections that are read without `node:http`. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Http1Connections } from "./http1-connections.ts";
import type { Http1Response } from "./http1-exchange.ts";

const REQUEST = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

/** Connections with a head limit of 10 s and 6 s between requests; each second is one tick. */
async function serve(t: TestContext) {
  const clock = new ManualClock();
  const waiting: Http1Response[] = [];
  const handedOver: string[] = [];
  let accepted = 0;
  const connections = new Http1Connections({
    answer: (request, response) => {
      if (request.url !== "/a") waiting.push(response);
      else {
        response.writeHead(200, { "content-length": 2 });
        response.end(Buffer.from("ok"));
      }
      return true;
    },
    waitsFor: ({ url }) => url === "/a",
    isClaimed: () => false,
    handOver: (socket) => void socket.on("data", (bytes: Buffer) => handedOver.push(String(bytes))),
    clock,
    limits: { headMs: 10_000, idleMs: 6000, announcedIdleMs: 5000 },
  });
  const server = createServer((socket) => {
    accepted++;
    connections.accept(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const clients: Socket[] = [];
  t.after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const open = async (): Promise<Socket> => {
    const before = accepted;
    const socket = connect(address.port, "127.0.0.1");
    socket.on("error", () => {}).resume();
    clients.push(socket);
    while (accepted === before) await new Promise((resolve) => setImmediate(resolve));
    return socket;
  };
  const seconds = (count: number) => clock.advance(count * 1000);
  return { open, seconds, waiting, handedOver, connections };
}

const send = (socket: Socket, text: string) => new Promise((resolve) => socket.write(text, resolve));
/** Sends a request and waits for its answer. */
async function ask(socket: Socket): Promise<string> {
  const answered = once(socket, "data");
  socket.write(REQUEST);
  return String((await answered)[0]);
}
const isClosed = (socket: Socket) => (socket.destroyed ? Promise.resolve(true) : once(socket, "close").then(() => true));

test("a thousand connections that send nothing are closed after the limit of a head, and not before", async (t) => {
  const { open, seconds } = await serve(t);
  const sockets: Socket[] = [];
  for (let i = 0; i < 1000; i++) sockets.push(await open());
  seconds(10);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(sockets.every((socket) => !socket.destroyed && !socket.readableEnded));
  seconds(1);
  await Promise.all(sockets.map(isClosed));
});

test("a head that comes byte by byte is closed after its limit, which each byte does not begin again", async (t) => {
  const { open, seconds } = await serve(t);
  const socket = await open();
  await ask(socket);
  for (let i = 0; i < 10; i++) {
    await send(socket, REQUEST.charAt(i));
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(socket.destroyed, false);
    seconds(1);
  }
  seconds(1);
  await isClosed(socket);
});

test("a connection between two requests is closed after the idle limit, which the client is told with a second less", async (t) => {
  const { open, seconds } = await serve(t);
  const [asked, silent] = [await open(), await open()];
  await ask(asked);
  assert.match(await ask(silent), /Keep-Alive: timeout=5\r\n/);
  seconds(4);
  await ask(asked);
  seconds(3);
  await isClosed(silent);
  assert.equal(asked.destroyed, false);
  seconds(4);
  await isClosed(asked);
});

test("a small body that does not come is closed after the limit of heads, and one for node:http goes there at once", async (t) => {
  const { open, seconds, handedOver } = await serve(t);
  const head = (target: string) => `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n`;
  const [socket, other] = [await open(), await open()];
  await send(other, `${head("/b")}ab`);
  while (handedOver.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(handedOver, [`${head("/b")}ab`]);
  let answers = 0;
  socket.on("data", () => answers++);
  for (const piece of [head("/a"), "ab", "cd"]) {
    await send(socket, piece);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(socket.destroyed, false);
    seconds(4);
  }
  await isClosed(socket);
  assert.equal(answers, 0);
});

test("a request that waits for its answer has no limit here", async (t) => {
  const { open, seconds, waiting } = await serve(t);
  const socket = await open();
  await send(socket, REQUEST.replace("/a", "/held"));
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  seconds(100);
  const answered = once(socket, "data");
  waiting[0]?.writeHead(204, {});
  waiting[0]?.end();
  assert.match(String((await answered)[0]), /^HTTP\/1.1 204 No Content\r\n/);
});

test("an endless head goes to node:http, with all that was read of it", async (t) => {
  const { open, handedOver } = await serve(t);
  const socket = await open();
  const text = `${REQUEST.slice(0, -2)}A: ${"a".repeat(20_000)}`;
  await send(socket, text);
  while (handedOver.join("").length < text.length) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(handedOver.join(""), text);
});

test("idle connections are closed on request, and busy ones are not", async (t) => {
  const { open, connections, waiting } = await serve(t);
  const [idle, busy] = [await open(), await open()];
  await send(busy, REQUEST.replace("/a", "/held"));
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  connections.closeIdle();
  await isClosed(idle);
  assert.equal(busy.destroyed, false);
  waiting[0]?.writeHead(204, {});
  waiting[0]?.end();
  await once(busy, "data");
});
