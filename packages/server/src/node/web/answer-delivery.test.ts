/** How an answer reaches a client that reads slowly: who waits, what is read ahead, and when the client is closed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import { PassThrough, Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import { ByteBudget } from "../../platform/byte-budget.ts";
import { type DeliveryLimits, deliverAnswer, deliverBytes } from "./answer-delivery.ts";

const MIB = 1024 * 1024;

async function answerOf(t: TestContext, bytes: Buffer): Promise<IncomingMessage> {
  const server: Server = createServer((_, response) => response.end(bytes));
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const [answer]: IncomingMessage[] = await once(get({ port: address.port, agent: false }), "response");
  assert.ok(answer);
  answer.on("error", () => {});
  return answer;
}

/** A client that reads when the test lets it. */
function slowClient() {
  const taken: Buffer[] = [];
  let next: (() => void) | null = null;
  let isOpen = false;
  const client = new Writable({
    highWaterMark: 16 * 1024,
    write: (piece: Buffer, _encoding, done) => {
      taken.push(piece);
      if (isOpen) done();
      else next = done;
    },
  });
  client.on("error", () => {});
  const read = (): void => {
    isOpen = true;
    next?.();
  };
  return { client, read, length: () => taken.reduce((sum, { length }) => sum + length, 0) };
}

const LIMITS: DeliveryLimits = { aheadBytes: MIB, graceMs: 60_000, bytesPerSecond: 1 };
const unlimited = () => new ByteBudget({ total: 100 * MIB, perKey: 50 * MIB });
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a small answer gives its place back at once, though the client reads nothing", async (t) => {
  const { client } = slowClient();
  await new Promise<void>((resolve) => {
    void answerOf(t, Buffer.alloc(MIB / 2)).then((answer) =>
      deliverAnswer(answer, client, { owner: "a", budget: unlimited(), onSlotFree: resolve, limits: LIMITS }),
    );
  });
  client.destroy();
});

test("of a large answer a limited part is read ahead, the place is given back, and the client gets all of it", async (t) => {
  const { client, read, length } = slowClient();
  const budget = unlimited();
  const bytes = Buffer.alloc(8 * MIB, "y");
  const answer = await answerOf(t, bytes);
  await new Promise<void>((resolve) => deliverAnswer(answer, client, { owner: "a", budget, onSlotFree: resolve, limits: LIMITS }));
  assert.ok(client.writableLength < 2 * MIB, `${client.writableLength}`);
  assert.ok(budget.used >= MIB / 2 && budget.used <= MIB, `${budget.used}`);
  read();
  await once(client, "finish");
  client.destroy();
  await pause();
  assert.equal(length(), bytes.length);
  assert.equal(budget.used, 0);
});

test("beyond an address's memory its answers keep their places and wait for their clients", async (t) => {
  const budget = new ByteBudget({ total: MIB, perKey: MIB / 4 });
  const free: string[] = [];
  const { client, read } = slowClient();
  const answer = await answerOf(t, Buffer.alloc(8 * MIB));
  deliverAnswer(answer, client, { owner: "a", budget, onSlotFree: () => free.push("a"), limits: LIMITS });
  while (!answer.isPaused()) await pause();
  assert.deepEqual([free.length, client.writableLength < MIB], [0, true]);
  read();
  await once(client, "finish");
  assert.ok(free.length > 0);
});

test("a client that takes nothing is closed when its time is over, one that takes its answer is not", async (t) => {
  const limits = { ...LIMITS, graceMs: 50, bytesPerSecond: 1000 * MIB };
  const dead = slowClient();
  deliverAnswer(await answerOf(t, Buffer.alloc(4 * MIB)), dead.client, {
    owner: "a",
    budget: unlimited(),
    onSlotFree: () => {},
    limits,
  });
  await once(dead.client, "close");
  const reader = new PassThrough();
  reader.resume();
  deliverAnswer(await answerOf(t, Buffer.alloc(4 * MIB)), reader, {
    owner: "a",
    budget: unlimited(),
    onSlotFree: () => {},
    limits,
  });
  await once(reader, "end");
});

test("of bytes in memory, a client that reads nothing is closed, and one that reads is not", async () => {
  const limits = { graceMs: 20, bytesPerSecond: MIB };
  const stuck = slowClient();
  deliverBytes(Buffer.alloc(MIB / 100), stuck.client, limits);
  await once(stuck.client, "close");
  assert.equal(stuck.client.writableFinished, false);
  const reading = slowClient();
  deliverBytes(Buffer.alloc(MIB / 100), reading.client, limits);
  reading.read();
  await once(reading.client, "finish");
});
