/**
 * Simulates clusters with random faults from many seeds: nodes die and come back, the bus hangs, and is lost to single nodes, and packets between
 * nodes are dropped. Two hundred seeds by default, four hundred with `script/test --all`, four thousand where the file is named with `--all`; SEED=N
 * repeats one, SEED=N-M some.
 */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { mulberry32 } from "../../platform/mulberry32.ts";
import { SimulatedCluster } from "./test-cluster.ts";
import { lacks, NODES, type Story, watch } from "./test-stories.ts";
import type { StoryWork } from "./test-story-worker.ts";

const isAll = process.env["TEST_ALL"] === "1";
const isNamed = isAll && process.env["TEST_NAMED"] === "1";
/** A hundred seeds take about 7 s of computing. */
const HUNDREDS = isNamed ? 20 : isAll ? 2 : 1;
const SEEDS = { faults: 100 * HUNDREDS, bus: 24 * HUNDREDS, silence: 60 * HUNDREDS };
/** Beside other tests, one thread is enough. */
const THREADS = isNamed ? availableParallelism() : 1;

/** Seeds from 1 on, or those that SEED names. */
async function tell(story: Story, count: number): Promise<void> {
  const [from = 1, last = from] = process.env["SEED"]?.split("-").map(Number) ?? [1, count];
  const threads = Array.from({ length: THREADS }, (_, i) => run({ story, first: from + i, last, step: THREADS }));
  assert.deepEqual((await Promise.all(threads)).flat(), []);
}

function run(workerData: StoryWork): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("test-story-worker.ts", import.meta.url), { workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

test(`after any faults of nodes and bus, every node has every stream whose publisher is there (${SEEDS.faults} seeds)`, async () => {
  await tell("faults", SEEDS.faults);
});

test(`while the bus hangs or is lost to single nodes, no node is declared gone, no publisher is closed, and nobody lacks anything (${SEEDS.bus} seeds)`, async () => {
  await tell("bus", SEEDS.bus);
});

test(`while the bus hangs, and no node answers another directly, it is the same (${SEEDS.bus} seeds)`, async () => {
  await tell("bus, no answers", SEEDS.bus);
});

test(`when packets between two nodes are dropped, no node that another one reaches is without new entries for long (${SEEDS.silence} seeds)`, async () => {
  await tell("silence", SEEDS.silence);
});

test("origins that have lost a stream's writer for so long that they follow each other follow it again when they reach it", async () => {
  const cluster = new SimulatedCluster(NODES, mulberry32(1));
  try {
    await cluster.pass(5);
    const publishers = [cluster.publish("edge", ["e"])];
    await watch(cluster, publishers, 5);
    for (const other of ["a", "b", "f"]) cluster.silence("e", other);
    await watch(cluster, publishers, 9);
    cluster.speak();
    await watch(cluster, publishers, 4);
    assert.deepEqual(await lacks(cluster, publishers), []);
  } finally {
    cluster.close();
  }
});
