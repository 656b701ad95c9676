import assert from "node:assert/strict";
import { test } from "node:test";
import type { Undecodable } from "./undecodable.ts";
import { UndecodableWatch } from "./undecodable-watch.ts";

/** Looks four times a second, and gives when it asked, in seconds, and what it told. */
async function watched(
  seconds: number,
  isDoubtful: (second: number) => boolean,
  answer: (second: number) => Undecodable | null | "unreachable",
) {
  const asked: number[] = [];
  const told: (Undecodable | null)[] = [];
  let second = 0;
  const ask = async () => {
    asked.push(second);
    return answer(second);
  };
  const watch = new UndecodableWatch({ ask, onChange: (track) => told.push(track) }, () => 0);
  for (; second <= seconds; second += 0.25) {
    watch.look(isDoubtful(second), second * 1000);
    await Promise.resolve();
    await Promise.resolve();
  }
  return { asked, told };
}

test("nobody is asked while picture and sound are there", async () => {
  assert.deepEqual(
    await watched(
      30,
      () => false,
      () => "video",
    ),
    { asked: [], told: [] },
  );
});

test("a picture that is missing is asked for within a second, and less and less often while the server has nothing to say", async () => {
  const { asked, told } = await watched(
    40,
    () => true,
    () => null,
  );
  assert.deepEqual([asked, told], [[0.75, 2.75, 6.75, 14.75, 30.75], [null]]);
});

test("what the server says is told once, and asked for until it is over", async () => {
  const { asked, told } = await watched(
    8,
    (second) => second < 1,
    (second) => (second < 5 ? "video" : null),
  );
  assert.deepEqual(
    [asked, told],
    [
      [0.75, 3.25, 5.75],
      ["video", null],
    ],
  );
});

test("without an answer nothing is known", async () => {
  assert.deepEqual(
    (
      await watched(
        2,
        () => true,
        () => "unreachable",
      )
    ).told,
    [],
  );
});
