/** What a page holds of a room: each entry once and in order, whatever the line loses or repeats. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFrame } from "@lectern/room";
import fc from "fast-check";
import { RoomStore } from "./room-store.ts";

type Raw = Record<string, unknown>;

const frame = (raw: Raw) => parseFrame(JSON.stringify(raw))!;
const chat = (seq: number, ref = String(seq), more: Raw = {}): Raw => ({
  epoch: "e",
  seq,
  at: seq,
  id: `d${seq}`,
  from: "p",
  name: "Mei",
  role: "guest",
  kind: "chat",
  key: `chat/${ref}`,
  text: `line ${seq}`,
  ref,
  ...more,
});
const texts = (store: RoomStore, kind = "chat") => store.held(kind).map(({ body }) => body["text"]);

test("the newest entry of a key replaces the older one in its place, and a gone one removes it", () => {
  const store = new RoomStore();
  store.take(frame({ epoch: "e", seq: 2, snapshot: [chat(1, "a"), chat(2, "b")] }));
  store.take(frame({ epoch: "e", seq: 3, entries: [chat(3, "a")] }));
  assert.deepEqual(texts(store), ["line 3", "line 2"]);
  store.take(frame({ epoch: "e", seq: 4, entries: [chat(4, "b", { gone: true })] }));
  assert.deepEqual(texts(store), ["line 3"]);
  assert.equal(store.one("chat/a")?.seq, 3);
  assert.equal(store.one("chat/b"), null);
  assert.equal(store.position, "e.4");
});

test("a single word is a key and a kind", () => {
  const store = new RoomStore();
  store.take(frame({ epoch: "e", seq: 1, snapshot: [{ ...chat(1), kind: "settings", key: "settings" }] }));
  assert.equal(store.one("settings")?.kind, "settings");
  assert.equal(store.held("settings").length, 1);
});

test("older entries join those of a snapshot in their order, and say what has become of what the page had before", () => {
  const store = new RoomStore();
  const key = (n: number) => String(n).padStart(4, "0");
  const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => chat(from + i, key(from + i)));
  const you = { id: "p", name: "Mei", role: "guest" };
  store.take(frame({ you, epoch: "e", seq: 40, snapshot: lines(1, 40) }));
  const entered: number[] = [];
  store.onEntry(({ seq }) => void entered.push(seq));
  store.take(frame({ you, epoch: "e", seq: 500, snapshot: lines(201, 500) }));
  store.take(frame({ epoch: "e", older: lines(121, 200) }));
  store.take(frame({ epoch: "e", older: [...lines(41, 120), chat(90, key(3), { gone: true }), chat(2, key(300))] }));
  const expected = [...lines(1, 2), ...lines(4, 500)].map((line) => line["text"]);
  assert.deepEqual(texts(store), expected);
  assert.deepEqual([store.position, entered], ["e.500", []]);
  store.take(frame({ you: { ...you, role: "staff" }, epoch: "e", seq: 500, snapshot: lines(201, 500) }));
  assert.equal(texts(store).length, 300, "another person sees other lines");
  store.take(frame({ you, epoch: "f", seq: 2, snapshot: lines(1, 2) }));
  assert.equal(texts(store).length, 2);
});

test("lists stay the same until something of their kind changes", () => {
  const store = new RoomStore();
  store.take(frame({ epoch: "e", seq: 1, snapshot: [chat(1)] }));
  const before = store.held("chat");
  store.take(frame({ epoch: "e", seq: 2, entries: [{ ...chat(2), kind: "hand", key: "hand/p" }] }));
  assert.equal(store.held("chat"), before);
  store.take(frame({ epoch: "e", seq: 3, entries: [chat(3)] }));
  assert.notEqual(store.held("chat"), before);
});

test("listeners hear of entries as they happen, not of a snapshot's, and each once", () => {
  const store = new RoomStore();
  const heard: number[] = [];
  const stop = store.onEntry(({ seq }) => void heard.push(seq));
  store.take(frame({ epoch: "e", seq: 2, snapshot: [chat(1), chat(2)] }));
  store.take(frame({ epoch: "e", seq: 4, entries: [chat(4), chat(2), chat(3), chat(4)] }));
  store.take(frame({ epoch: "e", seq: 4, entries: [chat(3)] }));
  assert.deepEqual(heard, [3, 4]);
  stop();
  store.take(frame({ epoch: "e", seq: 5, entries: [chat(5)] }));
  assert.deepEqual(heard, [3, 4]);
});

test("another epoch needs a snapshot, which replaces everything", () => {
  const store = new RoomStore();
  store.take(frame({ epoch: "e", seq: 2, snapshot: [chat(1), chat(2)], signals: [{ kind: "people", count: 2 }] }));
  assert.equal(store.take(frame({ epoch: "f", seq: 1, entries: [chat(1, "a", { epoch: "f" })] })), false);
  assert.deepEqual(texts(store), ["line 1", "line 2"]);
  assert.equal(store.take(frame({ epoch: "f", seq: 1, snapshot: [chat(1, "a", { epoch: "f", text: "new" })] })), true);
  assert.deepEqual([texts(store), store.position, store.signal("people")], [["new"], "f.1", null]);
});

test("of a signal the newest value counts", () => {
  const store = new RoomStore();
  store.take(
    frame({
      signals: [
        { kind: "people", count: 2 },
        { kind: "tally", key: "q", answered: 1 },
      ],
    }),
  );
  store.take(frame({ signals: [{ kind: "people", count: 3 }] }));
  assert.deepEqual([store.signal("people")?.body["count"], store.signal("tally", "q")?.body["answered"]], [3, 1]);
});

test("what is held is bounded", () => {
  const store = new RoomStore();
  for (let seq = 1; seq <= 7000; seq += 100)
    store.take(frame({ epoch: "e", seq: seq + 99, entries: Array.from({ length: 100 }, (_, i) => chat(seq + i)) }));
  assert.equal(store.held("chat").length, 2000);
  assert.equal(texts(store).at(-1), "line 7000");
});

/** What happens on the way: pieces arrive, are repeated, are lost with the line, and the page returns with its position. */
const step = fc.oneof(
  fc.record({ what: fc.constant("write" as const), count: fc.integer({ min: 1, max: 4 }), key: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ what: fc.constant("deliver" as const), isRepeated: fc.boolean() }),
  fc.record({ what: fc.constant("reconnect" as const), isForgotten: fc.boolean() }),
);

