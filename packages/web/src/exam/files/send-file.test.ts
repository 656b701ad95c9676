import assert from "node:assert/strict";
import { test } from "node:test";
import { DoorRefusal } from "../attempt/exam-types.ts";
import type { KeptFile } from "./file-store.ts";
import { type PieceDoor, sendFile } from "./send-file.ts";

const SIZE = 1_000_000;
const FILE: KeptFile = {
  attempt: "a",
  id: "f",
  question: "q",
  type: "image/jpeg",
  bytes: new ArrayBuffer(SIZE),
  hash: "",
  takenAt: 0,
};

/** A server that stores what it gets, and a line that does what a test says. @param line throws, where nothing arrives */
function setUp(line: (count: number) => void = () => {}) {
  const server = { received: 0, sizes: [] as number[], rests: [] as number[], away: [] as boolean[], isGivenUp: false };
  const door: PieceDoor = {
    sendPiece: async (_file, offset, bytes) => {
      server.sizes.push(bytes.byteLength);
      line(server.sizes.length);
      if (offset === server.received) server.received += bytes.byteLength;
      return { received: server.received, isStored: server.received === SIZE, endsAt: null };
    },
  };
  const send = () =>
    sendFile(FILE, door, {
      elapsed: () => 0,
      random: () => 0,
      onAway: (isAway) => server.away.push(isAway),
      rest: async (ms) => void server.rests.push(ms),
      isGivenUp: () => server.isGivenUp,
    });
  return { server, send };
}

test("a file goes in pieces that grow on a good line, until the server has it", async () => {
  const { server, send } = setUp();
  assert.equal(await send(), true);
  assert.deepEqual(server.sizes, [131_072, 262_144, 524_288, 82_496]);
});

test("where nothing arrives, the same bytes are sent again later, in smaller pieces", async () => {
  const { server, send } = setUp((count) => {
    if (count === 2 || count === 3) throw new TypeError("the network is down");
  });
  assert.equal(await send(), true);
  assert.equal(server.received, SIZE);
  assert.deepEqual(
    [server.sizes.slice(1, 4), server.rests],
    [
      [262_144, 131_072, 65_536],
      [1000, 2000],
    ],
  );
  assert.deepEqual(server.away.slice(0, 4), [false, true, true, false]);
});

test("an answer that was lost costs no byte: the server says where to go on", async () => {
  const { server, send } = setUp();
  server.received = 900_000;
  assert.equal(await send(), true);
  assert.deepEqual(server.sizes, [131_072, 100_000]);
});

test("a full disk passes by itself and waits as long as it says; a file that is no photo does not", async () => {
  const full = setUp((count) => {
    if (count === 1) throw new DoorRefusal("disk-full", "", null, 9);
  });
  assert.equal(await full.send(), true);
  assert.deepEqual(full.server.rests, [9000]);
  const unfit = setUp(() => {
    throw new DoorRefusal("exam-file-unfit", "");
  });
  await assert.rejects(unfit.send, DoorRefusal);
});

test("a photo that was removed is not sent to its end", async () => {
  const { server, send } = setUp(() => {
    server.isGivenUp = true;
  });
  assert.equal(await send(), false);
  assert.equal(server.sizes.length, 1);
});
