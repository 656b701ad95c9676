/** The metrics of a sample: what of it Prometheus gets, and that streams are no labels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeSample } from "../../contracts/monitoring/node-sample.ts";
import { mergeMetrics } from "../metrics.ts";
import { sampleMetrics } from "./sample-metrics.ts";

const hop = (stream: string, from: string, ageMs: number | null) => ({
  stream,
  from,
  ageMs,
  lossPercent: null,
  rttMs: null,
  kbps: 1,
});
const SAMPLE: NodeSample = {
  node: "edge",
  at: 0,
  cores: 4,
  cpu: 1.5,
  stolen: 0.25,
  connections: 7,
  viewers: 3,
  processes: [{ name: "media-1", cpu: 0.5, memoryBytes: 3e8, descriptors: 10, holdMs: 0 }],
  uplinks: [],
  memory: { usedBytes: 10, totalBytes: 40 },
  disk: { usedBytes: 5, totalBytes: 50 },
  network: { receivedMbps: 2, sentMbps: 30, capacityMbps: 1000, retransmittedPercent: 1 },
  descriptors: { used: 100, limit: 1000 },
  links: [{ to: "origin", rttMs: 20, jitterMs: 1, lossPercent: null, mbps: 3, ageMs: 10 }],
  hops: [hop("live/a", "origin", 40), hop("live/b", "origin", 1200), hop("live/a", "second", null)],
  components: [
    { name: "database", state: "down", latencyMs: null, detail: "refused" },
    { name: "storage", state: "up", latencyMs: 12, detail: "" },
  ],
};

test("the machine, each process, each link, both paths of a stream and each component are metrics of the node", async () => {
  const { text } = await mergeMetrics([await sampleMetrics(SAMPLE)], []);
  const lines = text.split("\n").filter((line) => /^lectern_(machine|process|link|relay|component)/.test(line));
  const expected = [
    "lectern_machine_cores 4",
    "lectern_machine_cores_used 1.5",
    "lectern_machine_sent_bits_per_second 30000000",
    "lectern_machine_retransmitted_ratio 0.01",
    'lectern_process_cores_used{process="media-1"} 0.5',
    'lectern_process_memory_bytes{process="media-1"} 300000000',
    'lectern_link_rtt_seconds{to="origin"} 0.02',
    'lectern_link_bits_per_second{to="origin"} 3000000',
    'lectern_relay_streams{upstream="origin"} 2',
    'lectern_relay_streams{upstream="second"} 1',
    'lectern_relay_age_seconds{upstream="origin"} 1.2',
    'lectern_component_state{component="database"} 2',
    'lectern_component_state{component="storage"} 0',
    'lectern_component_latency_seconds{component="storage"} 0.012',
  ];
  for (const line of expected) assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  assert.ok(!lines.some((line) => line.includes("link_loss")), "what is not measured is left out");
  assert.ok(!text.includes("live/a"), "streams would be labels without a bound");
});
