import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_POPULAR_STREAMS, mergePopularity, popularStreams, type StreamPopularity } from "./stream-popularity.ts";

const crowd = (name: string, watching: number, expected = 0): StreamPopularity => ({ app: "live", name, watching, expected });

test("people who watch at several nodes are added up, people who are expected are not", () => {
  const said = [[crowd("a", 60, 150), crowd("b", 10)], [crowd("a", 50, 150)], [crowd("c", 0, 200), crowd("d", 199)]];
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

test("a beat names the largest crowds, each once, and not more than it may", () => {
  const many = Array.from({ length: 200 }, (_, i) => crowd(`s${i}`, i));
  const merged = mergePopularity([...many, crowd("s3", 1000), crowd("s4", 0, 900)]);
  assert.equal(merged.length, MAX_POPULAR_STREAMS);
  assert.deepEqual(merged.slice(0, 3), [crowd("s3", 1003), crowd("s4", 4, 900), crowd("s199", 199)]);
});
