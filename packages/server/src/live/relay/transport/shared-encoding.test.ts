import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { decodeEntry, encodeEntry, type LogEntry } from "../../streams/index.ts";
import { lesson } from "../../streams/synthetic-source.ts";
import { MESSAGE } from "./messages.ts";
import { RelayServer } from "./relay-server.ts";
import { SharedEncoding } from "./shared-encoding.ts";
import { follower, isLike, locationOf, machine, plain, push, records, until } from "./test-machine.ts";

/** A published stream with so many followers, each of which has all of it; and a count of encodings by sequence number. */
async function scene(t: TestContext, followers: number) {
  const { ready, publish, find, path, clock, of } = machine(t, ["n/a"]);
  await ready;
  const publication = await publish("n/a");
  push(publication, 3);
  const a = find("n/a")!;
  const encodings = new Map<number, number>();
  const server = new RelayServer(
    of("n/a").streams,
    { broken: (rule) => assert.fail(rule), sent: () => {} },
    {
      encode: (epoch, entry) => {
        encodings.set(entry.sequence, (encodings.get(entry.sequence) ?? 0) + 1);
        return encodeEntry(epoch, entry);
      },
    },
  );
  const socket = join(path("n/a"), "..", "counted");
  await server.listen(socket);
  t.after(() => server.close());
  const copies = Array.from({ length: followers }, () => {
    const { streams } = follower(
      t,
      () => connect(socket),
      clock,
      () => locationOf(a, ["n/a"]),
      1,
    );
    const copy = streams.find("live", "math")!;
    t.after(copy.use());
    return copy;
  });
  await until(() => copies.every((copy) => isLike(copy, a)));
  return { a, publication, copies, encodings };
}

for (const followers of [1, 10])
  test(`each live entry is encoded once for ${followers} follower(s), which all receive it`, async (t) => {
    const { a, publication, copies, encodings } = await scene(t, followers);
    const from = a.log.head;
    for (const frame of lesson(2, 3000)) {
      assert.equal(publication.push(frame), null);
      if (a.log.head % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => copies.every((copy) => isLike(copy, a)));
    const live = records(a).filter(({ sequence }) => sequence >= from);
    assert.ok(live.length > 100, `${live.length} entries`);
    assert.deepEqual([...new Set(live.map(({ sequence }) => encodings.get(sequence)))], [1]);
    for (const copy of copies) assert.deepEqual(plain(records(copy)).slice(-live.length), plain(live));
  });

const entry = (sequence: number): LogEntry => ({
  kind: "part",
  term: 1,
  sequence,
  index: 0,
  independent: true,
  previousEnd: { video: null, audio: null },
});

test("an encoded entry is kept only while another reader needs it, and never more than the limit", () => {
  let encoded = 0;
  const encoding = new SharedEncoding("e", (epoch, one) => {
    encoded++;
    return Buffer.concat([encodeEntry(epoch, one), Buffer.alloc(1000)]);
  });
  const positions = [-1, -1];
  const [first, second] = positions.map((_, i) => ({ needs: (sequence: number) => sequence > (positions[i] ?? 0) }));
  const leaveFirst = encoding.add(first!);
  const send = (reader: number, sequence: number) => {
    positions[reader] = sequence;
    return encoding.entryMessage(entry(sequence), [first!, second!][reader]!);
  };
  send(0, 0);
  assert.equal(encoding.keptBytes, 0, "with one reader");
  const leaveSecond = encoding.add(second!);
  for (let i = 1; i < 100; i++) send(0, i);
  const most = encoding.keptBytes;
  for (let i = 1; i < 100; i++) send(1, i);
  assert.deepEqual([encoded, most > 90_000], [100, true]);
  send(0, 100);
  assert.ok(encoding.keptBytes < 2000, "what both have sent is dropped");
  for (let i = 101; i < 5000; i++) send(0, i);
  assert.ok(encoding.keptBytes <= 1024 * 1024, `${encoding.keptBytes} bytes for a reader that does not read`);
  leaveSecond();
  assert.equal(encoding.keptBytes, 0);
  leaveFirst();
});

test("an entry of a later term under the same number is encoded again", () => {
  const encoding = new SharedEncoding("e");
  const all = { needs: () => true };
  encoding.add(all);
  const before = encoding.entryMessage(entry(7), null);
  const after = encoding.entryMessage({ ...entry(7), term: 2 }, null);
  assert.equal(before[4], MESSAGE.entry);
  assert.deepEqual(decodeEntry("e", after.subarray(5)), { ...entry(7), term: 2 });
  assert.notDeepEqual(before, after);
});
