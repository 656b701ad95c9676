import assert from "node:assert/strict";
import { test } from "node:test";
import { Room } from "./room.ts";
import { RoomLog } from "./room-log.ts";

function open() {
  const room = new Room(new RoomLog({ epoch: "e", term: 1, owner: "n/media-1" }, () => 1));
  let count = 0;
  const append = (times = 1) => {
    for (let i = 0; i < times; i++) {
      count++;
      room.log.append({ id: `s${count}`, from: null, kind: "state", mediaTime: null, body: { viewers: count } });
    }
  };
  const join = (isWithdrawn: () => string | null = () => null) => {
    const socket = {
      bufferedAmount: 0,
      sent: [] as Buffer[],
      closed: null as [number, string] | null,
      send: (bytes: Buffer) => void socket.sent.push(bytes),
      close: (code: number, reason: string) => {
        socket.closed = [code, reason];
      },
    };
    room.join(socket, isWithdrawn);
    return socket;
  };
  return { room, append, join };
}

const seqs = (bytes: Buffer | undefined) => JSON.parse(String(bytes)).entries.map(({ seq }: { seq: number }) => seq);

test("a socket gets a snapshot, then changes in batches, in bytes that all sockets share", () => {
  const { room, append, join } = open();
  append(3);
  const [a, b] = [join(), join()];
  assert.deepEqual(
    JSON.parse(String(a.sent[0])).snapshot.map(({ seq }: { seq: number }) => seq),
    [3],
  );
  append(2);
  room.flush();
  assert.deepEqual(seqs(a.sent[1]), [4, 5]);
  assert.equal(a.sent[1], b.sent[1]);
  room.flush();
  assert.equal(a.sent.length, 2);
});

test("a slow socket keeps its position and gets one larger batch; one that lags beyond the bound is closed", () => {
  const { room, append, join } = open();
  const slow = join();
  slow.bufferedAmount = 10;
  append();
  room.flush();
  append();
  room.flush();
  assert.equal(slow.sent.length, 1);
  slow.bufferedAmount = 0;
  room.flush();
  assert.deepEqual(seqs(slow.sent[1]), [1, 2]);
  slow.bufferedAmount = 10;
  append(201);
  room.flush();
  assert.deepEqual(slow.closed, [1013, "lagging"]);
  assert.equal(room.size, 0);
});

test("a member whose permission is withdrawn is closed with the refusal's code", () => {
  const { room, join } = open();
  let withdrawn: string | null = null;
  const [member, other] = [join(() => withdrawn), join()];
  room.review();
  assert.equal(member.closed, null);
  withdrawn = "removed-from-lesson";
  room.review();
  assert.deepEqual(member.closed, [1008, "removed-from-lesson"]);
  assert.equal(other.closed, null);
});
