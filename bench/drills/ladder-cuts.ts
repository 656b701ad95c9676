/**
 * Runs a drill: a publisher with uneven key frames reconnects and changes its picture size, the encoder of its ladder is killed, and the node that
 * makes the ladder is killed. All playlists are read and all segments downloaded meanwhile, and rungs are compared with their source.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Node, startNode } from "../../e2e/cluster.ts";
import { encodersOf, isEncoder } from "../../e2e/encoders.ts";
import { until } from "../../e2e/lectern.ts";
import { publishUnevenly, type UnevenPublisher } from "../load/uneven-publisher.ts";
import { endOnInterrupt } from "../testbed/interrupt.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { type CutsEvent, type CutsScene, judge } from "./ladder-judgement.ts";
import { readLists } from "./ladder-lists.ts";

const STREAM = "x";
const [CONTROL, PUBLISHING, FIRST, SECOND] = ["c", "p", "a", "b"] as const;
const SET = { "ladder.rungs": "mobile", "ladder.start": "publish", "hls.windowSegments": "40" };
const MAKES_LADDERS = { ...SET, "ladder.cores": "8" };
const GONE_WITHIN_MS = 5000;
/** Encoders are looked for so often. */
const WATCH_MS = 500;

/** What is broken, and at which second of the drill. */
type Plan = readonly (readonly [second: number, step: Step])[];
type Step = keyof typeof STEPS;

type Scene = {
  readonly cluster: LocalCluster;
  readonly nats: { readonly url: string };
  readonly nodes: Map<string, Node>;
  readonly publisher: UnevenPublisher;
  /** The node that made the ladder when it was killed. */
  killed: string | null;
  /** Encoders of the killed node that outlived it. */
  outlived: number;
};

/** absence: nobody encodes for a while. */
const STEPS = {
  "the publisher was killed and came back": { absence: false, run: ({ publisher }: Scene) => publisher.reconnect("abruptly") },
  "the publisher left and came back": { absence: false, run: ({ publisher }: Scene) => publisher.reconnect("politely") },
  "the publisher was killed and came back with 960x540": {
    absence: false,
    run: ({ publisher }: Scene) => publisher.reconnect("abruptly", "960x540"),
  },
  "the publisher left and came back with 1280x720": {
    absence: false,
    run: ({ publisher }: Scene) => publisher.reconnect("politely", "1280x720"),
  },
  "the encoder was killed": { absence: true, run: killEncoder },
  "the node that made the ladder was killed": { absence: true, run: killLadderNode },
  "that node was started again": { absence: false, run: startAgain },
} as const;

/**
 * Nearly half a minute after a publisher begins, key frames are so far apart that segments begin without one: there the ladder's node is
 * killed, and in the long plan its encoder.
 */
const WHOLE: Plan = [
  [45, "the publisher was killed and came back"],
  [74, "the encoder was killed"],
  [140, "the publisher left and came back"],
  [190, "the publisher was killed and came back with 960x540"],
  [245, "the publisher left and came back"],
  [300, "the publisher left and came back with 1280x720"],
  [390, "the node that made the ladder was killed"],
  [430, "that node was started again"],
  [470, "the publisher was killed and came back"],
  [515, "the publisher left and came back"],
  [555, "the publisher was killed and came back"],
];
const QUICK: Plan = [
  [12, "the publisher was killed and came back"],
  [24, "the encoder was killed"],
  [34, "the publisher was killed and came back with 960x540"],
  [44, "the publisher left and came back with 1280x720"],
  [73, "the node that made the ladder was killed"],
  [92, "that node was started again"],
  [104, "the publisher left and came back"],
];
const SECONDS = { whole: 600, quick: 120 } as const;

