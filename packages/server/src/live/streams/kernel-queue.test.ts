import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { platform } from "node:os";
import { test } from "node:test";
import { SocketSink } from "../socket-sink.ts";
import { FanOut } from "./fan-out.ts";
import { KernelQueues, kernelAddress, readTcpLine } from "./kernel-queue.ts";
import { Output } from "./output.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "./synthetic-source.ts";
import { Viewer } from "./viewer.ts";

test("a line of /proc/net/tcp and of tcp6 is read; other states, small queues and rubbish are passed over", () => {
  const line = "   3: 0100007F:1F90 0100007F:D431 01 0003D090:00000000 01:00000014 00000000     0        0 1234 2 0 20 4 30 10 -1";
  assert.deepEqual(readTcpLine(line, 0, 8), { key: "8080 0100007F 54321", sendQueue: 250_000 });
  assert.equal(readTcpLine(line.replace(" 01 ", " 0A "), 0, 8), null);
  assert.equal(readTcpLine(line.replace("0003D090", "00003090"), 0, 8), null);
  const six = "12345: 00000000000000000000000001000000:1F90 0000000000000000FFFF00000100007F:D431 01 00FFFFFF:00000000";
  assert.deepEqual(readTcpLine(six, 0, 32), { key: "8080 0000000000000000FFFF00000100007F 54321", sendQueue: 0xffffff });
  for (const rubbish of ["", "rubbish", ": ", line.slice(0, 40)]) assert.equal(readTcpLine(rubbish, 0, 8), null);
});

test("addresses are written as the kernel prints them", () => {
  assert.equal(kernelAddress("127.0.0.1"), "0100007F");
  assert.equal(kernelAddress("::ffff:10.1.2.3"), "0000000000000000FFFF00000302010A");
  assert.equal(kernelAddress("::1"), "00000000000000000000000001000000");
  assert.equal(kernelAddress("2001:db8::ff00:42:8329"), "B80D01200000000000FF000029834200");
});

test("a reader that never reads is seen in the kernel's queue, and one that reads is not", {
  skip: platform() !== "linux",
}, async (t) => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(4)]);
  const output = new Output(
    log,
    {
      id: "x",
      video: true,
      audio: true,
      prelude: () => Buffer.from("p"), configurations: () => Buffer.from("c"),
      encode: (record) => (record.kind === "media" ? record.tag : null),
    },
    { milliseconds: 5000, bytes: 8 << 20 },
  );
  const server = createServer();
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const observer = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
  const fanOut = new FanOut({ evictAfterMs: 15_000 }, observer);
  const queues = new KernelQueues(fanOut, 5, 256 * 1024);
  const open = async () => {
    const client = connect(address.port, "127.0.0.1");
    const [socket]: Socket[] = await once(server, "connection");
    const viewer = new Viewer(output, new SocketSink(socket!), { protocol: "flv", batchMs: 200 });
    fanOut.add(viewer);
    t.after(() => {
      fanOut.remove(viewer);
      client.destroy();
      socket!.destroy();
    });
    return { client, socket: socket!, viewer };
  };
  const [idle, reading] = [await open(), await open()];
  idle.client.pause();
  reading.client.resume();
  const megabyte = Buffer.alloc(1 << 20);
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => reading.socket.write(megabyte, resolve));
    idle.socket.write(megabyte);
  }
  while (reading.client.bytesRead < 3 << 20) await once(reading.client, "data");
  await queues.look();
  assert.ok(idle.viewer.hidden > 256 * 1024, `${idle.viewer.hidden} bytes seen`);
  assert.equal(reading.viewer.hidden, 0);
});
