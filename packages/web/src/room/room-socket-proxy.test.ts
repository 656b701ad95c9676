/** A line that a worker keeps, as its page has it: what is told in both directions, the worker that cannot be loaded, and the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, Frame } from "@lectern/room";
import type { FromLine, ToLine } from "./line-messages.ts";
import type { RoomConnectionEvents, RoomLine } from "./room-connection.ts";
import type { RoomError } from "./room-error.ts";
import { RoomSocketProxy, type RoomSocketWorker } from "./room-socket-proxy.ts";

const ADDRESS = "/api/v1/rooms/ABCD/socket?sign=1";
const action = (id: string): Action => ({ id, kind: "chat", mediaTime: null, body: { text: id } });
const frame = (seq: number): Frame => ({
  you: null,
  now: null,
  position: { epoch: "e", seq },
  snapshot: null,
  entries: [],
  older: [],
  signals: [],
  acks: [],
});

function world() {
  const said: ToLine[] = [];
  const heard: string[] = [];
  let isEnded = false;
  const worker: RoomSocketWorker = {
    postMessage: (message) => void said.push(message),
    terminate: () => {
      isEnded = true;
    },
    onmessage: null,
    onerror: null,
  };
  const events: RoomConnectionEvents = {
    onFrame: ({ position }) => heard.push(`frame ${position?.seq}`) > 0,
    onStatus: (status, failure) => void heard.push(`${status} ${failure?.code ?? "well"}`),
    onPending: (pending) => void heard.push(`pending ${pending.length}`),
    position: () => null,
  };
  const here: string[] = [];
  const openHere = (address: string): RoomLine => {
    here.push(address);
    return {
      send: async ({ id }) => ({ seq: here.push(`sent ${id}`) }),
      setAddress: (next) => void here.push(next),
      retryNow: () => void here.push("again"),
      close: () => void here.push("closed"),
      openPort: () => null,
    };
  };
  const line = new RoomSocketProxy(ADDRESS, events, { worker, language: "zh", openHere });
  const say = (message: FromLine): void => worker.onmessage?.({ data: message } as MessageEvent<FromLine>);
  const fail = (): void => worker.onerror?.({} as ErrorEvent);
  return { line, said, heard, here, say, fail, isEnded: () => isEnded };
}

test("the worker is told what the page wants, and the page what the worker hears", async () => {
  const { line, said, heard, say } = world();
  const [stored, refused] = [line.send(action("a")), line.send(action("b"))];
  line.setAddress("/other");
  line.retryNow(true);
  assert.deepEqual(said, [
    { kind: "open", address: ADDRESS, language: "zh" },
    { kind: "send", number: 1, action: action("a") },
    { kind: "send", number: 2, action: action("b") },
    { kind: "address", address: "/other" },
    { kind: "retry", isOtherNetwork: true },
  ]);
  say({ kind: "ready" });
  say({ kind: "frames", frames: [frame(3), frame(4)] });
  say({ kind: "status", status: "closed", failure: { code: "removed-from-lesson", detail: null, retryAfter: null } });
  say({ kind: "pending", pending: [] });
  assert.deepEqual(heard, ["frame 3", "frame 4", "closed removed-from-lesson", "pending 0"]);
  say({ kind: "refused", number: 2, error: { code: "too-many", detail: "Later.", retryAfter: 3 } });
  say({ kind: "done", number: 1, done: { seq: 9 } });
  assert.deepEqual(await stored, { seq: 9 });
  await assert.rejects(refused, ({ code, detail, retryAfter }: RoomError) => {
    assert.deepEqual([code, detail, retryAfter], ["too-many", "Later.", 3]);
    return true;
  });
});

test("a worker has a way past the page from when it runs until the line is closed", () => {
  const { line, said, say } = world();
  assert.equal(line.openPort(), null);
  say({ kind: "ready" });
  const port = line.openPort();
  const last = said.at(-1);
  assert.ok(port && last?.kind === "port" && last.port !== port);
  line.close();
  assert.equal(line.openPort(), null);
  for (const one of [port, last.port]) one.close();
});

test("where the worker cannot be loaded, the page keeps the line, and what was sent goes through it", async () => {
  const { line, here, say, fail, isEnded } = world();
  const before = line.send(action("a"));
  line.setAddress("/renewed");
  fail();
  assert.ok(isEnded());
  assert.deepEqual(await before, { seq: 2 });
  await line.send(action("b"));
  line.setAddress("/again");
  line.retryNow();
  assert.deepEqual(here, ["/renewed", "sent a", "sent b", "/again", "again"]);
  say({ kind: "ready" });
  assert.equal(line.openPort(), null);
  line.close();
  assert.equal(here.at(-1), "closed");
});

test("an error of a worker that runs is none of its script", () => {
  const { here, say, fail, isEnded } = world();
  say({ kind: "ready" });
  fail();
  assert.ok(!isEnded());
  assert.deepEqual(here, []);
});

test("what was not answered is refused when the page closes the line, and nothing is told after it", async () => {
  const { line, said, heard, say } = world();
  const waiting = line.send(action("a"));
  line.close();
  line.close();
  assert.equal(said.at(-1)?.kind, "close");
  await assert.rejects(waiting, { code: "offline" });
  await assert.rejects(line.send(action("b")), { code: "offline" });
  say({ kind: "frames", frames: [frame(3)] });
  assert.deepEqual(heard, []);
});
