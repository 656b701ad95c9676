import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { type MachineReading, machineBetween, readMachine } from "./machine.ts";

const READING: MachineReading = {
  at: 1000,
  cores: 4,
  containerCpuSeconds: null,
  cpu: { busy: 100, stolen: 10, total: 1000 },
  memory: { usedBytes: 1, totalBytes: 2 },
  disk: { usedBytes: 1, totalBytes: 2 },
  network: { received: 1e6, sent: 2e6 },
  segments: { sent: 1000, retransmitted: 10 },
};

test("rates are of the time between two readings", () => {
  const sample = machineBetween(READING, {
    ...READING,
    at: 11_000,
    cpu: { busy: 115, stolen: 14, total: 1040 },
    network: { received: 2.25e6, sent: 27e6 },
    segments: { sent: 2000, retransmitted: 60 },
  });
  assert.deepEqual([sample.cpu, sample.stolen], [1.5, 0.1]);
  assert.deepEqual(sample.network, { receivedMbps: 1, sentMbps: 20, retransmittedPercent: 5 });
});

test("a container with a limit of its own counts its own processor time", () => {
  const later = { ...READING, at: 11_000, cpu: { busy: 130, stolen: 10, total: 1040 } };
  assert.equal(machineBetween({ ...READING, containerCpuSeconds: 5 }, { ...later, containerCpuSeconds: 10 }).cpu, 0.5);
});

test("counters that began again, and two readings at once, give no negative or endless rates", () => {
  const again = {
    ...READING,
    cpu: { busy: 0, stolen: 0, total: 1 },
    network: { received: 0, sent: 0 },
    segments: { sent: 0, retransmitted: 0 },
  };
  for (const later of [again, READING]) {
    const { cpu, stolen, network } = machineBetween(READING, later);
    for (const value of [cpu, stolen, ...Object.values(network)]) assert.equal(value, 0);
  }
});

test("this machine can be read", async () => {
  const { cores, memory, disk, cpu } = await readMachine(tmpdir());
  assert.ok(cores >= 1 && memory.usedBytes > 0 && memory.usedBytes < memory.totalBytes);
  assert.ok(disk.usedBytes > 0 && disk.usedBytes <= disk.totalBytes && cpu.busy > 0);
});
