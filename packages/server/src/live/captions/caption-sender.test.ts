/** What is sent of captions: final ones once and in order, provisional ones seldom, and everything again after a failure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Caption } from "@lectern/room";
import type { HeardCaption } from "../../contracts/rooms/room-requests.ts";
import { ManualClock } from "../../platform/clock.ts";
import { CaptionSender } from "./caption-sender.ts";

const caption = (ref: string, text: string, isFinal: boolean): Caption => ({
  ref,
  start: 0,
  end: 1000,
  spokenAt: 0,
  text,
  language: "",
  isFinal,
});

function sender() {
  const clock = new ManualClock();
  const requests: (readonly HeardCaption[])[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const send = (captions: readonly HeardCaption[]) => {
    requests.push(captions);
    return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
  };
  const texts = () => requests.map((captions) => captions.map(({ caption: { text } }) => text));
  const answer = async (error?: Error) => {
    const next = answers.shift();
    if (error) next?.reject(error);
    else next?.resolve();
    await setImmediate();
  };
  return { clock, requests, texts, answer, sender: new CaptionSender(send, clock) };
}

test("of provisional captions the newest is sent, at most one a second", async () => {
  const { sender: one, clock, texts, answer } = sender();
  one.put(caption("a", "good", false));
  await answer();
  one.put(caption("a", "good mor", false));
  one.put(caption("a", "good morning", false));
  assert.deepEqual(texts(), [["good"]]);
  clock.advance(1000);
  assert.deepEqual(texts(), [["good"], ["good morning"]]);
});

test("final captions are sent at once, and what was provisional of them is not sent any more", async () => {
  const { sender: one, clock, texts, answer } = sender();
  one.put(caption("a", "good", false));
  await answer();
  one.put(caption("a", "good mor", false));
  one.put(caption("a", "Good morning.", true));
  await answer();
  clock.advance(5000);
  assert.deepEqual(texts(), [["good"], ["Good morning."]]);
});

test("what failed is sent again with the same ids, and what was said meanwhile behind it", async () => {
  const { sender: one, clock, requests, texts, answer } = sender();
  one.put(caption("a", "one", true));
  one.put(caption("b", "two", true));
  await answer(new Error("away"));
  clock.advance(1000);
  assert.deepEqual(texts(), [["one"], ["one", "two"]]);
  assert.equal(requests[1]?.[0]?.id, requests[0]?.[0]?.id);
});

test("while nobody answers, no more than fifty captions wait", async () => {
  const { sender: one, clock, requests, answer } = sender();
  for (let i = 0; i < 200; i++) one.put(caption(String(i), String(i), true));
  await answer(new Error("away"));
  clock.advance(1000);
  assert.deepEqual([requests[1]?.length, requests[1]?.at(-1)?.caption.text], [50, "199"]);
  one.close();
});
