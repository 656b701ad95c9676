/**
 * Runs a drill: dispatch between two carriers. Viewers and a browser ask dispatch for a server, as players do; the node of one carrier is filled,
 * killed, and restarted. Needs root and TUN devices.
 */
import { clip } from "../../e2e/clips.ts";
import { until } from "../../e2e/lectern.ts";
import { ACROSS_CARRIERS, ACROSS_REGIONS, INSIDE_REGION, LabCluster, type LabNode, nodesAt } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { longestGap, type ProtocolSummary } from "../testbed/viewer-summary.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { type LabBrowser, openLabBrowser } from "./lab-browser.ts";

const PROTOCOLS = "flv,ws,rtmp,hls";
const VIEWERS = { whole: 20, quick: 8 } as const;
const NEW_VIEWERS = 4;
/** The promised limit after a node dies. */
const LIMIT_MS = 3000;
/** A player checks at least this often for a better node. */
const BACK_WITHIN_MS = 120_000;

type ViewersByHost = Readonly<Record<string, number>>;

/** The network: a centre, a node for each of two carriers, and the homes of each carrier's viewers. */
type Network = {
  readonly centre: LabHost;
  readonly telecom: LabHost;
  readonly homeTelecom: LabHost;
  readonly homeUnicom: LabHost;
  /** The origin, at the centre. */
  readonly origin: LabNode;
  /** Connections that the telecom node accepts. */
  readonly room: number;
  readonly startTelecom: () => Promise<LabNode>;
};

export async function dispatchFailover(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  const count = options.quick ? VIEWERS.quick : VIEWERS.whole;
  try {
    const network = await startNetwork(cluster, count);
    const { centre, homeTelecom, homeUnicom, telecom, origin, room } = network;
    const watch = (home: LabHost, viewers: number) => cluster.watchDispatched(home, centre, "x", viewers, PROTOCOLS);

    const browser = await openLabBrowser(cluster, homeTelecom, centre);
    const [ofTelecom, ofUnicom] = [watch(homeTelecom, count), watch(homeUnicom, count)];
    await Promise.all([ofTelecom.untilPlaying(count, "telecom"), ofUnicom.untilPlaying(count, "unicom")]);
    const atStart = { telecom: (await ofTelecom.report()).hosts, unicom: (await ofUnicom.report()).hosts, browser: browser.host() };

    // Dispatch counts the new viewers until the node's next report contains them.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const more = watch(homeTelecom, count);
    await more.untilPlaying(count, "telecom");
    const filled = (await more.report()).hosts;
    const connections = (await nodesAt(origin)).find(({ id }) => id === "telecom")?.connections ?? 0;

    await Promise.all([ofTelecom.measure(), more.measure()]);
    await cluster.kill(telecom);
    const browserMs = await browser.reconnectTime();
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const { seen, hosts: moved } = await ofTelecom.report();
    const movedTo = browser.host();

    await network.startTelecom();
    await cluster.untilJoined(origin);
    const late = watch(homeTelecom, NEW_VIEWERS);
    await late.untilPlaying(NEW_VIEWERS, "telecom");
    const backMs = await untilBack(browser);
    const lateAt = (await late.report()).hosts;
    await browser.close();
    const isOwn = atStart.telecom["telecom"] === count && atStart.unicom["unicom"] === count && atStart.browser === "telecom";
    const isFilled = connections <= room && (filled["unicom"] ?? 0) > 0 && (filled["telecom"] ?? 0) > 0;
    const isMoved = moved["telecom"] === undefined && lateAt["telecom"] === NEW_VIEWERS;
    return resultOf({
      count,
      held: isOwn && isFilled && isMoved && longestGap(seen) <= LIMIT_MS && browserMs <= LIMIT_MS,
      seen,
      notes: [
        `at the start: ${listed(atStart.telecom)} of telecom, ${listed(atStart.unicom)} of unicom, the browser of telecom at ${atStart.browser}`,
        `${count} more of telecom: ${listed(filled)}; the node had ${connections} of ${room} connections`,
        `after it was killed: ${listed(moved)}; the browser at ${movedTo}, playing again after ${Math.round(browserMs)} ms`,
        `after its restart: new viewers ${listed(lateAt)}; the browser returned by itself after ${Math.round(backMs / 1000)} s`,
      ],
    });
  } finally {
    await cluster.close();
  }
}

async function startNetwork(cluster: LabCluster, count: number): Promise<Network> {
  const { lab } = cluster;
  const [centre, telecom, unicom] = [lab.addHost("centre"), lab.addHost("telecom"), lab.addHost("unicom")];
  const [homeTelecom, homeUnicom] = [lab.addHost("home-telecom"), lab.addHost("home-unicom")];
  for (const host of [telecom, unicom, homeTelecom, homeUnicom]) await lab.addLink(centre, host, ACROSS_REGIONS);
  await lab.addLink(homeTelecom, telecom, INSIDE_REGION);
  await lab.addLink(homeUnicom, unicom, INSIDE_REGION);
  await lab.addLink(homeTelecom, unicom, ACROSS_CARRIERS);
  await lab.addLink(homeUnicom, telecom, ACROSS_CARRIERS);
  cluster.startNats(centre);
  const set = {
    "cluster.node.region": "north",
    "dispatch.networks": JSON.stringify([
      { cidr: [homeTelecom.address], region: "north", carrier: "telecom" },
      { cidr: [homeUnicom.address], region: "north", carrier: "unicom" },
    ]),
  };
  const origin = await cluster.startNode(centre, centre, "origin,control", set);
  const startEdge = (host: LabHost, connections: number) =>
    cluster.startNode(host, centre, "edge", {
      ...set,
      "cluster.node.carriers": `[${host.name}]`,
      "cluster.node.maxConnections": String(connections),
    });
  // Enough for the first group of its carrier and some more; links to other nodes are connections too. A node is full at 95 %.
  const room = Math.ceil((count * 1.5) / 0.95);
  const startTelecom = () => startEdge(telecom, room);
  await startTelecom();
  await startEdge(unicom, 1000);
  await cluster.untilJoined(origin);
  cluster.publish(centre, clip("b-frames", 20), "x");
  await cluster.untilLive(origin);
  return { centre, telecom, homeTelecom, homeUnicom, origin, room, startTelecom };
}

/** Waits until the browser plays at the restarted node. @returns milliseconds */
async function untilBack(browser: LabBrowser): Promise<number> {
  const begun = performance.now();
  await until(() => browser.host() === "telecom", "the browser's return", BACK_WITHIN_MS);
  const backMs = performance.now() - begun;
  await browser.untilLive();
  return backMs;
}

function resultOf(result: {
  readonly count: number;
  readonly held: boolean;
  readonly seen: readonly ProtocolSummary[];
  readonly notes: readonly string[];
}): DrillResult {
  const { count, held, seen, notes } = result;
  return {
    drill: "dispatch",
    broke: `a node for each of two carriers, ${2 * count} viewers of one and ${count} of the other; the first node is filled, killed, and restarted`,
    promise:
      "viewers are at a node of their carrier while it has room, and watch at the other node within 3 s after their node dies",
    held,
    seen,
    notes,
  };
}

const listed = (hosts: ViewersByHost) =>
  Object.entries(hosts)
    .map(([host, viewers]) => `${viewers} at ${host}`)
    .join(", ");
