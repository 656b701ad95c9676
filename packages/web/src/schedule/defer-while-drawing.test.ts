/** What can wait while a person draws, with a manual clock. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { afterDrawing, inTurn, inTurnOnSchedule, setDrawing } from "./defer-while-drawing.ts";

/** Goes on from one test to the next, as a page's does. */
let now = 1000;

function world({ mock }: TestContext) {
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout"] });
  const done: string[] = [];
  const pass = (ms: number): void => {
    for (let i = 0; i < ms; i++) {
      now++;
      mock.timers.tick(1);
    }
  };
  pass(1000);
  return { done, pass, wait: (name: string) => inTurn(() => void done.push(name)) };
}

test("what only waits for a stroke is done at once where there is none", (t) => {
  const { done, pass } = world(t);
  const act = (name: string) => afterDrawing(() => void done.push(name));
  for (const name of ["a", "b"]) act(name);
  assert.deepEqual(done, ["a", "b"]);
  setDrawing(true);
  act("c");
  act("d")();
  pass(100);
  assert.deepEqual(done, ["a", "b"]);
  setDrawing(false);
  pass(100);
  assert.deepEqual(done, ["a", "b", "c"]);
});

test("where nobody draws, it is done at once, and the next one a frame later", (t) => {
  const { done, wait, pass } = world(t);
  wait("a");
  assert.deepEqual(done, ["a"]);
  for (const name of ["b", "c"]) wait(name);
  assert.deepEqual(done, ["a"]);
  pass(17);
  assert.deepEqual(done, ["a", "b"]);
  pass(16);
  assert.deepEqual(done, ["a", "b"]);
  pass(1);
  assert.deepEqual(done, ["a", "b", "c"]);
  pass(17);
  wait("d");
  assert.equal(done.at(-1), "d");
});

test("what comes while a person draws is done after the stroke", (t) => {
  const { done, wait, pass } = world(t);
  setDrawing(true);
  for (const name of ["a", "b"]) wait(name);
  pass(900);
  assert.deepEqual(done, []);
  setDrawing(false);
  pass(24);
  assert.deepEqual(done, []);
  pass(1);
  assert.deepEqual(done, ["a"]);
  // Not before those that wait already.
  wait("c");
  pass(17);
  pass(17);
  assert.deepEqual(done, ["a", "b", "c"]);
});

test("the next stroke comes first again, but nothing waits for more than a second", (t) => {
  const { done, wait, pass } = world(t);
  setDrawing(true);
  wait("a");
  wait("b");
  setDrawing(false);
  pass(25);
  setDrawing(true);
  pass(974);
  assert.deepEqual(done, ["a"]);
  pass(1);
  assert.deepEqual(done, ["a", "b"]);
  setDrawing(false);
  pass(5000);
  assert.deepEqual(done, ["a", "b"]);
});

test("what is ended meanwhile is not done, also by another that waits", (t) => {
  const { done, wait, pass } = world(t);
  setDrawing(true);
  let endB = () => {};
  inTurn(() => endB());
  endB = wait("b");
  const endC = wait("c");
  wait("d");
  endC();
  setDrawing(false);
  pass(200);
  assert.deepEqual(done, ["d"]);
});

test("what is done may have more to do", (t) => {
  const { done, wait, pass } = world(t);
  inTurn(() => {
    done.push("a");
    wait("b");
  });
  assert.deepEqual(done, ["a"]);
  pass(17);
  assert.deepEqual(done, ["a", "b"]);
});

test("a stroke that is longer than a period puts off what is done in each, and does not keep it from being done", (t) => {
  const { done, pass } = world(t);
  const end = inTurnOnSchedule(() => void done.push("a"), 1000);
  pass(1000);
  assert.equal(done.length, 1, "where nobody draws, at its moment");
  setDrawing(true);
  pass(10_000);
  assert.ok(done.length >= 4 && done.length <= 5, `${done.length} times: at each third moment`);
  const before = done.length;
  setDrawing(false);
  pass(1100);
  pass(1900);
  assert.ok(done.length > before + 1, "at each moment again, when the pen rests");
  setDrawing(true);
  pass(3500);
  end();
  const last = done.length;
  setDrawing(false);
  pass(5000);
  assert.equal(done.length, last);
});
