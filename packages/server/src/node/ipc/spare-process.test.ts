import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { SpareProcess } from "./spare-process.ts";

function setUp(t: TestContext) {
  const made: ChildProcess[] = [];
  const spare = new SpareProcess(() => {
    const child = spawn("sleep", ["1000"], { stdio: "ignore" });
    made.push(child);
    t.after(() => child.kill("SIGKILL"));
    return child;
  }, 1);
  const untilMade = async (count: number) => {
    while (made.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { spare, made, untilMade };
}

test("a spare process is handed out once, alive, and another one is prepared", async (t) => {
  const { spare, made, untilMade } = setUp(t);
  assert.equal(spare.take(), null, "there is none yet");
  spare.prepare();
  await untilMade(1);
  const taken = spare.take();
  assert.equal(taken, made[0]);
  assert.deepEqual([taken?.exitCode, taken?.signalCode], [null, null]);
  assert.equal(spare.take(), null);
  await untilMade(2);
  assert.equal(spare.take(), made[1]);
  spare.close();
});

test("a spare process that dies is replaced, and is not handed out", async (t) => {
  const { spare, made, untilMade } = setUp(t);
  spare.prepare();
  await untilMade(1);
  made[0]?.kill("SIGKILL");
  await untilMade(2);
  assert.equal(spare.take(), made[1]);
  spare.close();
});

test("a closed spare process is gone, and none is prepared", async (t) => {
  const { spare, made, untilMade } = setUp(t);
  spare.prepare();
  await untilMade(1);
  const gone = made[0] && once(made[0], "exit");
  spare.close();
  await gone;
  spare.prepare();
  assert.equal(spare.take(), null);
  assert.equal(made.length, 1);
});
