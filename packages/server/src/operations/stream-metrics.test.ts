import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Gauge, Registry } from "prom-client";
import { Metrics, mergeMetrics } from "./metrics.ts";
import { type MeasuredStream, registerStreamMetrics, withStreamMetrics } from "./stream-metrics.ts";

function streamOf(name: string, fps = 25, looks = { count: 0 }): MeasuredStream {
  const look = () => {
    looks.count++;
    return { fps, jitterMs: 12, videoKbps: 1800, audioKbps: 96, frames: 997, droppedFrames: 3, verdict: "line-narrow" as const };
  };
  return { app: "live", name, clockJumps: 1, nonKeyframeSegments: 2, statistics: { look } };
}

async function textOf(...processes: (readonly MeasuredStream[])[]): Promise<string> {
  const registry = new Registry();
  registerStreamMetrics(registry);
  const empty = await registry.getMetricsAsJSON();
  const { text } = await mergeMetrics(
    processes.map((streams) => withStreamMetrics(empty, streams)),
    [],
  );
  return text;
}

test("each stream's metrics are as prom-client writes them", async () => {
  const text = await textOf([streamOf("math", 24.8)], [streamOf("art", 0)]);
  const registry = new Registry();
  const options = { labelNames: ["stream"], registers: [registry] };
  const fps = new Gauge({ ...options, name: "lectern_uplink_fps", help: "Video frames a second, as they arrive" });
  fps.set({ stream: "live/math" }, 24.8);
  fps.set({ stream: "live/art" }, 0);
  const dropped = new Counter({
    ...options,
    name: "lectern_uplink_dropped_frames_total",
    help: "Frames that a publisher has left out",
  });
  for (const stream of ["live/math", "live/art"]) dropped.inc({ stream }, 3);
  const lines = (await registry.metrics()).split("\n").filter((line) => line !== "");
  assert.equal(lines.length, 8);
  for (const line of lines) assert.ok(text.split("\n").includes(line), `${line} is not in\n${text}`);
  assert.match(text, /^lectern_uplink_bits_per_second\{stream="live\/math"\} 1896000$/m);
  assert.match(text, /^lectern_uplink_jitter_seconds\{stream="live\/math"\} 0.012$/m);
  assert.match(text, /^lectern_uplink_frames_total\{stream="live\/art"\} 997$/m);
  assert.match(text, /^lectern_uplink_verdict\{stream="live\/math"\} 3$/m);
  assert.match(text, /^lectern_uplink_forced_cuts_total\{stream="live\/art"\} 2$/m);
});

test("a stream that two processes have for a moment is one line, and other metrics are summed beside it", async () => {
  const text = await textOf([streamOf("math", 10)], [streamOf("math", 15)]);
  assert.deepEqual(text.match(/^lectern_uplink_fps\{.*$/gm), ['lectern_uplink_fps{stream="live/math"} 25']);
});

test("the statistics of a stream are read once for a scrape", async () => {
  const looks = { count: 0 };
  await textOf([streamOf("math", 25, looks)]);
  assert.equal(looks.count, 1);
});

test("a process without streams has the metrics of streams without values", async () => {
  const metrics = new Metrics();
  metrics.follow({ list: () => [] } as never);
  const { text } = await mergeMetrics([await metrics.values()], []);
  assert.match(text, /^# TYPE lectern_uplink_fps gauge\n\n/m);
  assert.match(text, /^lectern_streams 0$/m);
});
