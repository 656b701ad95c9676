/**
 * Provides the environment of the drill "why": an encoder, an origin, an edge, a carrier and two homes, each in a network namespace, with a link
 * between each and the next that can be spoiled, and a browser in each home.
 */
import { type ChildProcess, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { ffmpegDone } from "../../e2e/ffmpeg.ts";
import { until } from "../../e2e/lectern.ts";
import { LAB_SCOPE, LabCluster, type LabNode } from "../netlab/lab-cluster.ts";
import type { LabHost, Link } from "../netlab/network-lab.ts";
import { launchOnHost } from "./lab-browser.ts";

/** Video and sound of the lesson. */
export const STREAM_KBPS = 800;
/** What the edge may send. */
export const EDGE_MBPS = 6;
const NAME = "why";
const HTTP_PORT = 8080;
const STATE_WITHIN_MS = 30_000;
/** Control groups, version 1 and 2. */
const CPU_GROUPS = "/sys/fs/cgroup/cpu";
const GROUPS = "/sys/fs/cgroup";
const PERIOD_US = 1_000_000;
/** The kernel takes no less. */
const MIN_QUOTA_US = 1000;
/** What the origin, or a page, uses is measured for so long. */
const USE_MS = 3000;
/** Of `/proc/PID/stat`. */
const TICKS_PER_SECOND = 100;

export type Hosts = Readonly<Record<"studio" | "origin" | "edge" | "carrier" | "home1" | "home2", LabHost>>;
export type Links = Readonly<Record<"uplink" | "relay" | "egress" | "line1" | "line2", Link>>;

export class DiagnosisLab {
  readonly cluster = new LabCluster();
  readonly hosts: Hosts;
  private started: {
    readonly links: Links;
    readonly origin: LabNode;
    readonly encoder: ChildProcess;
    readonly pages: readonly Page[];
  } | null = null;
  private readonly browsers: Browser[] = [];
  private group: string | null = null;

  constructor() {
    const add = (name: string) => this.cluster.lab.addHost(name);
    this.hosts = {
      studio: add("studio"),
      origin: add("origin"),
      edge: add("edge"),
      carrier: add("carrier"),
      home1: add("home1"),
      home2: add("home2"),
    };
  }

  private get parts() {
    if (!this.started) throw new Error("the lab is not started");
    return this.started;
  }

  get links(): Links {
    return this.parts.links;
  }

  get origin(): LabNode {
    return this.parts.origin;
  }

  /** The page of each home. */
  get pages(): readonly Page[] {
    return this.parts.pages;
  }

  async start(): Promise<void> {
    const { cluster } = this;
    const { studio, origin: originHost, edge } = this.hosts;
    const links = await this.connect();
    cluster.startNats(originHost);
    const origin = await cluster.startNode(originHost, originHost, "origin,control");
    const set = { "cluster.node.capacityMbps": String(EDGE_MBPS) };
    await cluster.startNode(edge, originHost, "edge", set);
    await cluster.untilJoined(origin);
    const clip = await makeClip(cluster.directory);
    const program = join(import.meta.dirname, "diagnosis-encoder.ts");
    const args = [program, clip, originHost.address, "1935", NAME];
    const encoder = cluster.lab.start(studio, process.execPath, args, { stdio: ["pipe", "ignore", "inherit"] });
    await cluster.untilLive(origin);
    this.started = {
      links,
      origin,
      encoder,
      pages: await Promise.all([this.hosts.home1, this.hosts.home2].map((home) => this.openBrowser(home))),
    };
  }

  /** Opens the lesson in each home. @returns ids of the players' sessions, when all of them play */
  async watch(): Promise<readonly string[]> {
    const { edge } = this.hosts;
    return await Promise.all(
      this.pages.map(async (page) => {
        await page.goto(`http://${edge.address}:${HTTP_PORT}/embed/${NAME}?muted`);
        const read = (of: string) => page.evaluate(`document.querySelector("lectern-player")?.${of}`);
        await until(async () => (await read("state")) === "live", "live playback", STATE_WITHIN_MS).catch(
          async (error: unknown) => {
            process.stderr.write(`player: ${await read("state")} ${JSON.stringify(await read("statistics"))}\n`);
            throw error;
          },
        );
        const view = await read("statistics.view");
        if (typeof view !== "string") throw new Error("the player tells nothing of itself");
        return view;
      }),
    );
  }

  /** Leaves the pages, which tells the server that the sessions end. */
  async leave(): Promise<void> {
    await Promise.all(this.pages.map((page) => page.goto("about:blank")));
  }

  /** @param share of all frames that the encoder leaves out */
  dropFrames(share: number): void {
    this.parts.encoder.stdin?.write(`drop ${share}\n`);
  }

  /** Leaves the origin so much of the processor time that it uses at present; null: everything. */
  async limitOrigin(share: number | null): Promise<void> {
    this.group ??= this.groupOrigin();
    const quota = share === null ? null : Math.max(MIN_QUOTA_US, Math.round(share * (await this.usedByOrigin()) * PERIOD_US));
    if (existsSync(join(this.group, "cpu.max"))) writeFileSync(join(this.group, "cpu.max"), `${quota ?? "max"} ${PERIOD_US}`);
    else writeFileSync(join(this.group, "cpu.cfs_quota_us"), String(quota ?? -1));
  }

  /** Viewers behind the carrier, who only download. @returns the end of them */
  download(count: number): () => void {
    const { carrier, edge } = this.hosts;
    const args = ["-s", "-o", "/dev/null", `http://${edge.address}:${HTTP_PORT}/live/${NAME}.flv`];
    const children = Array.from({ length: count }, () => this.cluster.lab.start(carrier, "curl", args, { stdio: "ignore" }));
    return () => {
      for (const child of children) child.kill("SIGKILL");
    };
  }

  async close(): Promise<void> {
    if (this.group) await this.limitOrigin(null);
    await Promise.all(this.browsers.map((browser) => browser.close().catch(() => {})));
    await this.cluster.close();
    if (this.group && existsSync(this.group)) rmdirSync(this.group);
  }

  private async connect(): Promise<Links> {
    const { studio, origin, edge, carrier, home1, home2 } = this.hosts;
    const { lab } = this.cluster;
    const links = {
      uplink: await lab.addLink(studio, origin, { delay: 5 }),
      relay: await lab.addLink(origin, edge, { delay: 10 }),
      egress: await lab.addLink(edge, carrier, { delay: 2 }),
      line1: await lab.addLink(carrier, home1, { delay: 5 }),
      line2: await lab.addLink(carrier, home2, { delay: 5 }),
    };
    // Homes reach the edge through the carrier.
    const route = (host: LabHost, to: LabHost, device: string) =>
      execFileSync("ip", ["-n", host.namespace, "route", "add", to.address, "dev", device, "src", host.address]);
    for (const [home, line] of [
      [home1, "link3"],
      [home2, "link4"],
    ] as const) {
      route(edge, home, "link2");
      route(home, edge, line);
    }
    execFileSync("ip", ["netns", "exec", carrier.namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
    return links;
  }

  private async openBrowser(home: LabHost): Promise<Page> {
    const browser = await launchOnHost(this.cluster, home);
    this.browsers.push(browser);
    return await (await browser.newContext({ viewport: { width: 640, height: 400 } })).newPage();
  }

  /** Cores that all processes of the origin use together. */
  private async usedByOrigin(): Promise<number> {
    const ticks = () => this.pidsOfOrigin().reduce((sum, pid) => sum + ticksOf(pid), 0);
    const before = ticks();
    await new Promise((resolve) => setTimeout(resolve, USE_MS));
    return ((ticks() - before) * 1000) / (TICKS_PER_SECOND * USE_MS);
  }

  /** @returns the share of the time for which the page's thread works */
  async usedByPage(devtools: CDPSession): Promise<number> {
    await devtools.send("Performance.enable");
    const worked = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    };
    const before = await worked();
    await new Promise((resolve) => setTimeout(resolve, USE_MS));
    return ((await worked()) - before) / (USE_MS / 1000);
  }

  private pidsOfOrigin(): readonly string[] {
    const text = execFileSync("ip", ["netns", "pids", this.hosts.origin.namespace], { encoding: "utf8" });
    return text.split("\n").filter(Boolean);
  }

  private groupOrigin(): string {
    const isFirst = existsSync(join(CPU_GROUPS, "cpu.cfs_quota_us"));
    const group = join(isFirst ? CPU_GROUPS : GROUPS, `lectern-why-${process.pid}`);
    if (!isFirst) writeFileSync(join(GROUPS, "cgroup.subtree_control"), "+cpu");
    mkdirSync(group);
    if (isFirst) writeFileSync(join(group, "cpu.cfs_period_us"), String(PERIOD_US));
    for (const pid of this.pidsOfOrigin()) writeFileSync(join(group, "cgroup.procs"), pid);
    return group;
  }
}

/** Processor time of a process; 0: it has ended. proc(5): utime and stime are fields 14 and 15, and field 2 may have spaces. */
function ticksOf(pid: string): number {
  const file = `/proc/${pid}/stat`;
  const fields = existsSync(file)
    ? readFileSync(file, "utf8")
        .replace(/^.*\) /, "")
        .split(" ")
    : [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** B-frames that no frame refers to can be left out without a fault in the others. */
async function makeClip(directory: string): Promise<string> {
  const file = join(directory, "why.flv");
  const rate = `${STREAM_KBPS - 64}k`;
  await ffmpegDone(LAB_SCOPE, [
    ...["-f", "lavfi", "-i", "testsrc2=size=480x270:rate=25,noise=alls=12:allf=t", "-f", "lavfi", "-i", "sine=sample_rate=48000"],
    ...[
      "-t",
      "20",
      "-c:v",
      "libx264",
      "-preset",
      "veryfast",
      "-g",
      "50",
      "-keyint_min",
      "50",
      "-sc_threshold",
      "0",
      "-pix_fmt",
      "yuv420p",
    ],
    ...[
      "-bf",
      "3",
      "-b_strategy",
      "0",
      "-x264-params",
      "nal-hrd=cbr:b-pyramid=none",
      "-b:v",
      rate,
      "-maxrate",
      rate,
      "-bufsize",
      rate,
    ],
    ...["-c:a", "aac", "-b:a", "64k", "-f", "flv", file],
  ]);
  return file;
}
