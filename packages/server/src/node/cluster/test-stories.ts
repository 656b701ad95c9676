/**
 * For tests: the life of a cluster with random faults, each from a seed. Nodes die and come back, the bus hangs, and is lost to single nodes, and
 * packets between nodes are dropped. A story throws where something is not as it has to be.
 */
import assert from "node:assert/strict";
import { mulberry32 } from "../../platform/mulberry32.ts";
import { SimulatedCluster, type SimulatedPublisher } from "./test-cluster.ts";

export const NODES = { a: ["origin", "control"], b: ["origin"], e: ["edge"], f: ["edge"] } as const;
const IDS = Object.keys(NODES);
const FAULT_S = 25;
/** After the last fault, everybody has every stream within this: the grace period of a publisher, and the silence of a node. */
const SETTLE_S = 20;
const LOOK_S = 0.2;
/** A silent line is noticed within 2.2 s, and a node that is heard and has nothing new within 3; another source answers at once. */
const STAND_S = 3.4;

/** What may happen to a cluster. */
export const STORIES = {
  faults: everythingReturns,
  bus: (seed: number) => nothingHappens(seed, ["hang", "cut"], true),
  "bus, no answers": (seed: number) => nothingHappens(seed, ["hang"], false),
  silence: silenceIsNotSeen,
} as const satisfies Record<string, (seed: number) => Promise<void>>;
export type Story = keyof typeof STORIES;

type Chance = { readonly of: <T>(all: readonly T[]) => T; readonly seconds: (least: number, most: number) => number };

function chances(seed: number): { readonly random: () => number; readonly chance: Chance } {
  const random = mulberry32(seed);
  const of = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  return { random, chance: { of, seconds: (least, most) => least + random() * (most - least) } };
}

/** What nodes with viewers of a stream lack, in words; empty when they have all of it. */
export async function lacks(cluster: SimulatedCluster, publishers: readonly SimulatedPublisher[]): Promise<string[]> {
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

export async function watch(cluster: SimulatedCluster, publishers: readonly SimulatedPublisher[], seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) {
    await cluster.pass(1);
    for (const { streams } of cluster.nodes.values()) for (const { name } of publishers) streams.find("live", name);
  }
}

/** One other node, or all of them. */
function othersOf(id: string, chance: Chance): readonly string[] {
  const others = IDS.filter((other) => other !== id);
  return chance.of([others, [chance.of(others)]]);
}

async function everythingReturns(seed: number): Promise<void> {
  const { random, chance } = chances(seed);
  const cluster = new SimulatedCluster(NODES, random);
  try {
    await cluster.pass(5);
    const publishers = [cluster.publish("old", IDS), cluster.publish("edge", ["e", "f"])];
    await watch(cluster, publishers, 5);
    const story: string[] = [];
    for (let passed = 0; passed < FAULT_S; ) {
      const what = chance.of(["kill", "hang", "cut", "publish", "silence", "nothing"] as const);
      const id = chance.of(IDS);
      const seconds = Math.ceil(chance.seconds(1, 15));
      story.push(`${what} ${id} ${seconds} s`);
      if (what === "kill") cluster.kill(id);
      if (what === "silence") for (const other of othersOf(id, chance)) cluster.silence(id, other);
      const lines = what === "hang" ? [...cluster.nodes.values()] : what === "cut" ? [cluster.nodes.get(id)] : [];
      for (const node of lines) node?.line.fallSilent();
      if (what === "publish") publishers.push(cluster.publish(`new-${publishers.length}`, [id, ...IDS]));
      await watch(cluster, publishers, seconds);
      passed += seconds;
      for (const node of cluster.nodes.values()) node.line.speak();
      cluster.speak();
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

/** Everybody follows three streams, two of which are published at the edges. Packets between two nodes are dropped, at last between others. */
async function silenceIsNotSeen(seed: number): Promise<void> {
  const { random, chance } = chances(seed);
  const cluster = new SimulatedCluster(NODES, random);
  try {
    await cluster.pass(5);
    const publishers = [cluster.publish("old", IDS), cluster.publish("edge", ["e"]), cluster.publish("other", ["f"])];
    await watch(cluster, publishers, 5);
    for (let left = 3; left > 0; left--) {
      const one = chance.of(IDS);
      const other = chance.of(IDS.filter((id) => id !== one));
      cluster.silence(one, other);
      const far = unreached(cluster, publishers);
      const stood = await longestStand(cluster, publishers, chance.of([4, 8, 20]));
      const tell = `seed ${seed}: nothing between ${one} and ${other}`;
      assert.deepEqual(
        [...stood].filter(([key, seconds]) => seconds > STAND_S && !far.has(key)),
        [],
        tell,
      );
      cluster.speak();
      await watch(cluster, publishers, chance.of([1, 5, 10]));
      assert.deepEqual(await lacks(cluster, publishers), [], tell);
    }
    assert.deepEqual(
      publishers.map(({ closures }) => closures()),
      [0, 0, 0],
      `seed ${seed}`,
    );
  } finally {
    cluster.close();
  }
}

/** Nodes whose sources of a stream are all silent, or have such sources themselves. */
function unreached(cluster: SimulatedCluster, publishers: readonly SimulatedPublisher[]): ReadonlySet<string> {
  const far = new Set<string>();
  for (const { name, at } of publishers) {
    const reached = new Set([at()]);
    const isReached = (id: string, sources: readonly string[]) =>
      sources.some((source) => reached.has(source) && !cluster.isSilent(id, source));
    for (let before = 0; before < reached.size; ) {
      before = reached.size;
      for (const id of IDS) if (isReached(id, cluster.sourcesOf(id, name))) reached.add(id);
    }
    for (const id of IDS) if (!reached.has(id)) far.add(`${name} at ${id}`);
  }
  return far;
}

/** How long each node had nothing new of each stream at most, seconds. */
async function longestStand(
  cluster: SimulatedCluster,
  publishers: readonly SimulatedPublisher[],
  seconds: number,
): Promise<ReadonlyMap<string, number>> {
  const heads = new Map<string, { head: number; since: number }>();
  const longest = new Map<string, number>();
  for (let passed = 0; passed <= seconds; passed += LOOK_S) {
    for (const [id, { streams }] of cluster.nodes)
      for (const { name } of publishers) {
        const key = `${name} at ${id}`;
        const head = streams.find("live", name)?.log.head ?? -1;
        const known = heads.get(key);
        if (!known || head > known.head) heads.set(key, { head, since: passed });
        else longest.set(key, Math.max(longest.get(key) ?? 0, passed - known.since));
      }
    await cluster.pass(LOOK_S);
  }
  return longest;
}
