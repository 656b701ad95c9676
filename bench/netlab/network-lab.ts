/**
 * Places with lines between them, on one machine: each place is a network namespace with an address of its own, each line as long, as narrow
 * and as bad as one says (`native/link.c`). For tests and measurements of what happens between cities and carriers. Needs root.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compile } from "../testbed/child-process.ts";

/** One way or both; what is not said stays as it was. */
export type LinkQuality = {
  /** Milliseconds, one way. Default 0. */
  readonly delay?: number;
  /** Milliseconds that are added, evenly from 0 to this. Packets stay in order. Default 0. */
  readonly jitter?: number;
  /** Per cent of packets. Default 0. */
  readonly loss?: number;
  /** Mbps; 0: no bound, the default. */
  readonly rate?: number;
  /** Milliseconds of packets that wait for the line; what is more is dropped. Default 100. */
  readonly queue?: number;
};

/** Packets that have gone to one end. */
export type LinkCounters = { readonly passed: number; readonly lost: number; readonly queuedOut: number; readonly bytes: number };

export type LabHost = {
  readonly name: string;
  /** As `ip netns` knows it. */
  readonly namespace: string;
  /** At which the others reach it. */
  readonly address: string;
  /** TCP's, for what is sent from here; null: the machine's own. */
  readonly congestion: string | null;
};

/** What is here of a namespace, `ip netns exec` puts over /etc. */
const HOSTS_FILES = "/etc/netns";
const NETWORK = "10.77";
/** The last number of an address, and the names of devices, must be free. */
const MAX_HOSTS = 250;

export class NetworkLab {
  private readonly directory = mkdtempSync(`${tmpdir()}/lectern-world-`);
  private readonly binary = compile("link", this.directory);
  private readonly places: LabHost[] = [];
  private readonly lines: Link[] = [];
  private readonly processes: ChildProcess[] = [];
  private ties = 0;

  /** @param congestion TCP's congestion control there, where it is not the machine's own: cubic, bbr */
  addHost(name: string, congestion: string | null = null): LabHost {
    const number = this.places.length + 1;
    if (number > MAX_HOSTS) throw new RangeError(`a world has at most ${MAX_HOSTS} places`);
    const namespace = `lectern-${process.pid}-${number}`;
    ip("netns", "add", namespace);
    const place: LabHost = { name, namespace, address: `${NETWORK}.${number}.1`, congestion };
    this.places.push(place);
    ip("-n", namespace, "link", "set", "lo", "up");
    // Its own chatter would be counted.
    ip("netns", "exec", namespace, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    return place;
  }

  get hosts(): readonly LabHost[] {
    return this.places;
  }

  /** Lays a line between two places. */
  async addLink(a: LabHost, b: LabHost, quality: LinkQuality = {}): Promise<Link> {
    const device = `line${this.lines.length}`;
    const end = (own: LabHost, other: LabHost) => [own.namespace, device, `${own.address} peer ${other.address}`];
    const words = directivesOf(quality);
    const child = spawn(this.binary, [...end(a, b), ...end(b, a), ...words], { stdio: ["pipe", "pipe", "inherit"] });
    const line = new Link(child);
    this.lines.push(line);
    await line.ready;
    // By the route, since a namespace may only choose what the whole machine allows everybody.
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const)
      if (own.congestion)
        ip("-n", own.namespace, "route", "change", other.address, "dev", device, "src", own.address, "congctl", own.congestion);
    return line;
  }

  /** Ties two places together by nothing that could be noticed: as fast as the machine is, and at no cost. */
  connectDirectly(a: LabHost, b: LabHost): void {
    const device = `tie${this.ties++}`;
    ip("link", "add", device, "netns", a.namespace, "type", "veth", "peer", "name", device, "netns", b.namespace);
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      ip("-n", own.namespace, "address", "add", own.address, "peer", other.address, "dev", device);
      ip("-n", own.namespace, "link", "set", device, "up");
    }
  }

  /** From now on each place knows all of them by their names. */
  writeHostNames(): void {
    const hosts = ["127.0.0.1 localhost", ...this.places.map(({ address, name }) => `${address} ${name}`)].join("\n");
    for (const { namespace } of this.places) {
      mkdirSync(join(HOSTS_FILES, namespace), { recursive: true });
      writeFileSync(join(HOSTS_FILES, namespace, "hosts"), `${hosts}\n`);
    }
  }

  /** Starts a program in a place. It ends with the world. */
  start(place: LabHost, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const child = spawn("ip", ["netns", "exec", place.namespace, command, ...args], options);
    this.processes.push(child);
    return child;
  }

  close(): void {
    for (const child of this.processes) child.kill("SIGKILL");
    for (const line of this.lines) line.close();
    for (const { namespace } of this.places) {
      ip("netns", "delete", namespace);
      rmSync(join(HOSTS_FILES, namespace), { recursive: true, force: true });
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class Link {
  /** Rejects where it could not be laid. */
  readonly ready: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting: ((text: string) => void)[] = [];

  constructor(child: ChildProcess) {
    this.child = child;
    if (child.stdout) createInterface(child.stdout).on("line", (text) => this.waiting.shift()?.(text));
    this.ready = new Promise((resolve, reject) => {
      this.waiting.push(() => resolve());
      child.once("exit", (code) => reject(new Error(`the line ended with ${code}`)));
    });
  }

  /** From now on. @param to the end that packets go to, a or b as it was laid; default: both */
  setQuality(quality: LinkQuality, to: "a" | "b" | "both" = "both"): void {
    this.send("to", to, ...directivesOf(quality), "to", "both");
  }

  /** Nothing gets through any more. */
  cut(): void {
    this.send("down");
  }

  restore(): void {
    this.send("up");
  }

  /** What has gone to each end so far. */
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
