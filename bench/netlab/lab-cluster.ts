/** Provides a cluster in an emulated network: each node, and the publisher and viewers beside it, are on a lab host. */
import { type ChildProcess, execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SECRET } from "../../e2e/cluster.ts";
import { type Scope, TOKEN, until } from "../../e2e/lectern.ts";
import { MAIN } from "../../e2e/program.ts";
import { endOnInterrupt } from "../testbed/interrupt.ts";
import { LabViewers } from "./lab-viewers.ts";
import { type LabHost, NetworkLab } from "./network-lab.ts";

const run = promisify(execFile);
const HTTP_PORT = 8080;
const RTMP_PORT = 1935;
const NATS_PORT = 4222;

/** One-way values: round trips of 2 ms inside a region, 40 ms between regions, 80 ms between carriers with 3 % loss. */
export const INSIDE_REGION = { delay: 1 } as const;
export const ACROSS_REGIONS = { delay: 20 } as const;
export const ACROSS_CARRIERS = { delay: 40, loss: 3 } as const;
/** For functions of `e2e/` that register what they start: the lab ends everything on its hosts. */
export const LAB_SCOPE: Scope = { after: () => {}, diagnostic: () => {} };

export type LabNode = {
  readonly host: LabHost;
  /** The node's log so far. */
  readonly said: () => string;
  /** Calls the node's API from its own host. @returns the body; empty when the node does not respond */
  readonly api: (path: string, method?: string) => Promise<string>;
};

export class LabCluster {
  readonly lab = new NetworkLab();
  readonly directory = mkdtempSync(join(tmpdir(), "lectern-lab-cluster-"));
  private readonly hostsWithNode = new Set<LabHost>();
  private readonly forget = endOnInterrupt(() => this.close());
  private closing: Promise<void> | null = null;

  startNats(host: LabHost): void {
    const args = ["-js", "-sd", join(this.directory, "nats"), "-a", "0.0.0.0", "-p", String(NATS_PORT)];
    this.lab.start(host, "nats-server", args, { stdio: "ignore" });
  }

  /** Starts a node and waits until it is ready. @param nats the host of the NATS server */
  async startNode(host: LabHost, nats: LabHost, roles: string, set: Readonly<Record<string, string>> = {}): Promise<LabNode> {
    const options = {
      roles: `[${roles}]`,
      "cluster.nats": `["nats://${nats.address}:${NATS_PORT}"]`,
      "cluster.secret": SECRET,
      "cluster.node.id": host.name,
      "cluster.node.address": host.address,
      "publish.allow": "any",
      workers: "1",
      ...set,
    };
    const args = [
      ...[MAIN, "serve", "--data", join(this.directory, host.name), "--http-port", `${HTTP_PORT}`, "--rtmp-port", `${RTMP_PORT}`],
      ...Object.entries(options).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
    ];
    this.hostsWithNode.add(host);
    const child = this.lab.start(host, process.execPath, args, {
      env: { ...process.env, LECTERN_ADMIN_TOKEN: TOKEN },
      cwd: this.directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (said += bytes));
    const isReady = () => {
      if (child.exitCode !== null) throw new Error(`the node ${host.name} has ended: ${said}`);
      return said.includes("lectern ready");
    };
    await until(isReady, `the node ${host.name}`, 180_000);
    const api = (path: string, method = "GET") =>
      this.run(host, "curl", [
        ...["-s", "-m", "5", "-X", method, "-H", `authorization: Bearer ${TOKEN}`, `http://127.0.0.1:${HTTP_PORT}${path}`],
      ]);
    return { host, said: () => said, api };
  }

  /**
   * Publishes a clip in a loop, and reconnects after a disconnect.
   * @param nodes hosts of the nodes, tried in turn; default: the node on the publisher's host
   */
  publish(host: LabHost, file: string, name: string, nodes = ["127.0.0.1"]): ChildProcess {
    const url = `rtmp://$host:${RTMP_PORT}/live/${name}`;
    const push = `ffmpeg -v error -nostdin -re -stream_loop -1 -i ${file} -c copy -f flv ${url}; sleep 0.3`;
    const loop = `while true; do for host in ${nodes.join(" ")}; do ${push}; done; done`;
    return this.lab.start(host, "sh", ["-c", loop], { stdio: "ignore" });
  }

  /** Starts viewers. @param nodes hosts of the nodes, tried in turn; default: the node on the viewers' host */
  watch(host: LabHost, name: string, count: number, protocols: string, nodes = ["127.0.0.1"]): LabViewers {
    const targets = nodes.map((node) => `http://${node}:${HTTP_PORT} ${RTMP_PORT}`);
    return this.startViewers(host, [name, String(count), "0", protocols, ...targets]);
  }

  /** Starts viewers who ask a node's dispatch for a server, as players do. @param seconds within which they join, evenly distributed */
  watchDispatched(host: LabHost, node: LabHost, name: string, count: number, protocols: string, seconds = 0): LabViewers {
    const dispatch = `http://${node.address}:${HTTP_PORT}/api/v1/dispatch/play ${RTMP_PORT}`;
    return this.startViewers(host, [name, String(count), String(seconds), protocols, dispatch]);
  }

  /** Waits until a node sees all nodes of the cluster. */
  async untilJoined(node: LabNode): Promise<void> {
    const up = async () => (await nodesAt(node)).filter(({ state }) => state === "up").length;
    await until(async () => (await up()) === this.hostsWithNode.size, "the nodes", 30_000);
  }

  /** Waits until a stream with video is live. */
  async untilLive(node: LabNode): Promise<void> {
    await until(async () => (await node.api("/api/v1/streams")).includes('"h264"'), "the stream", 30_000);
  }

  /** The name of the host with this address. */
  nameOf(address: string): string {
    return this.lab.hosts.find((host) => host.address === address)?.name ?? address;
  }

  /** Kills all processes on a host at once, as a power failure would. */
  async kill({ namespace }: LabHost): Promise<void> {
    const { stdout } = await run("ip", ["netns", "pids", namespace]).catch(() => ({ stdout: "" }));
    for (const pid of stdout.split("\n").filter(Boolean)) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // The process has ended already.
      }
    }
  }

  /** Runs a program on a host to its end. @returns its output; empty when it fails */
  async run(host: LabHost, command: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run("ip", ["netns", "exec", host.namespace, command, ...args]).catch(() => ({ stdout: "" }));
    return stdout;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private startViewers(host: LabHost, args: readonly string[]): LabViewers {
    return new LabViewers(
      (program) => this.lab.start(host, process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] }),
      (address) => this.nameOf(address),
    );
  }

  private async closeAll(): Promise<void> {
    // Ending `ip netns exec` would leave the loops of publishers running.
    for (const host of this.lab.hosts) await this.kill(host);
    this.lab.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    this.forget();
  }
}

export type NodeReport = {
  readonly id: string;
  readonly state: string;
  readonly connections: number;
  readonly links: readonly { readonly to: string; readonly mbps: number; readonly lossPercent: number | null }[];
};

/** The nodes that a node's API lists; none while it does not respond. */
export async function nodesAt(node: Pick<LabNode, "api">): Promise<readonly NodeReport[]> {
  const text = await node.api("/api/v1/nodes");
  return text.startsWith("{") ? ((JSON.parse(text) as { items?: NodeReport[] }).items ?? []) : [];
}
