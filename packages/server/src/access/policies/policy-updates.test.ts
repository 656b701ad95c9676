import assert from "node:assert/strict";
import { test } from "node:test";
import { PolicyUpdateQueue, sentWith } from "./policy-updates.ts";

test("who asks is told when what has changed so far is sent, also where the first read fails", async () => {
  const sent: string[] = [];
  let fails = 1;
  const read = async (subject: string): Promise<string> => {
    if (subject === "math" && fails-- > 0) throw new Error("the database is down");
    return `rule of ${subject}`;
  };
  const queue = new PolicyUpdateQueue<string, string>(
    (subject) => subject,
    read,
    (update) => sent.push(update),
  );
  await queue.sentSince(0);
  const both = sentWith([queue], () => {
    queue.add("math");
    queue.add("music");
  });
  queue.add("math");
  await both;
  assert.deepEqual(sent, ["rule of music", "rule of math"]);
});

test("a read that does not end holds nobody up for long", async () => {
  const queue = new PolicyUpdateQueue<string, string>(
    (subject) => subject,
    () => new Promise(() => {}),
    () => {},
  );
  const began = performance.now();
  await sentWith([queue], () => queue.add("math"));
  assert.ok(performance.now() - began > 900);
  await sentWith([queue], () => {});
  assert.ok(performance.now() - began < 1500, "others wait for nothing");
});
