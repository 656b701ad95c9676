/**
 * Runs a drill: a viewer's line drops from 4 Mbps to 500 kbps behind a router with a queue of its own, and becomes fast again; by HTTP-FLV, WebSocket-FLV
 * and HLS, with CUBIC and BBR, with and without `net.ipv4.tcp_notsent_lowat` at the server. Needs root and TUN devices.
 */
import { execFileSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { playerState } from "../../e2e/chromium.ts";
import { clip } from "../../e2e/clips.ts";
import { until } from "../../e2e/lectern.ts";
import { type Seen, watchScreen } from "../../e2e/screen-watch.ts";
import { SMALL_LADDER, SMALL_RUNGS } from "../../e2e/small-ladder.ts";
import { KernelQueue } from "../netlab/kernel-queue.ts";
import { LabCluster, type LabNode } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { round } from "../report/table.ts";
import { pause } from "../testbed/child-process.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { launchOnHost } from "./lab-browser.ts";

const FAST_KBPS = 4000;
const SLOW_KBPS = 500;
/** Of the router, as home routers have. */
const QUEUE_PACKETS = 60;
const PACKET_BITS = 1500 * 8;
/** What is asked for on the slow line comes behind a full queue: 1.4 s. */
const QUEUE_MS = (QUEUE_PACKETS * PACKET_BITS) / SLOW_KBPS;
/** One way, between server and router. */
const DELAY_MS = 10;
const SLOW_SECONDS = 20;
/** The largest picture may still grow a little faster than the line carries when it has just begun. */
const SETTLE_SECONDS = 8;
/** Of the picture, beside the queue. */
const MAX_STOP_MS = 1000;
const BACK_WITHIN_MS = 30_000;
const STATE_WITHIN_MS = 60_000;
const NAME = "x";
/** Widths of the source and of the rungs with a picture. */
const WIDTH = { source: 640, rung: 320 } as const;
/** Bytes; what the kernel does where nothing is set, and what docs/operations.md advises. */
const UNSENT = { "not set": 0xff_ff_ff_ff, set: 131_072 } as const;

type Protocol = "flv" | "ws" | "hls";
type Case = { readonly congestion: string; readonly unsent: keyof typeof UNSENT; readonly protocol: Protocol };
/** smallerMs: from the drop to the first smaller picture; backMs: from the fast line to the largest; null: not within the time. */
type Drop = Case & {
  readonly stoppedMs: number;
  readonly smallerMs: number | null;
  readonly backMs: number | null;
  readonly black: number;
};

export async function dropLine({ quick }: DrillOptions): Promise<DrillResult> {
  const drops: Drop[] = [];
  for (const congestion of quick ? ["cubic"] : ["cubic", "bbr"]) {
    const cluster = new LabCluster();
    try {
      const line = await startLine(cluster, congestion);
      for (const unsent of quick ? (["not set"] as const) : (["not set", "set"] as const)) {
        setUnsent(line.server.host, UNSENT[unsent]);
        for (const protocol of ["flv", "ws", "hls"] as const)
          drops.push({ congestion, unsent, protocol, ...(await watchDrop(line, protocol)) });
      }
      await line.browser.close();
    } finally {
      await cluster.close();
    }
  }
  return {
    drill: "line-drop",
    broke: `a line drops from ${FAST_KBPS} to ${SLOW_KBPS} kbps for ${SLOW_SECONDS} s behind ${QUEUE_PACKETS} packets (HTB, pfifo), a picture of 1.5 Mbps`,
    promise: `the picture stands for at most ${MAX_STOP_MS / 1000} s longer than the queue of ${QUEUE_MS / 1000} s, and is the largest again within ${BACK_WITHIN_MS / 1000} s of the fast line`,
    held: drops.every(({ stoppedMs, backMs, black }) => stoppedMs <= QUEUE_MS + MAX_STOP_MS && backMs !== null && black === 0),
    seen: [],
    table: {
      columns: [
        "congestion control",
        "tcp_notsent_lowat",
        "protocol",
        "picture stood, ms",
        "smaller after, s",
        "largest again after, s",
        "black frames",
      ],
      rows: drops.map((drop) => [
        drop.congestion,
        drop.unsent,
        drop.protocol,
        Math.round(drop.stoppedMs),
        inSeconds(drop.smallerMs),
        inSeconds(drop.backMs),
        drop.black,
      ]),
    },
    notes: [],
  };
}

type Line = { readonly server: LabNode; readonly browser: Browser; readonly queue: KernelQueue };

/** A server with a live stream and its rungs, a router, and a home with a browser. */
async function startLine(cluster: LabCluster, congestion: string): Promise<Line> {
  const { lab } = cluster;
  const [server, router, home] = [lab.addHost("server", congestion), lab.addHost("router"), lab.addHost("home")];
  await lab.addLink(server, router, { delay: DELAY_MS });
  const device = lab.connectDirectly(router, home);
  lab.routeThrough(router, server, home);
  const queue = new KernelQueue(router, device, FAST_KBPS, QUEUE_PACKETS);
  cluster.startNats(server);
  const node = await cluster.startNode(server, server, "origin,control", SMALL_LADDER);
  cluster.publish(server, clip("1.5 Mb/s of filler", 20), NAME);
  await cluster.untilLive(node);
  const rungs = async () => (await node.api("/metrics")).match(/^lectern_rungs (\d+)/m)?.[1];
  await until(async () => (await rungs()) === String(SMALL_RUNGS.length), "the rungs", STATE_WITHIN_MS);
  return { server: node, browser: await launchOnHost(cluster, home), queue };
}

async function watchDrop({ server, browser, queue }: Line, protocol: Protocol): Promise<Omit<Drop, keyof Case>> {
  const page = await (await browser.newContext({ viewport: { width: WIDTH.source, height: 360 } })).newPage();
  const from = `${server.host.address}:8080`;
  await page.goto(`http://${from}/embed/${NAME}?muted${protocol === "hls" ? "&protocol=hls" : ""}`);
  if (protocol === "ws")
    await page.evaluate(
      (src) => document.querySelector("lectern-player")?.setAttribute("src", src),
      `ws://${from}/live/${NAME}.flv`,
    );
  const isSource = async () => (await widthOf(page)) === WIDTH.source;
  await until(isSource, "the largest picture", STATE_WITHIN_MS);
  await pause(SETTLE_SECONDS);
  await until(isSource, "the largest picture that stays", STATE_WITHIN_MS);
  const seen = await watchScreen(page);
  queue.setRate(SLOW_KBPS);
  const begun = performance.now();
  const smallerMs = await timeUntil(async () => (await widthOf(page)) === WIDTH.rung, SLOW_SECONDS * 1000);
  await pause(Math.max(0, SLOW_SECONDS - (performance.now() - begun) / 1000));
  const { longestStopMs, blackFrames }: Seen = await seen();
  queue.setRate(FAST_KBPS);
  const backMs = await timeUntil(isSource, BACK_WITHIN_MS);
  await page.context().close();
  return { stoppedMs: longestStopMs, smallerMs, backMs, black: blackFrames };
}

const widthOf = async (page: Page) => (await playerState(page)).width;

async function timeUntil(isSo: () => Promise<boolean>, withinMs: number): Promise<number | null> {
  const begun = performance.now();
  while (performance.now() - begun < withinMs) {
    if (await isSo()) return performance.now() - begun;
    await pause(0.05);
  }
  return null;
}

function setUnsent({ namespace }: LabHost, bytes: number): void {
  execFileSync("ip", ["netns", "exec", namespace, "sh", "-c", `echo ${bytes} > /proc/sys/net/ipv4/tcp_notsent_lowat`]);
}

const inSeconds = (milliseconds: number | null) => (milliseconds === null ? null : round(milliseconds / 1000, 1));
