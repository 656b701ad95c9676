/**
 * Runs a drill: the encoder of a ladder is killed and stopped, the node that encodes is killed, and the publisher's node is killed, while viewers at
 * another node watch the source and a rung.
 */
import { readFileSync } from "node:fs";
import { clip } from "../../e2e/clips.ts";
import { type Node, publishTo } from "../../e2e/cluster.ts";
import { type Playlist, readPlaylist } from "../../e2e/hls-reader.ts";
import { until } from "../../e2e/lectern.ts";
import { type Protocol, Viewer } from "../../e2e/viewers.ts";
import { processTree } from "../testbed/child-process.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap, mergeSummaries, type ProtocolSummary, summarize } from "../testbed/viewer-summary.ts";
import { type DrillOptions, type DrillResult, HLS_PART_MS } from "./drill.ts";

const STREAM = "x";
const RUNG = `${STREAM}@360p`;
const PROTOCOLS: readonly Protocol[] = ["flv", "ws", "rtmp", "hls"];
const VIEWERS = { whole: 12, quick: 4 } as const;
const SET = {
  "ladder.rungs": "mobile",
  "ladder.start": "publish",
  // The machine is shared by all nodes and viewers of the drill: how idle it is decides nothing.
  "ladder.cores": "8",
  // Playlists of before and after a failure have segments in common.
  "hls.windowSegments": "20",
};
type Settings = Readonly<Record<string, string>>;
/** Where neither the publisher's node nor the one with the API has room, one of the others encodes. */
const ELSEWHERE: Settings = { "ladder.cores": "0" };
const WITH_PUBLISHER: Settings = { "ladder.cores": "8" };
/** Viewers of the source have no longer gap while their own node and their publisher's are up. */
const SOURCE_MS = 1000;
/** Viewers of a rung have no longer gap, or none that is so much longer than the source's; viewers whose node is killed neither. */
const AGAIN_MS = 3000;
/** From a failure to the look at what came of it. */
const AFTER_MS = { whole: 15_000, quick: 8000 } as const;
const GONE_WITHIN_MS = 5000;

type Watching = { readonly source: readonly Viewer[]; readonly rung: readonly Viewer[] };

type Outcome = {
  readonly broke: string;
  /** The node that encoded, and the one that encodes now. */
  readonly encoding: string;
  readonly sourceMs: number;
  readonly rungMs: number;
  /** What is wrong with the numbering of the rung's segments; null: it went on. */
  readonly renumbered: string | null;
  readonly encodersLeft: number;
  readonly held: boolean;
};

/** Nodes: of the publisher, of the viewers, and the one with the API, where both go when theirs is killed. */
const [PUBLISHING, WATCHING, SPARE] = ["p", "e", "a"] as const;
/** Nodes that nobody is connected to. */
const ENCODING = ["b", "d"] as const;

/** The encoders that a failure ends, and whose connections besides. */
type Struck = { readonly encoders: readonly number[]; readonly cut: "nobody" | "publisher" | "viewers" };
type Failure = (scene: Scene) => Promise<Struck>;

const KILL_ENCODER: Failure = async (scene) => ({ encoders: signalEncoders(scene, "SIGKILL"), cut: "nobody" });
const STOP_ENCODER: Failure = async (scene) => ({ encoders: signalEncoders(scene, "SIGSTOP"), cut: "nobody" });
const KILL_ENCODING_NODE: Failure = async (scene) => await killNode(scene, await encodingNode(scene));
const KILL_PUBLISHERS_NODE: Failure = (scene) => killNode(scene, PUBLISHING);

