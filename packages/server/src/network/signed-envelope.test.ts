/** Signed envelopes on the bus: forged ones and repeated ones are nothing. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { Bus, Row, TableWatcher } from "../platform/bus/bus.ts";
import { LocalBus } from "../platform/bus/local.ts";
import { readStamp, stamped } from "./message-stamp.ts";
import { signedBus } from "./signed-envelope.ts";

const SECRET = "the secret of the cluster";
const HOUR_MS = 3_600_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A bus on which somebody without the secret listens, and writes what he likes. */
function wire() {
  const bus = new LocalBus();
  const recorded: string[] = [];
  bus.subscribe("news", (envelope) => recorded.push(envelope));
  const listen = (on: Bus) => {
    const heard: unknown[] = [];
    on.subscribe("news", (text) => heard.push(JSON.parse(text).n));
    return heard;
  };
  return { bus, recorded, listen };
}

test("a message that was heard is not heard again, in any order, nor under another subject", async () => {
  const { bus, recorded, listen } = wire();
  const [a, b] = [signedBus(bus, SECRET), signedBus(bus, SECRET)];
  const heard = listen(b);
  for (const n of [1, 2, 3]) a.publish("news", JSON.stringify({ n }));
  await settled();
  assert.deepEqual(heard, [1, 2, 3]);
  for (const envelope of [...recorded, ...[...recorded].reverse()]) bus.publish("news", envelope);
  await settled();
  assert.deepEqual(heard, [1, 2, 3]);
  const elsewhere: string[] = [];
  b.subscribe("other", (text) => elsewhere.push(text));
  for (const envelope of recorded.slice(0, 3)) bus.publish("other", envelope);
  await settled();
  assert.deepEqual(elsewhere, []);
  a.publish("news", JSON.stringify({ n: 4 }));
  await settled();
  assert.deepEqual(heard, [1, 2, 3, 4], "and what is new is heard");
});

test("each process that listens has its own memory, and a sender that starts again is heard", async () => {
  const { bus, recorded, listen } = wire();
  const heard = [listen(signedBus(bus, SECRET)), listen(signedBus(bus, SECRET))];
  signedBus(bus, SECRET).publish("news", '{"n":1}');
  signedBus(bus, SECRET).publish("news", '{"n":2}');
  await settled();
  assert.deepEqual(heard, [
    [1, 2],
    [1, 2],
  ]);
  for (const envelope of [...recorded]) bus.publish("news", envelope);
  await settled();
  assert.deepEqual(heard[0], [1, 2]);
});

test("a recording of the day before is nothing to a process that has just started; a wrong clock of hours is heard", async () => {
  const { bus, listen } = wire();
  let now = Date.now();
  const late = signedBus(bus, SECRET, () => now - 25 * HOUR_MS);
  const off = signedBus(bus, SECRET, () => now - 3 * HOUR_MS);
  const heard = listen(signedBus(bus, SECRET, () => now));
  late.publish("news", '{"n":"old"}');
  off.publish("news", '{"n":"off"}');
  await settled();
  assert.deepEqual(heard, ["off"]);
  now += HOUR_MS;
  off.publish("news", '{"n":"again"}');
  await settled();
  assert.deepEqual(heard, ["off", "again"]);
});

test("forged, changed and cut envelopes are nothing", async () => {
  const { bus, recorded, listen } = wire();
  const [a, heard] = [signedBus(bus, SECRET), listen(signedBus(bus, SECRET))];
  signedBus(bus, "another secret").publish("news", '{"n":0}');
  a.publish("news", '{"n":1}');
  await settled();
  const whole = recorded[1] ?? "";
  for (let i = 0; i < whole.length; i++) bus.publish("news", whole.slice(0, i));
  bus.publish("news", whole.replace('"n":1', '"n":2'));
  bus.publish(
    "news",
    whole.replace(/,(\d+),0,/, (_, number: string) => `,${Number(number) + 1},0,`),
  );
  await settled();
  assert.deepEqual(heard, [1]);
});

test("an envelope without a stamp is nothing, also with the right signature", async () => {
  const { bus, listen } = wire();
  const heard = listen(signedBus(bus, SECRET));
  const signature = createHmac("sha256", SECRET).update('news\n{"n":1}').digest("base64url");
  bus.publish("news", `${signature} {"n":1}`);
  await settled();
  assert.deepEqual(heard, []);
});

/** The rows that a watcher has seen, and the table under it without signatures. */
function rows(bus: LocalBus) {
  const seen = new Map<string, string | null>();
  const watcher: TableWatcher = {
    all: (all: ReadonlyMap<string, Row>) => {
      for (const [key, row] of all) seen.set(key, row.value);
    },
    changed: (key, value) => seen.set(key, value),
  };
  const silent: TableWatcher = { all: () => {}, changed: () => {} };
  return { table: signedBus(bus, SECRET).table("t", watcher), seen, raw: bus.table("t", silent) };
}

test("an older row that is put back is empty, and its node writes over it", async () => {
  const bus = new LocalBus();
  const [{ table, seen, raw }, other] = [rows(bus), rows(bus)];
  const first = await table.create("k", '{"v":1}');
  const old = (await raw.get("k"))?.value ?? "";
  const second = await table.update("k", '{"v":2}', first ?? 0);
  const newer = (await raw.get("k"))?.value ?? "";
  for (const recording of [old, newer]) {
    const revision = await raw.update("k", recording, (await raw.get("k"))?.revision ?? 0);
    assert.ok(revision !== null && second !== null && revision > second);
    for (const { seen: at } of [{ seen }, other]) assert.equal(at.get("k"), "");
    assert.equal((await other.table.get("k"))?.value, "");
  }
  const revision = (await table.get("k"))?.revision ?? 0;
  assert.ok(await other.table.update("k", '{"v":3}', revision), "the revision to write over it is there");
  assert.equal(seen.get("k"), '{"v":3}', "readers get the row without its stamp");
});

test("a removed row that is put back is empty, and one that is created again is not", async () => {
  const bus = new LocalBus();
  const { table, seen, raw } = rows(bus);
  const revision = await table.create("k", '{"v":1}');
  const recording = (await raw.get("k"))?.value ?? "";
  assert.ok(await table.remove("k", revision ?? 0));
  const back = await raw.create("k", recording);
  assert.equal(seen.get("k"), "");
  assert.ok(await raw.remove("k", back ?? 0));
  assert.ok(await table.create("k", '{"v":2}'));
  assert.equal(JSON.parse(seen.get("k") ?? "").v, 2);
});

test("a stamp is read back from any JSON object with fields, and other texts have none", () => {
  const stamp = { by: "a", at: 1, number: 2, after: 3 };
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const { ["$sent"]: _, ...fields } = object;
      const text = JSON.stringify(fields);
      if (text === "{}") return;
      const whole = stamped(text, stamp);
      assert.deepEqual(readStamp(whole), { stamp, text });
      const { $sent, ...read } = JSON.parse(whole);
      assert.ok($sent);
      assert.equal(JSON.stringify(read), JSON.stringify(JSON.parse(text)));
    }),
  );
  for (const text of ["", "{}", "[1]", "word", '{"$sent":[],"a":1}']) assert.equal(readStamp(text), null, text);
  fc.assert(fc.property(fc.string(), (text) => void readStamp(`{"$sent":${text}`)));
});
