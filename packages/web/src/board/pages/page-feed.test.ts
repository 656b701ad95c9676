/** What a page hears of its operations: each once and in order, whether they come before, during or after the loading of its fold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "@lectern/board";
import { parseFrame } from "@lectern/room";
import { RoomStore } from "../../room/room-store.ts";
import { liveFeed, replayFeed } from "./page-feed.ts";

const remove = (id: string): Operation => ["d", [id]];
const stroke = (seq: number, id: string, page = "1.1") => ({ seq, kind: "stroke", page, ops: [remove(id)] });

function world() {
  const store = new RoomStore();
  const take = (raw: object) => store.take(parseFrame(JSON.stringify(raw))!);
  const room = {
    onEntry: (listener: Parameters<RoomStore["onEntry"]>[0]) => store.onEntry(listener),
    onSnapshot: (listener: () => void) => store.onSnapshot(listener),
    place: () => store.place,
    drawn: null,
  };
  const loads: { after: number; answer: (value: unknown) => void; fail: () => void }[] = [];
  const load = (_page: string, after: number) =>
    new Promise<unknown>((answer, reject) => loads.push({ after, answer, fail: () => reject(new Error("away")) }));
  const heard: string[] = [];
  const sink = {
    reset: (operations: readonly Operation[], seq: number) => void heard.push(`all ${seq} ${JSON.stringify(operations)}`),
    append: (operations: readonly Operation[], seq: number, since: number) =>
      void heard.push(`${since}-${seq} ${operations.map(([, id]) => String(id)).join()}`),
  };
  return { take, room, load, loads, heard, sink };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("entries that come while the fold is loaded follow it, without those that it has", async () => {
  const { take, room, load, loads, heard, sink } = world();
  take({ epoch: "e", seq: 4, you: { id: "p", role: "guest" }, snapshot: [] });
  const end = liveFeed(room, load)("1.1", sink);
  assert.equal(loads[0]?.after, 4);
  take({ epoch: "e", seq: 5, entries: [stroke(5, "aaaa.5")] });
  take({ epoch: "e", seq: 7, entries: [stroke(6, "aaaa.6", "1.2"), stroke(7, "aaaa.7")] });
  loads[0]?.answer({ page: "1.1", epoch: "e", seq: 5, operations: [remove("aaaa.5")] });
  await settled();
  take({ epoch: "e", seq: 8, entries: [stroke(8, "aaaa.8")] });
  assert.deepEqual(heard, ['all 5 [["d",["aaaa.5"]]]', "6-7 aaaa.7", "7-8 aaaa.8"]);
  end();
  take({ epoch: "e", seq: 9, entries: [stroke(9, "aaaa.9")] });
  assert.equal(heard.length, 3);
});

test("after a snapshot, in which what passed by is missing, the fold is asked for again", async () => {
  const { take, room, load, loads, heard, sink } = world();
  take({ epoch: "e", seq: 1, you: { id: "p", role: "guest" }, snapshot: [] });
  const end = liveFeed(room, load)("1.1", sink);
  loads[0]?.answer({ page: "1.1", epoch: "e", seq: 1, operations: [] });
  await settled();
  take({ epoch: "f", seq: 90, you: { id: "p", role: "guest" }, snapshot: [] });
  assert.equal(loads[1]?.after, 90);
  take({ epoch: "f", seq: 91, entries: [stroke(91, "aaaa.1")] });
  loads[1]?.answer({ page: "1.1", epoch: "f", seq: 90, operations: [] });
  await settled();
  assert.deepEqual(heard, ["all 1 []", "all 90 []", "90-91 aaaa.1"]);
  end();
});

test("a replay knows by itself what was drawn, and says so after each seek", () => {
  const { take, room, heard, sink } = world();
  take({ epoch: "replay", seq: 3, snapshot: [] });
  let drawn: readonly unknown[] = [remove("aaaa.1"), ["no such operation"]];
  const end = replayFeed({ ...room, drawn: () => drawn })("1.1", sink);
  drawn = [];
  take({ epoch: "replay", seq: 1, snapshot: [] });
  take({ epoch: "replay", seq: 2, entries: [stroke(2, "aaaa.2")] });
  assert.deepEqual(heard, ['all 3 [["d",["aaaa.1"]]]', "all 1 []", "1-2 aaaa.2"]);
  end();
});