export async function ladderFailures(options: DrillOptions): Promise<DrillResult> {
  const scenes = [
    await play(options, ELSEWHERE, [
      ["ffmpeg was killed", KILL_ENCODER],
      ["ffmpeg was stopped", STOP_ENCODER],
      ["the node that encodes was killed", KILL_ENCODING_NODE],
    ]),
    await play(options, WITH_PUBLISHER, [["the publisher's node was killed, which encodes", KILL_PUBLISHERS_NODE]]),
  ];
  const outcomes = scenes.flatMap((scene) => scene.outcomes);
  const left = scenes.reduce((sum, scene) => sum + scene.left, 0);
  return {
    drill: "ladder",
    broke: "ffmpeg, the node that encodes, and the publisher's node, one after the other",
    promise: `viewers of the source have no gap over ${SOURCE_MS} ms while their node and the publisher's are up; viewers of a rung none over ${AGAIN_MS} ms besides the source's, in the same numbering; no ffmpeg is left`,
    held: outcomes.every(({ held }) => held) && left === 0,
    seen: mergeSummaries(scenes.flatMap(({ seen }) => seen)),
    table: {
      columns: [
        "what was broken",
        "encoding",
        "source: longest gap, ms",
        "rung: longest gap, ms",
        "the rung's numbering",
        "ffmpeg left",
      ],
      rows: [
        ...outcomes.map((one) => [
          one.broke,
          one.encoding,
          one.sourceMs,
          one.rungMs,
          one.renumbered ?? "went on",
          one.encodersLeft,
        ]),
        ["all nodes were killed", null, null, null, null, left],
      ],
    },
    notes: [
      `Viewers of ${RUNG} and of its source at another node than the publisher's, by FLV, WebSocket-FLV, RTMP and HLS in equal parts; HLS arrives in parts of ${HLS_PART_MS} ms, which the limits include.`,
    ],
  };
}

type Played = { readonly outcomes: readonly Outcome[]; readonly seen: readonly ProtocolSummary[]; readonly left: number };

type Scene = {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly killed: Set<string>;
  readonly watching: Watching;
};

/** A cluster of its own, in which one failure follows the other. */
async function play(
  options: DrillOptions,
  publishing: Settings,
  failures: readonly (readonly [string, Failure])[],
): Promise<Played> {
  const cluster = new LocalCluster(options);
  const encoders = new Set<number>();
  const outcomes: Outcome[] = [];
  const seen: ProtocolSummary[] = [];
  try {
    const nats = await cluster.startNats();
    const nodes = await cluster.startNodes(nats, {
      ...Object.fromEntries(ENCODING.map((id) => [id, { roles: "origin", set: SET }])),
      [SPARE]: { roles: "origin,control", set: { ...SET, ...publishing } },
      [PUBLISHING]: { roles: "origin,edge", set: { ...SET, ...publishing } },
      [WATCHING]: { roles: "edge", set: SET },
    });
    const scene = { nodes, killed: new Set<string>(), watching: await watch(cluster, nodes, options) };
    for (const [broke, failure] of failures) {
      for (const pid of allEncoders(scene)) encoders.add(pid);
      outcomes.push(await strike(scene, broke, failure, options.quick ? AFTER_MS.quick : AFTER_MS.whole));
      for (const pid of allEncoders(scene)) encoders.add(pid);
      seen.push(...summarize([...scene.watching.source, ...scene.watching.rung].map((viewer) => viewer.look())));
    }
  } finally {
    await cluster.close();
  }
  return { outcomes, seen, left: await leftOf([...encoders]) };
}

async function watch(cluster: LocalCluster, nodes: ReadonlyMap<string, Node>, { quick }: DrillOptions): Promise<Watching> {
  const publishers = [nodeOf(nodes, PUBLISHING), nodeOf(nodes, SPARE)];
  publishTo(cluster.scope, clip("4 Mb/s", 16), STREAM, () => publishers);
  await nodeOf(nodes, SPARE).stream(STREAM, ({ video }) => video !== null);
  const places = [nodeOf(nodes, WATCHING), nodeOf(nodes, SPARE)];
  const count = quick ? VIEWERS.quick : VIEWERS.whole;
  const viewersOf = (name: string) =>
    Array.from({ length: count }, (_, i) => new Viewer(PROTOCOLS[i % PROTOCOLS.length] ?? "flv", () => places, name));
  const watching = { source: viewersOf(STREAM), rung: viewersOf(RUNG) };
  const all = [...watching.source, ...watching.rung];
  cluster.viewers.push(...all);
  await until(() => all.every(({ seen }) => seen.pieces > 0), "media at all viewers", 60_000);
  await cluster.pause();
  return watching;
}

