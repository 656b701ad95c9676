/** Work that is done once for all who ask while it runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gathering, sharedReads } from "./gathering.ts";

/** A gathering whose turns end when the test says so. */
function held(most?: number) {
  const turns: { readonly key: string; readonly items: readonly number[]; readonly end: (error?: Error) => void }[] = [];
  const run = (key: string, items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) =>
      turns.push({ key, items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) }),
    );
  /** Ends a turn, and lets the next one begin. */
  const end = async (turn: number, error?: Error) => {
    turns[turn]?.end(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, end, gathering: new Gathering(run, most === undefined ? {} : { most }) };
}

test("the first has a turn at once, those who come meanwhile share the next one, and each has its own result", async () => {
  const { turns, end, gathering } = held();
  const results = [1, 2, 3].map((item) => gathering.add("a", item));
  assert.deepEqual(
    turns.map(({ items }) => items),
    [[1]],
  );
  await end(0);
  assert.equal(await results[0], 10);
  assert.deepEqual(turns[1]?.items, [2, 3]);
  const late = gathering.add("a", 4);
  await end(1);
  assert.deepEqual(await Promise.all(results), [10, 20, 30]);
  assert.deepEqual(turns[2]?.items, [4], "who came during a turn is not in it");
  await end(2);
  assert.equal(await late, 40);
  void gathering.add("a", 5);
  assert.deepEqual(turns[3]?.items, [5], "after a rest the first has a turn at once again");
});

test("other keys have turns of their own, and a turn takes no more than it may", async () => {
  const { turns, end, gathering } = held(2);
  const results = [1, 2, 3, 4].map((item) => gathering.add("a", item));
  const other = gathering.add("b", 9);
  assert.deepEqual(
    turns.map(({ key, items }) => [key, items]),
    [
      ["a", [1]],
      ["b", [9]],
    ],
  );
  for (const turn of [0, 1]) await end(turn);
  assert.deepEqual(await Promise.all([results[0], other]), [10, 90]);
  assert.deepEqual(turns[2]?.items, [2, 3]);
  await end(2);
  assert.deepEqual(turns[3]?.items, [4]);
  await end(3);
  assert.equal(await results[3], 40);
});

test("a turn that fails fails for those in it, and the next ones go on", async () => {
  const { end, gathering } = held();
  const [first, second] = [gathering.add("a", 1), gathering.add("a", 2)];
  const failed = assert.rejects(first, /away/);
  await end(0, new Error("away"));
  await failed;
  await end(1);
  assert.equal(await second, 20);
});

test("a shared read begins after everybody in it has asked", async () => {
  let version = 0;
  const read = sharedReads(async (key) => {
    const seen = version;
    await new Promise((resolve) => setImmediate(resolve));
    return `${key} ${seen}`;
  });
  const first = read("a");
  version = 1;
  const [second, third] = [read("a"), read("a")];
  assert.deepEqual(await Promise.all([first, second, third]), ["a 0", "a 1", "a 1"]);
});
