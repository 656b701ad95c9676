import assert from "node:assert/strict";
import { test } from "node:test";
import { retryUntil } from "./retry-until.ts";

/** Answers one after the other, and notes how long is waited between. */
async function asked(answers: readonly (readonly [status: number, retryAfter: string | null])[]) {
  const waits: number[] = [];
  let asks = 0;
  const ask = async () => {
    const [status, retryAfter] = answers[Math.min(asks++, answers.length - 1)] ?? [200, null];
    return new Response(null, { status, ...(retryAfter === null ? {} : { headers: { "retry-after": retryAfter } }) });
  };
  const { status } = await retryUntil(ask, async (seconds) => void waits.push(seconds));
  return { status, asks, waits };
}

test("a request that was one too many is repeated after the time that the server names, a few times", async () => {
  assert.deepEqual(await asked([[200, null]]), { status: 200, asks: 1, waits: [] });
  const twice = [
    [429, "1"],
    [429, "3"],
    [201, null],
  ] as const;
  assert.deepEqual(await asked(twice), { status: 201, asks: 3, waits: [1, 3] });
  assert.deepEqual(await asked([[429, "1"]]), { status: 429, asks: 5, waits: [1, 1, 1, 1] });
});

test("a long wait, no time, and other refusals are shown at once", async () => {
  const shown: readonly (readonly [number, string | null])[] = [
    [429, "4"],
    [429, null],
    [429, "soon"],
    [503, "1"],
    [403, null],
  ];
  for (const answer of shown) assert.deepEqual(await asked([answer]), { status: answer[0], asks: 1, waits: [] });
});
