/** Reports of a media worker: other workers hear of viewers at once, and a worker without viewers does not wake up for them. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Metrics } from "../../operations/metrics.ts";
import type { WorkerContext } from "./worker-context.ts";
import { startReports } from "./worker-reports.ts";
import type { WorkerStreams } from "./worker-streams.ts";

function reports(t: TestContext) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const told: [string, unknown][] = [];
  const state = { viewers: 0, counted: 0 };
  const supervisor = { tell: (method: string, value: unknown) => void told.push([method, value]) };
  const context = { supervisor, metrics: new Metrics() } as unknown as WorkerContext;
  const none = () => [];
  const parts = { streams: { list: none, sourceless: none }, upstreams: { list: none, unfetched: none } };
  const streams = parts as unknown as WorkerStreams;
  const viewers = () => {
    state.counted++;
    return state.viewers;
  };
  const started = startReports(context, { streams, viewers, foreignViewers: () => [], connections: () => 0 });
  t.after(() => started.close());
  const numbers = () => told.filter(([method]) => method === "viewers").map(([, count]) => count);
  return { state, started, numbers, tick: (milliseconds: number) => t.mock.timers.tick(milliseconds) };
}

test("a worker at rest counts its viewers once a second", (t) => {
  const { state, tick, numbers } = reports(t);
  tick(20_000);
  assert.deepEqual([state.counted, numbers()], [20, []]);
});

test("a viewer that was admitted is reported within a quarter of a second, and so is its end", (t) => {
  const { state, started, tick, numbers } = reports(t);
  started.viewerRequested();
  state.viewers = 1;
  tick(250);
  assert.deepEqual(numbers(), [1]);
  state.viewers = 0;
  tick(250);
  assert.deepEqual(numbers(), [1, 0]);
});

test("a viewer that came with a session of another worker is reported within a second and a quarter", (t) => {
  const { state, tick, numbers } = reports(t);
  state.viewers = 1;
  tick(1000);
  tick(250);
  assert.deepEqual(numbers(), [1]);
});

test("nothing is counted after the end", (t) => {
  const { state, started, tick } = reports(t);
  started.viewerRequested();
  started.close();
  tick(5000);
  assert.equal(state.counted, 0);
});
