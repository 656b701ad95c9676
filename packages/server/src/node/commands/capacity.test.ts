import assert from "node:assert/strict";
import { test } from "node:test";
import { type Demand, type Machine, streamsOf, viewersOf } from "./capacity.ts";
import { describeCapacity } from "./doctor-capacity.ts";

const GB = 1024 ** 3;
const MACHINE: Machine = { cores: 4, memory: 64 * GB, networkMbps: 100_000, openFiles: 1_000_000 };
const DEMAND: Demand = { mbps: 1, isTls: false, isRecorded: true, maxViewers: 1e9, maxStreams: 1e9 };

test("what is scarce limits the viewers, and is named", () => {
  const limitOf = (machine: Partial<Machine>, demand: Partial<Demand> = {}) =>
    viewersOf({ ...MACHINE, ...machine }, { ...DEMAND, ...demand }).limitedBy;
  assert.equal(limitOf({}), "processor");
  assert.equal(limitOf({ memory: 0.7 * GB }), "memory");
  assert.equal(limitOf({ networkMbps: 1000 }), "network");
  assert.equal(limitOf({ openFiles: 1024 }), "open files");
  assert.equal(limitOf({}, { maxViewers: 100 }), "limits.viewers");
  assert.equal(streamsOf({ ...MACHINE, memory: GB }, DEMAND).limitedBy, "memory");
  assert.equal(streamsOf(MACHINE, { ...DEMAND, maxStreams: 10 }).limitedBy, "limits.streams");
});

test("twice the cores serve twice the viewers, a card of 1 Gbps carries its speed, and TLS costs more", () => {
  const viewers = viewersOf(MACHINE, DEMAND).count;
  assert.ok(Math.abs(viewersOf({ ...MACHINE, cores: 8 }, DEMAND).count - 2 * viewers) <= 1);
  assert.ok(viewersOf(MACHINE, { ...DEMAND, isTls: true }).count < viewers);
  const carried = viewersOf({ ...MACHINE, networkMbps: 1000 }, { ...DEMAND, mbps: 2 }).count;
  assert.ok(carried <= 500 && carried >= 300, `${carried}`);
  assert.ok(streamsOf(MACHINE, { ...DEMAND, isRecorded: false }).count > streamsOf(MACHINE, DEMAND).count);
  // A card of unknown speed limits nothing; a machine without memory serves nobody.
  assert.equal(viewersOf({ ...MACHINE, networkMbps: null }, DEMAND).limitedBy, "processor");
  assert.equal(viewersOf({ ...MACHINE, memory: 0 }, DEMAND).count, 0);
});

test("doctor says the machine, both estimates and their limits", () => {
  const [viewers, streams] = describeCapacity({ ...MACHINE, networkMbps: 1000 }, { ...DEMAND, mbps: 2 });
  assert.match(
    viewers?.what ?? "",
    /4 media workers, 68\.7 GB, a network card of 1000 Mbps\) is good for about 400 viewers of 2 Mbps; network/,
  );
  assert.match(streams?.what ?? "", /about \d+ streams of 2 Mbps; \w+ is what limits them/);
});
