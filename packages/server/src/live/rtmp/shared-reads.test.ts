import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { HANDSHAKE_SIZE, MESSAGE_TYPE, openHandshake, writeChunks } from "@lectern/media";
import { RtmpConnection } from "./connection.ts";
import { type ReadShared, sharedReads } from "./shared-reads.ts";

async function sockets(t: TestContext) {
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const peer = connect((server.address() as AddressInfo).port, "127.0.0.1");
  peer.setNoDelay(true).on("error", () => {});
  const [socket] = (await once(server, "connection")) as [Socket];
  t.after(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  return { peer, socket };
}

test("this version of Node.js can read accepted sockets into one buffer", async () => {
  assert.notEqual(await sharedReads(), null);
});

test("two sockets that are read into one buffer do not mix, and their ends are noticed", async (t) => {
  const readShared = await sharedReads();
  assert.ok(readShared);
  const both = await Promise.all([sockets(t), sockets(t)]);
  const got = both.map(() => [] as Buffer[]);
  const memory = new Set<unknown>();
  const ended = both.map(({ socket }, i) => {
    socket.on("data", () => assert.fail("came by `data`"));
    assert.ok(
      readShared(socket, (bytes) => {
        memory.add(bytes.buffer);
        got[i]!.push(Buffer.from(bytes));
      }),
    );
    return once(socket, "end");
  });
  const sent = both.map((_, i) => Buffer.alloc(1_000_000, i + 1));
  both.forEach(({ peer }, i) => void peer.end(sent[i]!));
  await Promise.all(ended);
  assert.deepEqual(
    got.map((pieces) => Buffer.concat(pieces).equals(sent[got.indexOf(pieces)]!)),
    [true, true],
  );
  assert.equal(memory.size, 1);
});

test("a socket that is read into the shared buffer brings nothing while it is paused, and the rest afterwards", async (t) => {
  const readShared = await sharedReads();
  const { peer, socket } = await sockets(t);
  const got: string[] = [];
  const { promise: paused, resolve: pausedNow } = Promise.withResolvers<void>();
  readShared?.(socket, (bytes) => {
    got.push(bytes.toString());
    if (got.length > 1) return;
    socket.pause();
    pausedNow();
  });
  socket.resume();
  peer.write("a");
  await paused;
  peer.write("b");
  // Bytes of another connection, which were sent later, have come.
  const other = await sockets(t);
  other.peer.write("x");
  await once(other.socket, "data");
  assert.deepEqual(got, ["a"]);
  socket.resume();
  while (got.length < 2) await turn();
  assert.deepEqual(got, ["a", "b"]);
});

const ways: readonly (readonly [string, () => Promise<ReadShared | null>])[] = [
  ["the shared buffer", sharedReads],
  ["`data`", async () => null],
  ["`data`, because the socket lacks the parts", async () => () => false],
];
for (const [name, way] of ways) {
  test(`a publisher's messages come whole and in order by ${name}, also those that were sent while the permission was asked for`, async (t) => {
    const { peer, socket } = await sockets(t);
    const got: number[] = [];
    let wait = true;
    const events = {
      onHeard: () => {},
      onBroken: (rule: string) => assert.fail(rule),
      onMessage: ({ type, timestamp, payload }: { type: number; timestamp: number; payload: Uint8Array }) => {
        if (type !== MESSAGE_TYPE.video) return;
        assert.ok(
          payload.every((byte) => byte === timestamp % 251),
          `message ${timestamp}`,
        );
        got.push(timestamp);
        if (!wait) return;
        wait = false;
        // As a session does: it reads nothing until it knows, and a publisher may send already.
        socket.pause();
        setTimeout(() => {
          connection.allowMedia();
          connection.readInRounds(() => 20);
          socket.resume();
        }, 50);
      },
    };
    const connection = new RtmpConnection(socket, events, await way());
    peer.write(openHandshake(new Uint8Array(HANDSHAKE_SIZE), null));
    peer.write(new Uint8Array(HANDSHAKE_SIZE));
    const count = 400;
    for (let i = 0; i < count; i++) {
      const payload = new Uint8Array(1 + ((i * 37) % 9000)).fill(i % 251);
      peer.write(writeChunks({ type: MESSAGE_TYPE.video, streamId: 1, timestamp: i, payload }, 6, 128));
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    peer.end();
    await once(socket, "end");
    assert.deepEqual(
      got,
      Array.from({ length: count }, (_, i) => i),
    );
  });
}
