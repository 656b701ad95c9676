/**
 * Simulates clusters with random faults from many seeds: nodes die and come back, the bus hangs, and is lost to single nodes. A hundred
 * seeds with `script/test --all`, fewer by default, thousands where the file is named with `--all`; SEED=N repeats one.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mulberry32 } from "../../network/simulate/random.ts";
import { SimulatedCluster, type SimulatedPublisher } from "./test-cluster.ts";

const isAll = process.env["TEST_ALL"] === "1";
/** A hundred seeds of faults take 15 s of computing. */
const HUNDREDS = isAll ? (process.env["TEST_NAMED"] === "1" ? 20 : 1) : 0.25;
const SEEDS = { faults: 100 * HUNDREDS, bus: 24 * HUNDREDS };
const NODES = { a: ["origin", "control"], b: ["origin"], e: ["edge"], f: ["edge"] } as const;
const IDS = Object.keys(NODES);
const FAULT_S = 25;
/** After the last fault, everybody has every stream within this: the grace period of a publisher, and the silence of a node. */
const SETTLE_S = 20;

/** From 1 on, or the one that SEED names. */
function seeds(count: number): number[] {
  const one = process.env["SEED"];
  return one === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(one)];
}

type Chance = { readonly of: <T>(all: readonly T[]) => T; readonly seconds: (least: number, most: number) => number };

function chances(seed: number): { readonly random: () => number; readonly chance: Chance } {
  const random = mulberry32(seed);
  const of = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  return { random, chance: { of, seconds: (least, most) => least + random() * (most - least) } };
}

/** What nodes with viewers of a stream lack, in words; empty when they have all of it. */
async function lacks(cluster: SimulatedCluster, publishers: readonly SimulatedPublisher[]): Promise<string[]> {
  const heads = new Map<string, number>();
  const look = (note: (key: string, head: number | null) => void) => {
    for (const [id, { streams }] of cluster.nodes)
      for (const { name } of publishers) note(`${name} at ${id}`, streams.find("live", name)?.log.head ?? null);
  };
  look((key, head) => heads.set(key, head ?? -1));
  await cluster.pass(3);
  const missing: string[] = [];
  look((key, head) => {
    if (head === null) missing.push(`${key}: not there`);
    else if (head <= (heads.get(key) ?? -1)) missing.push(`${key}: nothing new`);
  });
  return missing;
}

async function watch(cluster: SimulatedCluster, publishers: readonly SimulatedPublisher[], seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    await cluster.pass(1);
    for (const { streams } of cluster.nodes.values()) for (const { name } of publishers) streams.find("live", name);
  }
}

test(`after any faults of nodes and bus, every node has every stream whose publisher is there (${SEEDS.faults} seeds)`, async () => {
  for (const seed of seeds(SEEDS.faults)) await everythingReturns(seed);
});

for (const [name, faults, answers] of [
  ["while the bus hangs or is lost to single nodes", ["hang", "cut"], true],
  ["while the bus hangs, and no node answers another directly", ["hang"], false],
] as const)
  test(`${name}, no node is declared gone, no publisher is closed, and nobody lacks anything (${SEEDS.bus} seeds)`, async () => {
    for (const seed of seeds(SEEDS.bus)) await nothingHappens(seed, faults, answers);
  });

async function everythingReturns(seed: number): Promise<void> {
  const { random, chance } = chances(seed);
  const cluster = new SimulatedCluster(NODES, random);
  try {
    await cluster.pass(5);
    const publishers = [cluster.publish("old", IDS), cluster.publish("edge", ["e", "f"])];
    await watch(cluster, publishers, 5);
    const story: string[] = [];
    for (let passed = 0; passed < FAULT_S; ) {
      const what = chance.of(["kill", "hang", "cut", "publish", "nothing"] as const);
      const id = chance.of(IDS);
      const seconds = Math.ceil(chance.seconds(1, 15));
      story.push(`${what} ${id} ${seconds} s`);
      if (what === "kill") cluster.kill(id);
      const lines = what === "hang" ? [...cluster.nodes.values()] : what === "cut" ? [cluster.nodes.get(id)] : [];
      for (const node of lines) node?.line.fallSilent();
      if (what === "publish") publishers.push(cluster.publish(`new-${publishers.length}`, [id, ...IDS]));
      await watch(cluster, publishers, seconds);
      passed += seconds;
      for (const node of cluster.nodes.values()) node.line.speak();
      if (what === "kill") cluster.start(id);
      // Often the next fault comes before everything is as it was.
      await watch(cluster, publishers, chance.of([0, 1, 10]));
    }
    await watch(cluster, publishers, SETTLE_S);
    const tell = `seed ${seed}: ${story.join(", ")}`;
    assert.deepEqual(
      publishers.flatMap((publisher) => (publisher.at() === null ? [publisher.name] : [])),
      [],
      `publishers without a node; ${tell}`,
    );
    assert.deepEqual(await lacks(cluster, publishers), [], tell);
  } finally {
    cluster.close();
  }
}

async function nothingHappens(seed: number, faults: readonly ("hang" | "cut")[], answers: boolean): Promise<void> {
  const { random, chance } = chances(seed);
  const cluster = new SimulatedCluster(NODES, random, answers);
  try {
    await cluster.pass(5);
    const publishers = [cluster.publish("old", IDS), cluster.publish("edge", ["e", "f"])];
    await watch(cluster, publishers, 5);
    for (let left = 2; left > 0; left--) {
      const what = chance.of(faults);
      const lines = what === "hang" ? [...cluster.nodes.values()] : [cluster.nodes.get(chance.of(IDS))];
      for (const node of lines) node?.line.fallSilent();
      const seconds = chance.of([2, 5, 8, 20, 60]);
      await watch(cluster, publishers, seconds);
      assert.deepEqual(await lacks(cluster, publishers), [], `seed ${seed}: ${what} for ${seconds} s`);
      for (const node of cluster.nodes.values()) node.line.speak();
      await watch(cluster, publishers, chance.of([1, 5, 10]));
      assert.deepEqual(await lacks(cluster, publishers), [], `seed ${seed}: after ${what} for ${seconds} s`);
    }
    assert.deepEqual(cluster.wrongVerdicts, [], `seed ${seed}`);
    assert.deepEqual(
      publishers.map(({ closures }) => closures()),
      [0, 0],
      `seed ${seed}`,
    );
  } finally {
    cluster.close();
  }
}
