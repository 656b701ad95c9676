import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { platform } from "node:os";
import { test } from "node:test";
import { FanOut } from "../streams/delivery/fan-out.ts";
import { KernelQueues } from "../streams/delivery/kernel-queue.ts";
import { Output } from "../streams/delivery/output.ts";
import { Viewer } from "../streams/delivery/viewer.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { SocketSink } from "./socket-sink.ts";

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
      initBytes: () => Buffer.from("p"),
      configurations: () => Buffer.from("c"),
      write: (entry, reserve) => {
        if (entry.kind === "media") reserve(entry.payload.length).set(entry.payload);
      },
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
  await queues.poll();
  assert.ok(idle.viewer.kernelQueueBytes > 256 * 1024, `${idle.viewer.kernelQueueBytes} bytes seen`);
  assert.equal(reading.viewer.kernelQueueBytes, 0);
});
