/** Nodes in places far from each other, for drills of lines: each is a network namespace, with its own node, viewers and publisher. */
import { type ChildProcess, execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { SECRET } from "../../e2e/cluster.ts";
import { MAIN, type Scope, TOKEN, until } from "../../e2e/lectern.ts";
import type { ProtocolSummary } from "../testbed/local-cluster.ts";
import { type LabHost, NetworkLab } from "./network-lab.ts";

const run = promisify(execFile);
const HTTP_PORT = 8080;
const RTMP_PORT = 1935;
const NATS_PORT = 4222;
const VIEWER_PROGRAM = join(import.meta.dirname, "lab-viewers.ts");

/** Each way: round trips of 2 ms inside a region, 40 ms across regions, 80 ms across carriers, where 3 % are lost. */
export const INSIDE = { delay: 1 } as const;
export const ACROSS_REGIONS = { delay: 20 } as const;
export const ACROSS_CARRIERS = { delay: 40, loss: 3 } as const;
/** What helpers of tests want to end or to say is of no interest here: places end as a whole. */
export const LAB_SCOPE: Scope = { after: () => {}, diagnostic: () => {} };

export type LabNode = {
  readonly place: LabHost;
  readonly said: () => string;
  /** Asks its API, from where it is. */
  readonly api: (path: string, method?: string) => Promise<string>;
};

export type ViewerReport = {
  readonly playing: number;
  readonly epochs: readonly string[];
  readonly seen: readonly ProtocolSummary[];
  /** How many are at each place. */
  readonly hosts: Readonly<Record<string, number>>;
};

export class LabCluster {
  readonly lab = new NetworkLab();
  readonly directory = mkdtempSync(join(tmpdir(), "lectern-far-"));
  /** Places that have a node. */
  private readonly started = new Set<LabHost>();

  startNats(place: LabHost): void {
    const args = ["-js", "-sd", join(this.directory, "nats"), "-a", "0.0.0.0", "-p", String(NATS_PORT)];
    this.lab.start(place, "nats-server", args, { stdio: "ignore" });
  }

  /** Starts a node, and waits until it says that it is ready. */
  async startNode(place: LabHost, nats: LabHost, roles: string, set: Readonly<Record<string, string>> = {}): Promise<LabNode> {
    const options = {
      roles: `[${roles}]`,
      "cluster.nats": `["nats://${nats.address}:${NATS_PORT}"]`,
      "cluster.secret": SECRET,
      "cluster.node.id": place.name,
      "cluster.node.address": place.address,
      "publish.allow": "any",
      workers: "1",
      ...set,
    };
    const args = [
      ...[MAIN, "serve", "--data", join(this.directory, place.name), "--http-port", `${HTTP_PORT}`, "--rtmp-port", `${RTMP_PORT}`],
      ...Object.entries(options).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
    ];
    this.started.add(place);
    const child = this.lab.start(place, process.execPath, args, {
      env: { ...process.env, LECTERN_ADMIN_TOKEN: TOKEN },
      cwd: this.directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (said += bytes));
    await until(() => said.includes("lectern ready"), `the node ${place.name}`, 60_000);
    const api = (path: string, method = "GET") =>
      this.run(place, "curl", [
        ...["-s", "-m", "5", "-X", method, "-H", `authorization: Bearer ${TOKEN}`, `http://127.0.0.1:${HTTP_PORT}${path}`],
      ]);
    return { place, said: () => said, api };
  }

  /**
   * Pushes a clip over and over, and comes again when it is cut off.
   * @param hosts the nodes that it comes to, one after the other; default: that of the place
   */
  publish(place: LabHost, file: string, name: string, hosts = ["127.0.0.1"]): ChildProcess {
    const url = `rtmp://$host:${RTMP_PORT}/live/${name}`;
    const push = `ffmpeg -v error -nostdin -re -stream_loop -1 -i ${file} -c copy -f flv ${url}; sleep 0.3`;
    const again = `while true; do for host in ${hosts.join(" ")}; do ${push}; done; done`;
    return this.lab.start(place, "sh", ["-c", again], { stdio: "ignore" });
  }

  /** @param hosts the nodes that they come to, one after the other; default: that of the place */
  watch(place: LabHost, name: string, count: number, protocols: string, hosts = ["127.0.0.1"]): LabViewers {
    return this.viewers(place, [
      ...[name, String(count), "0", protocols],
      ...hosts.map((host) => `http://${host}:${HTTP_PORT} ${RTMP_PORT}`),
    ]);
  }

  /** Viewers who ask the dispatch centre of a node where to watch, as players do. @param seconds within which they come, evenly */
  watchDispatched(place: LabHost, centre: LabHost, name: string, count: number, protocols: string, seconds = 0): LabViewers {
    return this.viewers(place, [
      name,
      String(count),
      String(seconds),
      protocols,
      `http://${centre.address}:${HTTP_PORT}/api/v1/dispatch/play ${RTMP_PORT}`,
    ]);
  }

  /** Waits until a node sees all that were started. */
  async untilJoined(node: LabNode): Promise<void> {
    const up = async () => (await nodesAt(node)).filter(({ state }) => state === "up").length;
    await until(async () => (await up()) === this.started.size, "the nodes", 30_000);
  }

  /** Waits until a stream with a picture is live. */
  async untilLive(node: LabNode): Promise<void> {
    await until(async () => (await node.api("/api/v1/streams")).includes('"h264"'), "the stream", 30_000);
  }

  /** What a place is called that has an address. */
  nameOf(address: string): string {
    return this.lab.hosts.find((place) => place.address === address)?.name ?? address;
  }

  /** All that runs in a place ends at once, and cannot say so itself. */
  async kill({ namespace }: LabHost): Promise<void> {
    const { stdout } = await run("ip", ["netns", "pids", namespace]).catch(() => ({ stdout: "" }));
    for (const pid of stdout.split("\n").filter(Boolean)) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }

  private viewers(place: LabHost, args: readonly string[]): LabViewers {
    const child = this.lab.start(place, process.execPath, [VIEWER_PROGRAM, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    return new LabViewers(child, (address) => this.nameOf(address));
  }

  async run(place: LabHost, command: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run("ip", ["netns", "exec", place.namespace, command, ...args]).catch(() => ({ stdout: "" }));
    return stdout;
  }

  async close(): Promise<void> {
    // The shells that publish would go on without this.
    for (const place of this.lab.hosts) await this.kill(place);
    this.lab.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export class LabViewers {
  private readonly child: ChildProcess;
  private readonly nameOf: (address: string) => string;
  private readonly waiting: ((text: string) => void)[] = [];

  constructor(child: ChildProcess, nameOf: (address: string) => string) {
    this.child = child;
    this.nameOf = nameOf;
    if (child.stdout) createInterface(child.stdout).on("line", (line) => this.waiting.shift()?.(line));
  }

  report(): Promise<ViewerReport> {
    return this.request("look");
  }

  /** Waits until all of them have a picture. */
  async untilPlaying(count: number, where: string): Promise<void> {
    let last: ViewerReport | null = null;
    const all = async () => {
      last = await this.report();
      return last.playing === count;
    };
    await until(all, "pictures", 60_000).catch(() => {
      throw new Error(`not all have a picture at ${where}: ${JSON.stringify(last)}`);
    });
  }

  /** What was so far is forgotten. */
  measure(): Promise<ViewerReport> {
    return this.request("measure");
  }

  private async request(word: string): Promise<ViewerReport> {
    const answer = new Promise<string>((resolve) => this.waiting.push(resolve));
    this.child.stdin?.write(`${word}\n`);
    const watching = JSON.parse(await answer) as ViewerReport;
    const hosts = Object.entries(watching.hosts).map(([host, count]) => [this.nameOf(host), count]);
    return { ...watching, hosts: Object.fromEntries(hosts) };
  }
}

export type NodeReport = {
  readonly id: string;
  readonly state: string;
  readonly connections: number;
  readonly links: readonly { readonly to: string; readonly mbps: number; readonly lossPercent: number | null }[];
};

/** All nodes, as one of them says; none while it does not answer. */
export async function nodesAt(node: Pick<LabNode, "api">): Promise<readonly NodeReport[]> {
  const text = await node.api("/api/v1/nodes");
  return text.startsWith("{") ? ((JSON.parse(text) as { items?: NodeReport[] }).items ?? []) : [];
}
