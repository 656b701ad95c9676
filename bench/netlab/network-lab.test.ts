/**
 * Emulated links have the configured delay, jitter, loss and rate, measured with UDP and TCP between hosts. Runs alone.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { type LabHost, NetworkLab } from "./network-lab.ts";

/** Echoes datagrams; reads a TCP connection to its end and answers with the bytes and milliseconds. */
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

/** Sends datagrams, one every 2 ms, and prints the number and round-trip time of each echo, in order of arrival. */
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
  throw new Error("the program printed nothing");
}

function open(t: TestContext) {
  const lab = new NetworkLab();
  t.after(() => lab.close());
  const run = (host: LabHost, program: string) =>
    firstLine(lab.start(host, process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] }));
  return { lab, run };
}

const runs = (command: string, argument: string) => spawnSync(command, [argument]).status === 0;
const isAble = process.getuid?.() === 0 && existsSync("/dev/net/tun") && runs("cc", "--version") && runs("ip", "-V");
const skip = isAble ? false : "needs root, TUN devices, a C compiler and iproute2";

test("a link has the configured delay, jitter and loss, and keeps packets in order", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { lab, run } = open(t);
  const [here, there] = [lab.addHost("here"), lab.addHost("there")];
  const link = await lab.addLink(here, there, { delay: 20, jitter: 10, loss: 5 });
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
  const { a, b } = await link.counters();
  assert.equal(b.passed + b.lost, 1000);
  assert.equal(a.passed, came.length);
});

test("a link limits the rate of one direction; a cut link passes nothing until it is restored", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { lab, run } = open(t);
  const [here, there] = [lab.addHost("here", "cubic"), lab.addHost("there")];
  const link = await lab.addLink(here, there, { delay: 2 });
  link.setQuality({ rate: 8 }, "b");
  await run(there, ECHO);
  const narrow = JSON.parse(await run(here, SEND(there.address, 2_000_000)));
  assert.equal(narrow.bytes, 2_000_000);
  // 2 s by the rate, plus headers and retransmissions after queue overflows.
  assert.ok(narrow.ms > 1900 && narrow.ms < 4000, `${narrow.ms} ms`);
  link.cut();
  const cut = run(here, SEND(there.address, 1000));
  // The link handles its commands in order.
  const before = (await link.counters()).b.passed;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await link.counters()).b.passed, before);
  link.restore();
  assert.equal(JSON.parse(await cut).bytes, 1000);
});

test("three hosts have a link for each pair, with different delays", {
  skip,
  timeout: 30_000,
}, async (t) => {
  const { lab, run } = open(t);
  const [a, b, c] = [lab.addHost("a"), lab.addHost("b"), lab.addHost("c")];
  await lab.addLink(a, b, { delay: 1 });
  await lab.addLink(b, c, { delay: 1 });
  await lab.addLink(a, c, { delay: 50 });
  await run(b, ECHO);
  await run(c, ECHO);
  const fastest = async (from: LabHost, to: LabHost) =>
    Math.min(...(JSON.parse(await run(from, ASK(to.address, 50))) as [number, number][]).map(([, ms]) => ms));
  const [shortMs, longMs] = [await fastest(a, b), await fastest(a, c)];
  assert.ok(shortMs >= 2 && shortMs < 20, `${shortMs} ms`);
  assert.ok(longMs >= 100 && longMs < 130, `${longMs} ms`);
});
