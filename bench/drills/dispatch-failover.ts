/**
 * The dispatch centre between two carriers: viewers in places of their own ask it where to watch, as players do, and a browser beside them.
 * The node of one carrier is filled, killed, and comes back. Needs root and TUN devices.
 */
import { chmodSync, writeFileSync } from "node:fs";
import { CHROMIUM, launchBrowser } from "../../e2e/browser.ts";
import { clip } from "../../e2e/clips.ts";
import { until } from "../../e2e/lectern.ts";
import { ACROSS_CARRIERS, ACROSS_REGIONS, INSIDE, LAB_SCOPE, LabCluster, type LabViewers, nodesAt } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { type DrillOptions, type DrillResult, longestGap } from "../testbed/local-cluster.ts";

const PROTOCOLS = "flv,ws,rtmp,hls";
const EACH = { whole: 20, quick: 8 } as const;
/** The promise, when a node dies. */
const LIMIT_MS = 3000;
/** A player looks at least this often whether there is a better node. */
const BACK_WITHIN_MS = 120_000;

export async function dispatchFailover(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LabCluster();
  const count = options.quick ? EACH.quick : EACH.whole;
  try {
    const { lab } = cluster;
    const [centre, telecom, unicom] = [lab.addHost("centre"), lab.addHost("telecom"), lab.addHost("unicom")];
    const [homeT, homeU] = [lab.addHost("home-telecom"), lab.addHost("home-unicom")];
    for (const place of [telecom, unicom, homeT, homeU]) await lab.addLink(centre, place, ACROSS_REGIONS);
    for (const [home, node] of [
      [homeT, telecom],
      [homeU, unicom],
    ] as const)
      await lab.addLink(home, node, INSIDE);
    await lab.addLink(homeT, unicom, ACROSS_CARRIERS);
    await lab.addLink(homeU, telecom, ACROSS_CARRIERS);
    cluster.startNats(centre);
    const set = {
      "cluster.node.region": "north",
      "dispatch.networks": JSON.stringify([
        { cidr: [homeT.address], region: "north", carrier: "telecom" },
        { cidr: [homeU.address], region: "north", carrier: "unicom" },
      ]),
    };
    const atCentre = await cluster.startNode(centre, centre, "origin,control", set);
    // Room for all of its own carrier, and for a few more: links to other nodes are connections too.
    const edge = (place: LabHost, room: number) =>
      cluster.startNode(place, centre, "edge", {
        ...{ ...set, "cluster.node.carriers": `[${place.name}]`, "cluster.node.maxConnections": String(room) },
      });
    const room = Math.ceil((count * 1.5) / 0.95);
    await edge(telecom, room);
    await edge(unicom, 1000);
    await cluster.untilJoined(atCentre);
    cluster.publish(centre, await clip(LAB_SCOPE, cluster.directory, "b-frames", "20"), "x");
    await cluster.untilLive(atCentre);

    const browser = await browserAt(cluster, homeT, centre);
    const ofT = cluster.watchDispatched(homeT, centre, "x", count, PROTOCOLS);
    const ofU = cluster.watchDispatched(homeU, centre, "x", count, PROTOCOLS);
    await Promise.all([ofT.untilPlaying(count, "telecom"), ofU.untilPlaying(count, "unicom")]);
    const own = { t: await hostsOf(ofT), u: await hostsOf(ofU), browser: browser.host() };
    const isOwn = own.t["telecom"] === count && own.u["unicom"] === count && own.browser === "telecom";

    // Until what was given to the node is seen in what it says of itself.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const more = cluster.watchDispatched(homeT, centre, "x", count, PROTOCOLS);
    await more.untilPlaying(count, "telecom");
    const filled = await hostsOf(more);
    const connections = (await nodesAt(atCentre)).find(({ id }) => id === "telecom")?.connections ?? 0;
    const isFilled = connections <= room && (filled["unicom"] ?? 0) > 0 && (filled["telecom"] ?? 0) > 0;

    await Promise.all([ofT.measure(), more.measure()]);
    await cluster.kill(telecom);
    const killed = performance.now();
    await browser.lost();
    await browser.live();
    const browserMs = performance.now() - killed;
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const { seen } = await ofT.report();
    const moved = await hostsOf(ofT);
    const movedTo = browser.host();

    await edge(telecom, room);
    await cluster.untilJoined(atCentre);
    const again = cluster.watchDispatched(homeT, centre, "x", 4, PROTOCOLS);
    await again.untilPlaying(4, "telecom");
    const back = performance.now();
    await until(() => browser.host() === "telecom", "the browser to come back", BACK_WITHIN_MS);
    const backMs = performance.now() - back;
    await browser.live();
    const news = await hostsOf(again);
    await browser.close();
    return {
      drill: "dispatch",
      broke: `a node of each of two carriers, ${2 * count} viewers of one and ${count} of the other; the first node is filled, killed, and comes back`,
      promise: "everybody is at a node of their carrier while that has room, and watches elsewhere within 3 s when it dies",
      held:
        isOwn &&
        isFilled &&
        news["telecom"] === 4 &&
        longestGap(seen) <= LIMIT_MS &&
        browserMs <= LIMIT_MS &&
        moved["telecom"] === undefined,
      seen,
      notes: [
        `at first: ${said(own.t)} of telecom, ${said(own.u)} of unicom, the browser of telecom at ${own.browser}`,
        `${count} more of telecom: ${said(filled)}; the node had ${connections} connections of ${room}`,
        `when it was killed: ${said(moved)}; the browser at ${movedTo}, playing again after ${Math.round(browserMs)} ms`,
        `when it was there again: of new viewers ${said(news)}, and the browser came back after ${Math.round(backMs / 1000)} s by itself`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

const said = (hosts: Readonly<Record<string, number>>) =>
  Object.entries(hosts)
    .map(([host, viewers]) => `${viewers} at ${host}`)
    .join(", ");

async function hostsOf(viewers: LabViewers): Promise<Readonly<Record<string, number>>> {
  return (await viewers.report()).hosts;
}

/** Chromium in a place, with the page of the player. */
async function browserAt(cluster: LabCluster, { namespace }: LabHost, centre: LabHost) {
  const program = `${cluster.directory}/chromium`;
  writeFileSync(program, `#!/bin/sh\nexec ip netns exec ${namespace} ${CHROMIUM} "$@"\n`);
  chmodSync(program, 0o755);
  const browser = await launchBrowser(program);
  const page = await (await browser.newContext()).newPage();
  let host = "";
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^\/live\/x\.(flv|m3u8)/.test(url.pathname)) host = cluster.nameOf(url.hostname);
  });
  await page.goto(`http://${centre.address}:8080/embed/x?muted`);
  const state = () => page.evaluate("document.querySelector('lectern-player')?.state");
  const live = () => until(async () => (await state()) === "live", "a live picture", 30_000);
  await live();
  return {
    host: () => host,
    live,
    lost: () => until(async () => (await state()) !== "live", "the loss", 30_000),
    close: () => browser.close(),
  };
}
