/** A pen whose worker sends, both sides of it: the page's, and the worker's with its port to the room. What passes between them is copied, as between threads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePoints, type Operation, type Point } from "@lectern/board";
import type { NumberedAction, ToPort } from "../../room/line-messages.ts";
import { type FromLiveStrokes, type Ink, packed, type ToLiveStrokes } from "../canvas/live-stroke-messages.ts";
import { type PenPort, PenSender } from "./pen-sender.ts";
import { WorkerPen } from "./worker-pen.ts";

const INK: Ink = { tool: "pen", color: "black", width: 12 };
/** On a curve, so that none is left out. */
const point = (i: number): Point => ({ x: 10 * i, y: i * i, pressure: 0.5, at: 8 * i });

function world() {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  const kept: number[] = [];
  const sent: NumberedAction[] = [];
  const told: string[] = [];
  let isEnded = false;
  let delayed: FromLiveStrokes[] | null = null;
  const port: PenPort = { postMessage: (message: NumberedAction) => void sent.push(structuredClone(message)), onmessage: null };
  const sender = new PenSender({
    tell: (message) => {
      if (delayed) delayed.push(message);
      else pen.hear(structuredClone(message));
    },
    keep: (_id, points) => void kept.push(points.length),
    after: (ms, call) => {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    close: () => {
      isEnded = true;
    },
  });
  const take = (message: ToLiveStrokes[number]): void =>
    sender.take(message.kind === "line" ? { kind: "line", port: port as MessagePort } : structuredClone(message));
  const pen = new WorkerPen({ tell: take, note: take, onRefused: ({ code }) => void told.push(`refused: ${code}`) });
  const say = (message: ToPort): void => port.onmessage?.call(port as MessagePort, { data: message } as MessageEvent<ToPort>);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    pen,
    take,
    sent,
    told,
    kept,
    settled,
    isEnded: () => isEnded,
    /** What the worker tells arrives when the function is called that it returns. */
    delay: () => {
      const all: FromLiveStrokes[] = [];
      delayed = all;
      return () => {
        delayed = null;
        for (const message of all) pen.hear(message);
      };
    },
    connect: (isOpen = true) => {
      pen.connect(port as MessagePort);
      say({ kind: "open", isOpen });
    },
    open: (isOpen: boolean) => say({ kind: "open", isOpen }),
    write: (id: string) =>
      pen.write("1.1", id, INK, (operation) => {
        told.push(`written ${id}: ${pointsOf([operation])}`);
        return { stored: (seq) => void told.push(`stored ${id} ${seq}`), refused: () => void told.push(`gone ${id}`) };
      }),
    add: (operation: Operation, name: string) =>
      pen.add("1.1", operation, { stored: (seq) => void told.push(`${name} ${seq}`), refused: () => void told.push(`no ${name}`) }),
    more: (id: string, from: number, count = 1) =>
      take({ kind: "more", id, samples: packed(Array.from({ length: count }, (_, i) => point(from + i))) }),
    pass: async (ms: number) => {
      now += ms;
      for (const timer of [...timers])
        if (timer.at <= now) {
          timers.delete(timer);
          timer.call();
        }
      await settled();
    },
    store: async (seq: number) => {
      say({ kind: "done", number: sent.at(-1)!.number, done: { seq } });
      await settled();
    },
    refuse: async (code: string) => {
      say({ kind: "refused", number: sent.at(-1)!.number, error: { code, detail: null, retryAfter: null } });
      await settled();
    },
    operations: () => sent.flatMap(({ action }) => action.body["ops"] as Operation[]),
  };
}

/** How many points a stroke has after these operations; the texts of the batches are the text of the stroke. */
function pointsOf(operations: readonly Operation[]): number {
  const text = operations.map((one) => (one[0] === "s" ? one[5] : one[0] === "p" ? one[2] : "")).join("");
  return decodePoints(text)?.length ?? -1;
}

test("batches are sent while the pen is down, and the page has the whole stroke when it is lifted", async () => {
  const { pen, connect, write, more, pass, store, operations, sent, told, kept } = world();
  connect();
  write("aaaa.1");
  more("aaaa.1", 0, 3);
  assert.equal(sent.length, 0);
  await pass(40);
  assert.equal(sent.length, 1);
  more("aaaa.1", 3, 4);
  await pass(40);
  assert.equal(sent.length, 1, "one at a time");
  await store(5);
  await pass(40);
  assert.equal(sent.length, 2);
  assert.deepEqual(told, []);
  more("aaaa.1", 7, 2);
  pen.lift();
  const whole = kept.reduce((sum, count) => sum + count, 0);
  assert.deepEqual(told, [`written aaaa.1: ${whole}`]);
  await store(6);
  await pass(40);
  assert.equal(operations().at(-1)?.[3], 1, "it has ended");
  assert.equal(pointsOf(operations()), whole);
  await store(7);
  assert.deepEqual(told.slice(1), ["stored aaaa.1 7"]);
});

