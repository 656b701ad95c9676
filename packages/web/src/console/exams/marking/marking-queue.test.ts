import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnswerToMark, type Given, MarkingQueue } from "./marking-queue.ts";

const TWO: Given = { points: 2, criteria: [], comment: "" };

function taken(attemptId: string): AnswerToMark {
  return {
    attemptId,
    question: "q1",
    files: [],
    value: { typed: attemptId },
    turn: 1,
    earlier: [],
    proposal: null,
    leasedUntil: "2026-12-01T08:00:00Z",
  };
}

/** A server with so many answers. */
function fakeServer(...waiting: string[]) {
  const marked = new Map<string, Given>();
  const lost = new Set<string>();
  const asked: string[] = [];
  const calls = {
    next: async (besides: readonly string[]) => {
      const id = waiting.find((one) => !besides.includes(one) && !marked.has(one));
      asked.push(`next ${besides.join(" ")}`.trim());
      return id === undefined ? null : taken(id);
    },
    give: async (id: string, given: Given) => {
      if (lost.has(id)) throw new Error("conflict");
      marked.set(id, given);
    },
    undo: async (id: string) => {
      const before = marked.get(id) ?? assert.fail("not marked");
      marked.delete(id);
      return { ...taken(id), before };
    },
    renew: async (id: string) => !lost.has(id),
    giveBack: async (id: string) => void asked.push(`back ${id}`),
  };
  return { calls, marked, lost, asked };
}

async function started(...waiting: string[]) {
  const server = fakeServer(...waiting);
  const queue = new MarkingQueue(server.calls, () => {});
  await queue.start();
  return { queue, ...server };
}

test("one answer is held ahead, so that the next is there when one is marked", async () => {
  const { queue, marked, asked } = await started("a", "b", "c");
  assert.deepEqual([queue.state.current?.attemptId, asked], ["a", ["next", "next a"]]);
  await queue.give(TWO);
  assert.deepEqual([queue.state.current?.attemptId, queue.state.given, [...marked.keys()]], ["b", 1, ["a"]]);
});

test("where the last one is marked nothing waits, and asking again finds what came since", async () => {
  const waiting = ["a"];
  const server = fakeServer(...waiting);
  const queue = new MarkingQueue(server.calls, () => {});
  await queue.start();
  await queue.give(TWO);
  assert.deepEqual([queue.state.state, queue.state.current], ["none", null]);
});

test("undo shows the last one again with what was given, and what was shown comes after it", async () => {
  const { queue, marked } = await started("a", "b");
  await queue.give(TWO);
  await queue.undo();
  assert.deepEqual([queue.state.current?.attemptId, queue.state.current?.before, queue.state.given], ["a", TWO, 0]);
  await queue.undo();
  assert.equal(queue.state.current?.attemptId, "a", "nothing is left to take back");
  await queue.give({ ...TWO, points: 1 });
  assert.deepEqual([queue.state.current?.attemptId, marked.get("a")?.points], ["b", 1]);
});

test("what is skipped is given back, and the one ahead is shown", async () => {
  const { queue, asked } = await started("a", "b");
  await queue.skip();
  assert.deepEqual([queue.state.current?.attemptId, asked.includes("back a")], ["b", true]);
});

test("an answer that went to somebody else is not shown any more, and a refused mark leaves it shown", async () => {
  const { queue, lost } = await started("a", "b");
  lost.add("a");
  await assert.rejects(queue.give(TWO), /conflict/);
  assert.equal(queue.state.current?.attemptId, "a");
  await queue.renew();
  assert.deepEqual([queue.state.current?.attemptId, queue.state.wasLost], ["b", true]);
});

test("at the end all that is held is given back", async () => {
  const { queue, asked } = await started("a", "b", "c");
  await queue.close();
  await queue.close();
  assert.deepEqual(
    asked.filter((one) => one.startsWith("back")),
    ["back a", "back b"],
  );
});

test("a server that does not answer is asked again", async () => {
  const { calls } = fakeServer("a");
  let isAway = true;
  const next = async (besides: readonly string[]) => {
    if (isAway) throw new Error("offline");
    return await calls.next(besides);
  };
  const queue = new MarkingQueue({ ...calls, next }, () => {});
  await queue.start();
  assert.match(String(queue.state.error), /offline/);
  isAway = false;
  await queue.start();
  assert.deepEqual([queue.state.error, queue.state.current?.attemptId], [null, "a"]);
});
