/** Prefetching recordings: which ones of a list, and how often. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../../platform/clock.ts";
import { RecordingPrefetch } from "./recording-prefetch.ts";

const whole = (...ids: string[]) => ids.map((id) => ({ id, whole: true }));

function prefetcher(prefetch: (id: string) => Promise<unknown> = async () => {}) {
  const clock = new ManualClock();
  const ids: string[] = [];
  const service = new RecordingPrefetch((id) => {
    ids.push(id);
    return prefetch(id);
  }, clock.monotonic);
  return { clock, ids, service };
}

test("the first two finished recordings of a list are prefetched", () => {
  const { ids, service } = prefetcher();
  service.request([{ id: "unfinished", whole: false }, ...whole("a", "b", "c")]);
  assert.deepEqual(ids, ["a", "b"]);
});

test("a recording is not prefetched again within ten minutes", () => {
  const { clock, ids, service } = prefetcher();
  service.request(whole("a"));
  clock.advance(10 * 60_000 - 1);
  service.request(whole("a", "b"));
  clock.advance(1);
  service.request(whole("a"));
  assert.deepEqual(ids, ["a", "b", "a"]);
});

test("a failed prefetch is repeated with the next request", async () => {
  const { ids, service } = prefetcher(async () => {
    throw new Error("no storage");
  });
  service.request(whole("a"));
  await new Promise(setImmediate);
  service.request(whole("a"));
  assert.deepEqual(ids, ["a", "a"]);
});
