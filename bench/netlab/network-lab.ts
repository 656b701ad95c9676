/**
 * Provides an emulated network on one machine: each host is a network namespace with its own address, each link has its own delay, jitter, loss and
 * rate (`native/link.c`). For tests and measurements of traffic between cities and carriers. Needs root and TUN devices.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compile } from "../testbed/child-process.ts";

/** Of one direction or both. `setQuality` leaves omitted values unchanged. */
export type LinkQuality = {
  /** Milliseconds, one way. Default 0. */
  readonly delay?: number;
  /** Milliseconds, added to the delay, uniformly from 0 to this value. Packets stay in order. Default 0. */
  readonly jitter?: number;
  /** Per cent of packets. Default 0. */
  readonly loss?: number;
  /** Mbps; 0: no limit, the default. */
  readonly rate?: number;
  /** Length of the queue in milliseconds; the link drops packets that exceed it. Default 100. */
  readonly queue?: number;
};

/** Packets that were sent towards one end. */
export type LinkCounters = { readonly passed: number; readonly lost: number; readonly queuedOut: number; readonly bytes: number };

export type LabHost = {
  readonly name: string;
  /** The name for `ip netns`. */
  readonly namespace: string;
  /** The address for other hosts. */
  readonly address: string;
  /** TCP congestion control of this host; null: the machine's default. */
  readonly congestion: string | null;
};

/** `ip netns exec` mounts the files of this folder over /etc. */
const HOSTS_FILES = "/etc/netns";
const NETWORK = "10.77";
/** The host's number is a part of its address. */
const MAX_HOSTS = 250;

export class NetworkLab {
  private readonly directory = mkdtempSync(`${tmpdir()}/lectern-netlab-`);
  private readonly binary = compile("link", this.directory);
  private readonly labHosts: LabHost[] = [];
  private readonly links: Link[] = [];
  private readonly processes: ChildProcess[] = [];
  private directConnections = 0;
  private closed = false;

  /** @param congestion TCP congestion control of the host, if it differs from the machine's: cubic, bbr */
  addHost(name: string, congestion: string | null = null): LabHost {
    this.assertOpen();
    const number = this.labHosts.length + 1;
    if (number > MAX_HOSTS) throw new RangeError(`a lab has at most ${MAX_HOSTS} hosts`);
    const namespace = `lectern-${process.pid}-${number}`;
    ip("netns", "add", namespace);
    const host: LabHost = { name, namespace, address: `${NETWORK}.${number}.1`, congestion };
    this.labHosts.push(host);
    ip("-n", namespace, "link", "set", "lo", "up");
    // The counters would include IPv6 neighbour discovery.
    ip("netns", "exec", namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    return host;
  }

  get hosts(): readonly LabHost[] {
    return this.labHosts;
  }

  /** Connects two hosts by an emulated link. */
  async addLink(a: LabHost, b: LabHost, quality: LinkQuality = {}): Promise<Link> {
    this.assertOpen();
    const device = `link${this.links.length}`;
    const end = (own: LabHost, other: LabHost) => [own.namespace, device, `${own.address} peer ${other.address}`];
    const child = spawn(this.binary, [...end(a, b), ...end(b, a), ...directivesOf(quality)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const link = new Link(child);
    this.links.push(link);
    await link.ready;
    // A route can set the congestion control; a namespace may only choose what the machine allows for everyone.
    for (const [own, other] of bothWays(a, b))
      if (own.congestion)
        ip("-n", own.namespace, "route", "change", other.address, "dev", device, "src", own.address, ...congestionOf(own));
    return link;
  }

  /** Connects two hosts at the machine's full speed, without emulation and without its CPU cost. @returns the device's name, in both */
  connectDirectly(a: LabHost, b: LabHost): string {
    const device = `veth${this.directConnections++}`;
    ip("link", "add", device, "netns", a.namespace, "type", "veth", "peer", "name", device, "netns", b.namespace);
    for (const [own, other] of bothWays(a, b)) {
      ip("-n", own.namespace, "address", "add", own.address, "peer", other.address, "dev", device);
      ip("-n", own.namespace, "link", "set", device, "up");
    }
    return device;
  }

  /** Lets two hosts reach each other through a third that both are connected to. */
  routeThrough(middle: LabHost, a: LabHost, b: LabHost): void {
    for (const [own, other] of bothWays(a, b))
      ip("-n", own.namespace, "route", "add", other.address, "via", middle.address, "src", own.address, ...congestionOf(own));
    ip("netns", "exec", middle.namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
  }

  /** Writes /etc/hosts of each host with the names of all hosts. */
  writeHostNames(): void {
    const hosts = ["127.0.0.1 localhost", ...this.labHosts.map(({ address, name }) => `${address} ${name}`)].join("\n");
    for (const { namespace } of this.labHosts) {
      mkdirSync(join(HOSTS_FILES, namespace), { recursive: true });
      writeFileSync(join(HOSTS_FILES, namespace, "hosts"), `${hosts}\n`);
    }
  }

  /** Starts a program on a host. The program ends when the lab closes. */
  start(host: LabHost, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    this.assertOpen();
    const child = spawn("ip", ["netns", "exec", host.namespace, command, ...args], options);
    this.processes.push(child);
    return child;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const child of this.processes) child.kill("SIGKILL");
    for (const link of this.links) link.close();
    for (const { namespace } of this.labHosts) {
      ip("netns", "delete", namespace);
      rmSync(join(HOSTS_FILES, namespace), { recursive: true, force: true });
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private assertOpen(): void {
    if (this.closed) throw new Error("the lab is closed");
  }
}

export class Link {
  /** Resolves when packets pass; rejects when the link could not be created. */
  readonly ready: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting: ((text: string) => void)[] = [];

  constructor(child: ChildProcess) {
    this.child = child;
    if (child.stdout) createInterface(child.stdout).on("line", (text) => this.waiting.shift()?.(text));
    this.ready = new Promise((resolve, reject) => {
      this.waiting.push(() => resolve());
      child.once("exit", (code) => reject(new Error(`the link ended with ${code}`)));
    });
  }

  /** @param to the end that the packets go to, in the order of `addLink`; default: both directions */
  setQuality(quality: LinkQuality, to: "a" | "b" | "both" = "both"): void {
    this.send("to", to, ...directivesOf(quality), "to", "both");
  }

  /** Drops all packets until `restore`. */
  cut(): void {
    this.send("down");
  }

  restore(): void {
    this.send("up");
  }

  /** Counters of both directions since the start. */
  async counters(): Promise<{ readonly a: LinkCounters; readonly b: LinkCounters }> {
    const next = () => new Promise<string>((resolve) => this.waiting.push(resolve));
    const answers = [next(), next()] as const;
    this.send("count");
    return { a: parseCounters(await answers[0]), b: parseCounters(await answers[1]) };
  }

  close(): void {
    this.child.stdin?.end();
    this.child.kill();
  }

  private send(...words: readonly string[]): void {
    this.child.stdin?.write(`${words.join(" ")}\n`);
  }
}

const bothWays = (a: LabHost, b: LabHost) =>
  [
    [a, b],
    [b, a],
  ] as const;

const congestionOf = ({ congestion }: LabHost) => (congestion ? ["congctl", congestion] : []);

function directivesOf(quality: LinkQuality): string[] {
  return Object.entries(quality).flatMap(([word, value]) => [word, String(value)]);
}

function parseCounters(text: string): LinkCounters {
  const [passed = 0, lost = 0, queuedOut = 0, bytes = 0] = text.split(" ").slice(1).map(Number);
  return { passed, lost, queuedOut, bytes };
}

function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
}