test("whatever is lost, repeated or resumed, each entry is heard once and in order, and the end is the same as the log's", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const log: Raw[] = [];
      const store = new RoomStore();
      const heard: number[] = [];
      /** Entries that a snapshot has brought are not heard. */
      let floor = 0;
      store.onEntry(({ seq }) => void heard.push(seq));
      let sent = 0;
      const newest = () => {
        const held = new Map<unknown, Raw>();
        for (const entry of log) held.set(entry["key"], entry);
        return [...held.values()];
      };
      const join = (isForgotten: boolean) => {
        const after = isForgotten ? null : store.position;
        const from = after === null ? null : Number(after.split(".")[1]);
        if (from === null) {
          store.take(frame({ epoch: "e", seq: log.length, snapshot: newest() }));
          floor = log.length;
        } else store.take(frame({ epoch: "e", seq: log.length, entries: log.slice(from) }));
        sent = log.length;
      };
      join(false);
      for (const one of steps) {
        if (one.what === "write") for (let i = 0; i < one.count; i++) log.push(chat(log.length + 1, `k${one.key}`));
        else if (one.what === "reconnect") join(one.isForgotten);
        else {
          const batch = log.slice(one.isRepeated ? Math.max(0, sent - 3) : sent);
          store.take(frame({ epoch: "e", seq: log.length, entries: batch }));
          sent = log.length;
        }
      }
      join(false);
      assert.deepEqual(
        heard,
        [...new Set(heard)].toSorted((one, other) => one - other),
      );
      assert.deepEqual(
        store
          .held("chat")
          .map(({ seq }) => seq)
          .toSorted((one, other) => one - other),
        newest()
          .map((entry) => entry["seq"] as number)
          .toSorted((one, other) => one - other),
      );
      const missing = log.map((entry) => entry["seq"] as number).filter((seq) => seq > floor && !heard.includes(seq));
      assert.deepEqual(missing, []);
    }),
  );
});

test("a connection that begins again knows only the signals that are told now", () => {
  const store = new RoomStore();
  const you = { id: "p", name: "Mei", role: "guest" };
  const shed = { kind: "shed", what: ["reactions"] };
  store.take(frame({ you, epoch: "e", seq: 1, signals: [shed] }));
  store.take(frame({ epoch: "e", seq: 2 }));
  assert.deepEqual(store.signal("shed")?.body["what"], ["reactions"]);
  store.take(frame({ you, epoch: "e", seq: 2 }));
  assert.equal(store.signal("shed"), null);
});
