import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { ManualClock } from "../platform/clock.ts";
import { listen, portOf } from "../platform/listen.ts";
import { dialNode, nodeServer } from "./node-tls.ts";
import { WarmConnections } from "./warm-connections.ts";

const SECRET = "the secret of a cluster in a test";

/** A node that answers what is said to it, and what others have open to it. */
async function scene(t: TestContext) {
  const clock = new ManualClock();
  const guests: TLSSocket[] = [];
  const server = nodeServer(
    SECRET,
    (_, socket) => {
      guests.push(socket);
      socket.on("data", (bytes: Buffer) => socket.write(`you said ${bytes.toString()}`));
    },
    () => {},
  );
  await listen(server, { host: "127.0.0.1", port: 0 });
  const port = portOf(server);
  const opened: string[] = [];
  const sockets: TLSSocket[] = [];
  const standing = new WarmConnections((peer) => {
    opened.push(peer);
    if (peer === "unknown") return null;
    const socket = dialNode({ host: "127.0.0.1", port }, SECRET, "n", "relay");
    sockets.push(socket);
    return socket;
  }, clock);
  t.after(() => {
    standing.hold([]);
    for (const guest of guests) guest.destroy();
    server.close();
  });
  const here = async (count: number) => {
    while (guests.filter(({ destroyed }) => !destroyed).length !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, guests, opened, sockets, standing, here };
}

async function ask(socket: Duplex, words: string): Promise<string> {
  socket.write(words);
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

test("one stands for each peer, however long nothing is said; when it is taken, the next is opened", async (t) => {
  const { standing, here, opened } = await scene(t);
  standing.hold(["a", "b"]);
  await here(2);
  const one = standing.take("a");
  assert.ok(one);
  assert.equal(await ask(one, "hello"), "you said hello");
  await here(3);
  assert.deepEqual(opened, ["a", "b", "a"]);
  const other = standing.take("a");
  assert.ok(other && other !== one);
  assert.equal(await ask(other, "again"), "you said again");
  assert.equal(standing.take("c"), null);
  standing.hold(["b"]);
  assert.equal(standing.take("a"), null);
  assert.equal(await ask(one, "still"), "you said still", "the caller has one keeps it");
});

test("one that is closed, or could not be opened, is opened again, later each time", async (t) => {
  const { standing, here, guests, opened, sockets, clock } = await scene(t);
  const times = (peer: string) => opened.filter((other) => other === peer).length;
  const cutOff = async () => {
    guests.at(-1)?.destroy();
    await once(sockets.at(-1)!, "close");
  };
  standing.hold(["a", "unknown"]);
  await here(1);
  await cutOff();
  assert.deepEqual([standing.take("a"), times("a")], [null, 1]);
  clock.advance(2000);
  await here(1);
  assert.deepEqual([times("a"), times("unknown")], [2, 2]);
  await cutOff();
  clock.advance(2000);
  assert.equal(times("a"), 2, "not as soon as the first time");
  clock.advance(2000);
  await here(1);
  assert.deepEqual([times("a"), times("unknown")], [3, 3]);
});