export async function ladderCuts(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  const encoders = new Set<number>();
  const directory = mkdtempSync(join(tmpdir(), "lectern-cuts-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const forget = endOnInterrupt(remove);
  try {
    const scene = await watchAll(cluster, encoders, directory, options).finally(() => cluster.close());
    const left = await leftOf([...encoders]);
    const { held, promise, table, notes } = await judge(scene);
    return {
      drill: "ladder-cuts",
      broke: "the publisher's connection and picture size, the encoder, and the node that made the ladder",
      promise: `${promise}; no ffmpeg is left`,
      held: held && left === 0,
      seen: [],
      table,
      notes: [...notes, `ffmpeg left at the end: ${left}.`],
    };
  } finally {
    remove();
    forget();
  }
}

async function watchAll(
  cluster: LocalCluster,
  encoders: Set<number>,
  directory: string,
  { quick }: DrillOptions,
): Promise<CutsScene> {
  const scene = await setUp(cluster);
  const watching = setInterval(() => {
    for (const node of scene.nodes.values()) for (const pid of encodersOf(node.process.pid)) encoders.add(pid);
  }, WATCH_MS);
  try {
    const places = [PUBLISHING, CONTROL].map((id) => [id, nodeOf(scene.nodes, id).http] as const);
    const reader = readLists(cluster.scope, { nodes: new Map(places), name: STREAM, directory });
    const isRead = (node: string) => reader.lists.filter((list) => list.node === node && list.segments.size > 0).length > 1;
    await until(() => isRead(PUBLISHING) && isRead(CONTROL), "playlists of the rungs", 60_000);
    const events = await follow(scene, quick ? QUICK : WHOLE, quick ? SECONDS.quick : SECONDS.whole);
    const rungs = (await ladderOf(scene))?.rungs.map(({ name, state }) => `${name} ${state}`) ?? [];
    await reader.close();
    const { outlived, publisher } = scene;
    return { reader, events, directory, rungs, outlived, disconnected: publisher.disconnected() };
  } finally {
    clearInterval(watching);
  }
}

async function setUp(cluster: LocalCluster): Promise<Scene> {
  const nats = await cluster.startNats();
  const nodes = await cluster.startNodes(nats, {
    [CONTROL]: { roles: "control,edge", set: SET },
    // The publisher's node has no room, so that another one makes the ladder.
    [PUBLISHING]: { roles: "origin", set: { ...SET, "ladder.cores": "0" } },
    [FIRST]: { roles: "origin", set: MAKES_LADDERS },
    [SECOND]: { roles: "origin", set: MAKES_LADDERS },
  });
  const publisher = publishUnevenly(cluster.scope, `${nodeOf(nodes, PUBLISHING).rtmp}/live/${STREAM}`);
  const scene = { cluster, nats, nodes, publisher, killed: null, outlived: 0 };
  await until(async () => (await ladderOf(scene))?.state === "running", "the ladder", 60_000);
  return scene;
}

/** Carries the plan out. @returns what was done, and when */
async function follow(scene: Scene, plan: Plan, seconds: number): Promise<CutsEvent[]> {
  const begun = performance.now();
  const reach = (second: number) => new Promise((resolve) => setTimeout(resolve, begun + second * 1000 - performance.now()));
  const events: CutsEvent[] = [];
  for (const [second, what] of plan) {
    await reach(second);
    const { absence, run } = STEPS[what];
    events.push({ second, what, utc: Date.now(), absence });
    process.stderr.write(`${second} s: ${what}\n`);
    await run(scene);
  }
  await reach(seconds);
  return events;
}

type LadderJob = {
  readonly kind: string;
  readonly name: string;
  readonly node: string | null;
  readonly state: string;
  readonly rungs: readonly { readonly name: string; readonly state: string }[];
};

async function ladderOf({ nodes }: Pick<Scene, "nodes">): Promise<LadderJob | null> {
  const answer = await nodeOf(nodes, CONTROL).api("/api/v1/jobs");
  const { items } = (await answer.json()) as { items: LadderJob[] };
  return items.find(({ kind, name }) => kind === "ladder" && name === STREAM) ?? null;
}

async function killEncoder({ nodes }: Scene): Promise<void> {
  for (const node of nodes.values()) for (const pid of encodersOf(node.process.pid)) process.kill(pid, "SIGKILL");
}

async function killLadderNode(scene: Scene): Promise<void> {
  const id = (await ladderOf(scene))?.node ?? "";
  const node = nodeOf(scene.nodes, id);
  const encoders = encodersOf(node.process.pid);
  scene.killed = id;
  scene.nodes.delete(id);
  await node.kill();
  scene.outlived = encoders.length === 0 ? Number.NaN : await leftOf(encoders);
}

async function startAgain(scene: Scene): Promise<void> {
  const { cluster, nats, nodes, killed } = scene;
  if (killed !== null) nodes.set(killed, await startNode(cluster.scope, nats, killed, "origin", MAKES_LADDERS));
}

/** How many of these are there after a while. */
async function leftOf(encoders: readonly number[]): Promise<number> {
  const there = () => encoders.filter(isEncoder);
  await until(() => there().length === 0, "the end of the encoders", GONE_WITHIN_MS).catch(() => {});
  return there().length;
}
