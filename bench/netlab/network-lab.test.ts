/** A line is as long, as narrow and as bad as was said, as programs see it that know nothing of it. */
import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { type LabHost, NetworkLab } from "./network-lab.ts";

/** Answers datagrams, and takes bytes by TCP until there are no more, then says how long that took. */
const ECHO = `
  const udp = require("dgram").createSocket("udp4");
  udp.on("message", (bytes, from) => udp.send(bytes, from.port, from.address));
  udp.bind(7000, "0.0.0.0", () =>
    require("net").createServer({ allowHalfOpen: true }, (socket) => {
      let begun = 0, bytes = 0;
      socket.on("data", (piece) => { begun ||= performance.now(); bytes += piece.length; });
      socket.on("end", () => socket.end(JSON.stringify({ bytes, ms: performance.now() - begun })));
    }).listen(7001, "0.0.0.0", () => console.log("ready")));
`;

/** Sends so many datagrams, one each 2 ms, and says in which order they came back, and after how long. */
const ASK = (address: string, count: number) => `
  const udp = require("dgram").createSocket("udp4");
  const came = [], sent = [];
  udp.on("message", (bytes) => { const n = bytes.readUInt32BE(0); came.push([n, performance.now() - sent[n]]); });
  let n = 0;
  const timer = setInterval(() => {
    if (n === ${count}) { clearInterval(timer); setTimeout(() => { console.log(JSON.stringify(came)); process.exit(); }, 600); return; }
    const bytes = Buffer.alloc(200);
    bytes.writeUInt32BE(n, 0);
    sent[n++] = performance.now();
    udp.send(bytes, 7000, "${address}");
  }, 2);
`;

const SEND = (address: string, bytes: number) => `
  const socket = require("net").connect(7001, "${address}", () => socket.end(Buffer.alloc(${bytes})));
  socket.on("data", (text) => console.log(String(text)));
`;

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error("it said nothing");
}

function open(t: TestContext) {
  const world = new NetworkLab();
  t.after(() => world.close());
  const run = (place: LabHost, program: string) =>
    firstLine(world.start(place, process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] }));
  return { world, run };
}

const isThere = (command: string, argument: string) => spawnSync(command, [argument]).status === 0;
const able = process.getuid?.() === 0 && existsSync("/dev/net/tun") && isThere("cc", "--version") && isThere("ip", "-V");
const skip = able ? false : "needs root, TUN devices, a C compiler and iproute2";

test("delay, jitter and loss are what was said, and packets stay in order", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { world, run } = open(t);
  const [here, there] = [world.addHost("here"), world.addHost("there")];
  const line = await world.addLink(here, there, { delay: 20, jitter: 10, loss: 5 });
  await run(there, ECHO);
  const came: [number, number][] = JSON.parse(await run(here, ASK(there.address, 1000)));
  const delays = came.map(([, ms]) => ms).sort((a, b) => a - b);
  assert.ok((delays[0] ?? 0) >= 40, `the fastest took ${delays[0]} ms`);
  const median = delays[Math.floor(delays.length / 2)] ?? 0;
  assert.ok(median < 75, `half took more than ${median} ms`);
  assert.ok(came.length > 840 && came.length < 960, `${came.length} of 1000 came back; 902 can be expected`);
  const order = came.map(([n]) => n);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  const { a, b } = await line.counters();
  assert.equal(b.passed + b.lost, 1000);
  assert.equal(a.passed, came.length);
});

test("a narrow line takes its time; one that is cut passes nothing until it is mended; one way can be worse than the other", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { world, run } = open(t);
  const [here, there] = [world.addHost("here", "cubic"), world.addHost("there")];
  const line = await world.addLink(here, there, { delay: 2 });
  line.setQuality({ rate: 8 }, "b");
  await run(there, ECHO);
  const narrow = JSON.parse(await run(here, SEND(there.address, 2_000_000)));
  assert.equal(narrow.bytes, 2_000_000);
  // 2 s by the rate, and what stands around the bytes; a queue that overflows costs a little more.
  assert.ok(narrow.ms > 1900 && narrow.ms < 4000, `${narrow.ms} ms`);
  line.cut();
  const cut = run(here, SEND(there.address, 1000));
  // Whatever is asked of the line is done in the order in which it is asked.
  const before = (await line.counters()).b.passed;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await line.counters()).b.passed, before);
  line.restore();
  assert.equal(JSON.parse(await cut).bytes, 1000);
});

test("three places, each with lines to the others, of which one is long", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { world, run } = open(t);
  const [a, b, c] = [world.addHost("a"), world.addHost("b"), world.addHost("c")];
  await world.addLink(a, b, { delay: 1 });
  await world.addLink(b, c, { delay: 1 });
  await world.addLink(a, c, { delay: 50 });
  await run(b, ECHO);
  await run(c, ECHO);
  const fastest = async (from: LabHost, to: LabHost) =>
    Math.min(...(JSON.parse(await run(from, ASK(to.address, 50))) as [number, number][]).map(([, ms]) => ms));
  const [near, far] = [await fastest(a, b), await fastest(a, c)];
  assert.ok(near >= 2 && near < 20, `${near} ms`);
  assert.ok(far >= 100 && far < 130, `${far} ms`);
});
