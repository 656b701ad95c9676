/** Provides a cluster on this machine's loopback: NATS, nodes, a publisher, and up to a hundred viewers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clip } from "../../e2e/clips.ts";
import { joined, type Nats, type Node, publishTo, startNats, startNode } from "../../e2e/cluster.ts";
import { type Lectern, type Scope, type StreamReport, until } from "../../e2e/lectern.ts";
import { type Place, type Protocol, Viewer } from "../../e2e/viewers.ts";
import { endOnInterrupt } from "./interrupt.ts";
import { type ProtocolSummary, summarize } from "./viewer-summary.ts";

const PROTOCOLS: readonly Protocol[] = ["flv", "ws", "rtmp", "hls"];
const VIEWERS = { whole: 100, quick: 20 } as const;
/** Viewers watch for this time before the failure, and again after it. */
const WATCH_MS = { whole: 10_000, quick: 5000 } as const;

type NodeOptions = { readonly roles: string; readonly set: Readonly<Record<string, string>> };

export class LocalCluster {
  /** The lifetime of everything that the cluster starts. */
  readonly scope: Scope;
  readonly directory = mkdtempSync(join(tmpdir(), "lectern-drill-"));
  readonly viewers: Viewer[] = [];
  private readonly quick: boolean;
  private readonly endings: (() => unknown)[] = [];
  private readonly forget = endOnInterrupt(() => this.close());
  private closing: Promise<void> | null = null;

  constructor({ quick }: { readonly quick: boolean }) {
    this.quick = quick;
    this.scope = {
      after: (ending?: unknown) => {
        if (typeof ending !== "function") return;
        if (this.closing) ending();
        else this.endings.push(() => ending());
      },
      diagnostic: (text) => void process.stderr.write(`${text}\n`),
    };
  }

  startNats(): Promise<Nats> {
    return startNats(this.scope);
  }

  /** Starts nodes, by id, with their roles or with roles and configuration; waits until all of them know each other. */
  async startNodes(nats: Nats, wanted: Readonly<Record<string, string | NodeOptions>>): Promise<Map<string, Node>> {
    const started = await Promise.all(
      Object.entries(wanted).map(([id, options]) => {
        const { roles, set } = typeof options === "string" ? { roles: options, set: {} } : options;
        return startNode(this.scope, nats, id, roles, set);
      }),
    );
    await joined(started);
    return new Map(started.map((node) => [node.id, node]));
  }

  makeClip(): string {
    return clip("b-frames", 20);
  }

  /**
   * Publishes a clip in a loop until the cluster closes. After a disconnect, the publisher connects to the next of `nodes`.
   * @returns the stream as the API of `observer` reports it
   */
  async publish(name: string, nodes: readonly Node[], observer: Lectern): Promise<StreamReport> {
    publishTo(this.scope, this.makeClip(), name, () => nodes);
    return await observer.stream(name, ({ video }) => video !== null);
  }

  /**
   * Starts viewers of all protocols, distributed over `servers`; each moves to the next server when one fails. Measures from when all of them
   * have received media for a while.
   */
  async watch(name: string, servers: readonly Place[]): Promise<void> {
    const count = this.quick ? VIEWERS.quick : VIEWERS.whole;
    for (let i = 0; i < count; i++) {
      const protocol = PROTOCOLS[i % PROTOCOLS.length] ?? "flv";
      this.viewers.push(new Viewer(protocol, () => servers, name, Math.floor(i / PROTOCOLS.length)));
    }
    await until(() => this.viewers.every(({ seen }) => seen.pieces > 0), "media at all viewers", 60_000);
    await this.pause();
    for (const viewer of this.viewers) viewer.measure();
  }

  /** @param share of the usual time */
  pause(share = 1): Promise<void> {
    const ms = this.quick ? WATCH_MS.quick : WATCH_MS.whole;
    return new Promise((resolve) => setTimeout(resolve, ms * share));
  }

  /** What the viewers received since the measurement began. */
  seen(): ProtocolSummary[] {
    return summarize(this.viewers.map((viewer) => viewer.look()));
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    for (const viewer of this.viewers) viewer.close();
    for (const ending of this.endings.splice(0).reverse()) await ending();
    rmSync(this.directory, { recursive: true, force: true });
    this.forget();
  }
}

/** @throws Error when the cluster has no such node */
export function nodeOf(nodes: ReadonlyMap<string, Node>, id: string): Node {
  const node = nodes.get(id);
  if (!node) throw new Error(`there is no node ${id}`);
  return node;
}
