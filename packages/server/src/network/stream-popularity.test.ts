import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_POPULAR_STREAMS, mergePopularity, popularStreams, type StreamPopularity } from "./stream-popularity.ts";

const popularity = (name: string, watching: number, expected = 0): StreamPopularity => ({ app: "live", name, watching, expected });

test("people who watch at several nodes are added up, people who are expected are not", () => {
  const said = [
    [popularity("a", 60, 150), popularity("b", 10)],
    [popularity("a", 50, 150)],
    [popularity("c", 0, 200), popularity("d", 199)],
  ];
  assert.deepEqual(
    popularStreams(said, 110).map(({ name }) => name),
    ["a", "c", "d"],
  );
  assert.deepEqual(
    popularStreams(said, 200).map(({ name }) => name),
    ["c"],
  );
  assert.deepEqual(popularStreams([], 1), []);
});

test("a beat names the largest popular, each once, and not more than it may", () => {
  const many = Array.from({ length: 200 }, (_, i) => popularity(`s${i}`, i));
  const merged = mergePopularity([...many, popularity("s3", 1000), popularity("s4", 0, 900)]);
  assert.equal(merged.length, MAX_POPULAR_STREAMS);
  assert.deepEqual(merged.slice(0, 3), [popularity("s3", 1003), popularity("s4", 4, 900), popularity("s199", 199)]);
});
