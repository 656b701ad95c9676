import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeSample } from "../../../contracts/monitoring/node-sample.ts";
import type { Measured } from "./measured-of.ts";
import { KEEP_MS, Series } from "./metrics-history.ts";

const AT = 1_800_000_000_000;

const SAMPLE: NodeSample = {
  node: "a",
  at: AT,
  cores: 4,
  cpu: 1,
  stolen: 0.01,
  connections: 12,
  viewers: 9,
  memory: { usedBytes: 1e9, totalBytes: 4e9 },
  disk: { usedBytes: 5e9, totalBytes: 1e10 },
  network: { receivedMbps: 8, sentMbps: 200, capacityMbps: 1000, retransmittedPercent: 2 },
  descriptors: { used: 100, limit: 1000 },
  processes: [
    { name: "supervisor", cpu: 0.1, memoryBytes: 1e8, holdMs: 3, descriptors: 30 },
    { name: "control", cpu: 0.2, memoryBytes: 2e8, holdMs: 400, descriptors: 50 },
    { name: "media-1", cpu: 0.6, memoryBytes: 2e8, holdMs: 90, descriptors: 100 },
    { name: "ffmpeg", cpu: 1.5, memoryBytes: 3e8, holdMs: null, descriptors: 10 },
  ],
  links: [{ to: "b", rttMs: 20, jitterMs: 2, lossPercent: 5, mbps: 8, ageMs: 40 }],
  hops: [{ stream: "live/math@360p", from: "b", ageMs: 40, lossPercent: null, rttMs: 20, kbps: 700 }],
  uplinks: [
    {
      stream: "live/math",
      epoch: "e",
      fps: 25,
      encoderFps: 26,
      kbps: 900,
      encoderKbps: null,
      jitterMs: 4,
      droppedFrames: 10,
      frames: 240,
      gopSeconds: 2,
      driftMsPerMinute: null,
      avOffsetMs: -12,
      health: "fair",
      verdict: "encoder-drops-frames",
      viewers: 9,
    },
  ],
  components: [{ name: "database", state: "degraded", latencyMs: 1200, detail: "It answers slowly." }],
};

const newest = (series: Series, ...[kind, subject, metric]: [Measured["kind"], string, string]) =>
  series.newest(kind, subject, metric, 0)?.value ?? null;

test("what a node measures has the names and units of the design", () => {
  const series = new Series();
  series.takeNode(SAMPLE);
  const of = (metric: string) => Math.round((newest(series, "node", "a", metric) ?? Number.NaN) * 1000) / 1000;
  assert.deepEqual(["cpu", "memory", "disk", "descriptors", "egress", "retransmitted"].map(of), [0.25, 0.25, 0.5, 0.1, 0.2, 0.02]);
  assert.deepEqual(["hold_ms", "process_cpu_ffmpeg", "viewers", "connections", "sent_mbps"].map(of), [400, 1.5, 9, 12, 200]);
  assert.equal(of("media_hold_ms"), 90, "the control process has no media");
  assert.ok(Math.abs((newest(series, "link", "b>a", "loss") ?? 0) - 0.05) < 1e-6, "a receives");
  assert.equal(newest(series, "hop", "a<b live/math@360p", "age_ms"), 40);
  assert.equal(newest(series, "hop", "a<b live/math@360p", "loss"), null, "what was not measured has no value");
  assert.ok(Math.abs((newest(series, "stream", "live/math", "dropped_share") ?? 0) - 0.04) < 1e-6);
  assert.equal(newest(series, "stream", "live/math", "verdict"), 4);
  assert.equal(newest(series, "component", "a database", "state"), 1);
  assert.deepEqual(series.subjects("component"), ["a database"]);
});

test("a window has the values of its time, both ends included, without gaps' values", () => {
  const series = new Series();
  for (const i of [0, 1, 3, 4]) series.take(AT + i * 10_000 + 30, [{ kind: "platform", subject: "", metric: "viewers", value: i }]);
  const values = series.window("platform", "", "viewers", AT + 10_000, AT + 30_000);
  assert.deepEqual(
    values.map(({ at, value }) => [(at - AT) / 10_000, value]),
    [
      [1, 1],
      [3, 3],
    ],
  );
  assert.deepEqual(series.window("platform", "", "unknown", 0, AT * 2), []);
});

test("listeners hear of everything that comes until they end", () => {
  const series = new Series();
  const heard: (string | number)[] = [];
  const end = series.onSample((at, measured) => heard.push(at, measured.length));
  const measured = { kind: "platform", subject: "", metric: "viewers", value: 1 } as const;
  series.take(AT, [measured]);
  end();
  series.take(AT + 10_000, [measured]);
  assert.deepEqual(heard, [AT, 1]);
});

test("what is not heard of for two hours is forgotten, and days of streams that come and go take no more room", () => {
  const limits = { subjects: 400, values: 100_000 };
  const series = new Series(limits);
  const seen = new Set<number>();
  for (let tick = 0; tick < 2 * 8640; tick++) {
    const at = AT + tick * 10_000;
    // A lesson of an hour begins every ten minutes; it has a name of its own.
    const live = Array.from({ length: 6 }, (_, i) => Math.floor(tick / 60) - i).filter((n) => n >= 0);
    series.take(
      at,
      live.map((n) => ({ kind: "stream", subject: `live/s${n}`, metric: "fps", value: n })),
    );
    if (tick % 8640 === 8639) seen.add(series.subjects("stream").length);
  }
  assert.equal(seen.size, 1, "the same number after one day and after two");
  assert.ok(series.subjects("stream").length <= KEEP_MS / 600_000 + 8);
});

test("subjects beyond the limit are not kept, and those that are known go on", () => {
  const series = new Series({ subjects: 2, values: 1000 });
  for (const at of [AT, AT + 10_000])
    series.take(
      at,
      ["a", "b", "c"].map((subject) => ({ kind: "node", subject, metric: "cpu", value: 1 })),
    );
  assert.deepEqual(series.subjects("node"), ["a", "b"]);
  assert.equal(series.window("node", "b", "cpu", AT, AT + 10_000).length, 2);
});
