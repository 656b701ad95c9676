import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadResult, Second } from "../measure/result.ts";
import { compareLines, readResult } from "./compare.ts";
import { linesOf } from "./lines.ts";
import { pageOf } from "./page.ts";

const SECOND: Second = {
  second: 1,
  present: 2,
  watching: 1,
  inRooms: 1,
  publishing: 1,
  joins: 2,
  failures: 1,
  firstFrameP99: 80,
  chatP99: null,
  delayP99: 200,
  stalls: 0,
  receivedMbps: 1.5,
  own: { cores: 0.2, lateP99: 1, lateMax: 4, sockets: 30 },
  servers: [
    {
      server: "school.example",
      processes: { control: { cores: 0.25, memoryBytes: 3e8 } },
      machineCores: 2,
      machineCoresUsed: 1,
      viewers: 1,
      sentMbps: 1.5,
    },
  ],
};
const RESULT: LoadResult = {
  version: 1,
  title: "A <school> day",
  seed: 1,
  target: "http://school.example",
  startedAt: "2026-12-01T08:00:00.000Z",
  seconds: 2,
  people: 2,
  lessons: 1,
  came: 2,
  served: 1,
  steps: { join: { count: 2, p50: 10, p95: 20, p99: 20, max: 21 } },
  failures: [{ step: "watch.flv", code: "full", isRefusal: true, count: 1 }],
  refused: 1,
  failed: 0,
  watchedSeconds: 1,
  stalls: 0,
  stalledSeconds: 0,
  lostSeconds: 0,
  receivedBytes: 1000,
  said: { chat: 0, hand: 0, answer: 0 },
  ownLimits: [],
  goals: [{ goal: "refused", most: 0, measured: 1, isMet: false }],
  timeline: [SECOND, { ...SECOND, second: 2, servers: [] }],
};

test("the page needs nothing else, has the figures and a curve for each process, and escapes what a plan says", () => {
  const page = pageOf(RESULT);
  assert.doesNotMatch(page, /<script|<link|src=|url\(|https?:\/\/(?!school\.example)/);
  assert.match(page, /A &#60;school&#62; day/);
  assert.match(page, /join by the API<td>2<td>10<td>20<td>20<td>21/);
  assert.match(page, /class="missed">missed/);
  assert.match(page, /Cores that the servers&#39; processes use|Cores that the servers' processes use/);
  assert.match(page, />control<\/text>/);
  assert.doesNotMatch(page, /NaN|undefined|Infinity/);
});

test("a client that was the bottleneck says so on the page and in the terminal", () => {
  const busy = { ...RESULT, ownLimits: ["its event loop was late"] };
  assert.match(pageOf(busy), /class="warning">This client was the bottleneck/);
  assert.match(linesOf(busy).join("\n"), /THIS CLIENT WAS THE BOTTLENECK/);
  assert.match(linesOf(RESULT).join("\n"), /This client had time/);
});

test("two results are compared figure by figure, and other plans are named", () => {
  const join = { count: 2, p50: 15, p95: 20, p99: 30, max: 31 };
  const lines = compareLines(RESULT, { ...RESULT, seed: 2, steps: { join } }).join("\n");
  assert.match(lines, /They had different plans/);
  assert.match(lines, /join by the API, p50 +10 +15 +\+50 %/);
  assert.match(lines, /refused +1 +1\n/);
  assert.throws(() => readResult("{}", "a.json"), /a\.json is not a result/);
});
