import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetrics } from "./server-metrics.ts";

test("a page of metrics tells what each process uses, and sums over labels", () => {
  const { processes, values, sums } = readMetrics(`# HELP lectern_viewers Viewers
lectern_process_cores_used{process="control"} 0.25
lectern_process_memory_bytes{process="control"} 3e8
lectern_process_cores_used{process="worker-1"} 0.5
lectern_machine_cores 2
lectern_viewers{protocol="flv"} 7
lectern_viewers{protocol="hls"} 3
`);
  assert.deepEqual(processes, {
    control: { cores: 0.25, memoryBytes: 3e8 },
    "worker-1": { cores: 0.5, memoryBytes: 0 },
  });
  assert.deepEqual([values.get("lectern_machine_cores"), sums.get("lectern_viewers")], [2, 10]);
});
