import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Choice } from "@lectern/room";
import { ChoiceSender } from "./choice-sender.ts";

function opened(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sender = new ChoiceSender(() => {});
  const sent: { choice: Choice; answer: (isTaken: boolean) => void }[] = [];
  const deliver = (choice: Choice) => new Promise<boolean>((answer) => sent.push({ choice, answer }));
  const answered = async (isTaken: boolean): Promise<void> => {
    sent.at(-1)?.answer(isTaken);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { sender, deliver, answered, choices: () => sent.map(({ choice }) => choice) };
}

test("a choice is sent when nothing else was chosen for a while", (t) => {
  const { sender, deliver, choices } = opened(t);
  sender.choose([0], 600, deliver);
  t.mock.timers.tick(500);
  sender.choose([0, 2], 600, deliver);
  t.mock.timers.tick(599);
  assert.deepEqual(choices(), []);
  t.mock.timers.tick(1);
  assert.deepEqual(choices(), [[0, 2]]);
});

test("of what is chosen while an answer is in flight, the last is sent, and then nothing is left", async (t) => {
  const { sender, deliver, answered, choices } = opened(t);
  for (const place of [0, 1, 2]) {
    sender.choose([place], 0, deliver);
    t.mock.timers.tick(0);
  }
  assert.deepEqual(choices(), [[0]]);
  await answered(true);
  assert.deepEqual(choices(), [[0], [2]]);
  await answered(true);
  assert.deepEqual(sender.state, { chosen: null, isSending: false });
});

test("what was refused stays chosen, and is sent again by hand", async (t) => {
  const { sender, deliver, answered, choices } = opened(t);
  sender.choose(true, 0, deliver);
  t.mock.timers.tick(0);
  await answered(false);
  assert.deepEqual(sender.state, { chosen: true, isSending: false });
  void sender.send(deliver);
  await answered(true);
  assert.deepEqual([choices(), sender.state.chosen], [[true, true], null]);
});

test("no answer at all is not sent", async (t) => {
  const { sender, deliver, choices } = opened(t);
  sender.choose([], 0, deliver);
  t.mock.timers.tick(0);
  assert.deepEqual([choices(), sender.state.isSending], [[], false]);
});

test("what is typed waits for the button", (t) => {
  const { sender, deliver, choices } = opened(t);
  sender.choose("half", null, deliver);
  t.mock.timers.tick(60_000);
  assert.deepEqual(choices(), []);
  void sender.send(deliver);
  assert.deepEqual(choices(), ["half"]);
});
