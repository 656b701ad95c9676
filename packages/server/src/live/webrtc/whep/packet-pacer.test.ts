import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { PacketPacer } from "./packet-pacer.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("all have a turn before one has its second, and who is done is not called again", async () => {
  const calls: string[] = [];
  const pacer = new PacketPacer(new ManualClock());
  const of = (name: string, turns: number) => ({
    sendSome: () => {
      calls.push(name);
      turns--;
      return turns > 0 ? ("more" as const) : ("done" as const);
    },
  });
  for (const one of [of("a", 3), of("b", 1), of("c", 2)]) pacer.wake(one);
  await turn();
  assert.deepEqual(calls, ["a", "b", "c", "a", "c", "a"]);
  await turn();
  assert.equal(calls.length, 6);
});

test("the event loop has its turn after some milliseconds of work", async () => {
  let now = 0;
  let calls = 0;
  const pacer = new PacketPacer({ monotonic: () => now, after: () => () => {} });
  const sendSome = () => {
    now++;
    calls++;
    return "done" as const;
  };
  for (let i = 0; i < 100; i++) pacer.wake({ sendSome });
  await turn();
  assert.ok(calls > 0 && calls < 10, `${calls} calls in the first turn`);
  while (calls < 100) await turn();
  pacer.close();
});

test("who has to wait is not called until the next step, however often it is woken", async () => {
  const clock = new ManualClock();
  const pacer = new PacketPacer(clock);
  let calls = 0;
  const one = {
    sendSome: () => {
      calls++;
      return calls === 1 ? ("later" as const) : ("done" as const);
    },
  };
  pacer.wake(one);
  await turn();
  pacer.wake(one);
  await turn();
  assert.equal(calls, 1);
  clock.advance(5);
  await turn();
  assert.equal(calls, 2);
});

test("who was removed is not called", async () => {
  const pacer = new PacketPacer(new ManualClock());
  const one = { sendSome: () => assert.fail("it was removed") };
  pacer.wake(one);
  pacer.remove(one);
  await turn();
});