async function strike(scene: Scene, broke: string, failure: Failure, afterMs: number): Promise<Outcome> {
  const { source, rung } = scene.watching;
  const before = { source: await playlistOf(scene, STREAM), rung: await playlistOf(scene, RUNG) };
  const from = await encodingNode(scene);
  for (const viewer of [...source, ...rung]) viewer.measure();
  const { encoders, cut } = await failure(scene);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const gap = (viewers: readonly Viewer[]) => longestGap(summarize(viewers.map((viewer) => viewer.look())));
  const [sourceMs, rungMs] = [gap(source), gap(rung)];
  const renumbered = differenceOf(before.rung, await playlistOf(scene, RUNG), [before.source, await playlistOf(scene, STREAM)]);
  const encodersLeft = await leftOf(encoders);
  const sourceLimit = { nobody: SOURCE_MS, viewers: AGAIN_MS, publisher: Number.POSITIVE_INFINITY }[cut] + HLS_PART_MS;
  const rungLimit = AGAIN_MS + HLS_PART_MS + (cut === "publisher" ? sourceMs : 0);
  const to = await encodingNode(scene).catch(() => null);
  return {
    broke,
    sourceMs,
    rungMs,
    renumbered,
    encodersLeft,
    encoding: from === to ? from : `${from}, then ${to ?? "none"}`,
    held: sourceMs <= sourceLimit && rungMs <= rungLimit && renumbered === null && encodersLeft === 0 && to !== null,
  };
}

/** The node that encodes the stream's rungs: the jobs of the API say so, and otherwise the processes do. */
async function encodingNode({ nodes, killed }: Scene): Promise<string> {
  const up = [...nodes.values()].filter(({ id }) => !killed.has(id));
  return await until(
    async () => {
      for (const node of up) {
        const answer = await node.api("/api/v1/jobs").catch(() => null);
        if (!answer?.ok) continue;
        const { items } = (await answer.json()) as { items: { kind: string; name: string; node: string | null }[] };
        const job = items.find(({ kind, name }) => kind === "ladder" && name === STREAM);
        if (job?.node && !killed.has(job.node)) return job.node;
      }
      return up.find((node) => encodersOf(node).length > 0)?.id ?? null;
    },
    "a node that encodes",
    20_000,
  );
}

/** The encoders of a node: each of its ladders is one ffmpeg, whose first rung is written to descriptor 4. */
function encodersOf({ process: { pid } }: Node): number[] {
  return pid === undefined ? [] : processTree(pid).filter((one) => /^ffmpeg\0.*\0pipe:4\0/s.test(commandOf(one)));
}

function allEncoders({ nodes, killed }: Scene): number[] {
  return [...nodes.values()].filter(({ id }) => !killed.has(id)).flatMap(encodersOf);
}

/** Empty for a process that has ended, waited for or not. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function signalEncoders(scene: Scene, signal: "SIGKILL" | "SIGSTOP"): number[] {
  const encoders = allEncoders(scene);
  for (const pid of encoders) process.kill(pid, signal);
  return encoders;
}

async function killNode({ nodes, killed }: Scene, id: string): Promise<Struck> {
  const node = nodeOf(nodes, id);
  const encoders = encodersOf(node);
  killed.add(id);
  await node.kill();
  return { encoders, cut: id === PUBLISHING ? "publisher" : id === WATCHING ? "viewers" : "nobody" };
}

/** How many of these are there after a while. */
async function leftOf(encoders: readonly number[]): Promise<number> {
  const there = () => encoders.filter((pid) => commandOf(pid).startsWith("ffmpeg\0"));
  await until(() => there().length === 0, "the end of the encoders", GONE_WITHIN_MS).catch(() => {});
  return there().length;
}

/** The media playlist of a stream where viewers watch it, or of the first variant that its playlist lists. */
async function playlistOf({ nodes, killed }: Scene, name: string): Promise<Playlist> {
  const { http } = nodeOf(nodes, killed.has(WATCHING) ? SPARE : WATCHING);
  const first = await fetch(`${http}/live/${name}.m3u8`);
  const uri = (await first.text()).split("\n").find((line) => line !== "" && !line.startsWith("#"));
  return readPlaylist(await (await fetch(new URL(uri ?? "", first.url))).text());
}

/** What is wrong with a rung's numbering; null: it goes on, and each segment has the date of the source's segment of its number. */
function differenceOf(before: Playlist, after: Playlist, sources: readonly Playlist[]): string | null {
  const dates = new Map(
    [...sources, before].flatMap(({ segments }) => segments.filter(({ uri }) => uri !== null).map(({ msn, utc }) => [msn, utc])),
  );
  const complete = after.segments.filter(({ uri }) => uri !== null);
  const newest = before.segments.filter(({ uri }) => uri !== null).at(-1)?.msn ?? 0;
  if ((complete.at(-1)?.msn ?? 0) <= newest) return `no segment after ${newest}`;
  const known = complete.filter(({ msn }) => dates.has(msn));
  if (known.length < 2) return "no segments in common";
  const moved = known.find(({ msn, utc }) => dates.get(msn) !== utc);
  return moved ? `segment ${moved.msn} is of another time` : null;
}