test("what else the person draws keeps its place between strokes", async () => {
  const { pen, connect, write, more, add, pass, store, operations, told } = world();
  connect();
  write("aaaa.1");
  more("aaaa.1", 0, 3);
  pen.lift();
  add(["d", ["aaaa.1"]], "erased");
  write("aaaa.2");
  more("aaaa.2", 0, 3);
  pen.lift();
  await pass(40);
  await store(4);
  assert.deepEqual(
    operations().map(([letter, id]) => `${letter} ${id}`),
    ["s aaaa.1", "d aaaa.1", "s aaaa.2"],
  );
  assert.deepEqual(told.slice(2), ["stored aaaa.1 4", "erased 4", "stored aaaa.2 4"]);
});

test("what waits for a stroke to be on the page is done once it is, and at once where none is coming", () => {
  const { pen, connect, write, more, delay, told } = world();
  connect();
  write("aaaa.1");
  more("aaaa.1", 0, 3);
  pen.whenWritten(() => void told.push("at once: the pen is down"));
  assert.deepEqual(told.splice(0), ["at once: the pen is down"]);
  const arrive = delay();
  pen.lift();
  pen.whenWritten(() => void told.push("after it"));
  write("aaaa.2");
  assert.deepEqual(told, []);
  arrive();
  assert.deepEqual(told, ["written aaaa.1: 2", "after it"]);
});

test("without a line it waits, and all of it is sent once there is one", async () => {
  const { pen, connect, open, write, more, add, pass, sent, store, operations, told } = world();
  connect(false);
  write("aaaa.1");
  for (let i = 0; i < 20; i++) {
    more("aaaa.1", i);
    await pass(40);
  }
  pen.lift();
  add(["m", "aaaa.1", 5, 5, 1], "moved");
  await pass(1000);
  assert.equal(sent.length, 0);
  open(true);
  await pass(40);
  assert.deepEqual(
    operations().map(([letter]) => letter),
    ["s", "m"],
  );
  assert.equal(`written aaaa.1: ${pointsOf(operations())}`, told[0]);
  await store(3);
  assert.deepEqual(told.slice(1), ["stored aaaa.1 3", "moved 3"]);
});

test("a refusal in the middle of a stroke is told, and so is one of its end", async () => {
  const { pen, connect, write, more, pass, refuse, told } = world();
  connect();
  write("aaaa.1");
  more("aaaa.1", 0, 3);
  await pass(40);
  await refuse("forbidden");
  assert.deepEqual(told.splice(0), ["refused: forbidden"]);
  more("aaaa.1", 3, 3);
  pen.lift();
  await pass(40);
  await refuse("forbidden");
  assert.deepEqual(told.slice(1), ["gone aaaa.1", "refused: forbidden"]);
});

test("another line takes over what waits; what was sent on the one before is answered there", async () => {
  const { pen, connect, open, add, pass, sent, store, told } = world();
  connect();
  add(["d", ["aaaa.1"]], "first");
  await pass(40);
  add(["u", ["aaaa.1"]], "second");
  connect(false);
  await pass(1000);
  assert.equal(sent.length, 1);
  await store(3);
  open(true);
  await pass(40);
  assert.equal(sent.length, 2);
  await store(4);
  assert.deepEqual(told, ["first 3", "second 4"]);
  pen.setInterval(200);
  add(["d", ["aaaa.1"]], "third");
  await pass(199);
  assert.equal(sent.length, 2);
  await pass(1);
  assert.equal(sent.length, 3);
});

test("the worker ends once the page does without it and everything is sent", async () => {
  const { connect, add, take, pass, store, isEnded } = world();
  connect();
  add(["d", ["aaaa.1"]], "erased");
  take({ kind: "over" });
  await pass(0);
  assert.ok(!isEnded());
  await store(3);
  assert.ok(isEnded());
  const idle = world();
  idle.take({ kind: "over" });
  assert.ok(idle.isEnded());
  // A stroke in hand ends with the page.
  const writing = world();
  writing.connect();
  writing.write("aaaa.1");
  writing.more("aaaa.1", 0, 3);
  writing.take({ kind: "over" });
  assert.ok(!writing.isEnded());
  assert.equal(pointsOf(writing.operations()), 2);
  await writing.store(3);
  assert.ok(writing.isEnded());
});
