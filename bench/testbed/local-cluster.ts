/** What a drill plays in: nodes, a publisher, a hundred viewers, and what these have seen. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clip } from "../../e2e/clips.ts";
import { joined, type Nats, type Node, publishTo, startNats, startNode } from "../../e2e/cluster.ts";
import type { Lectern, Scope, StreamReport } from "../../e2e/lectern.ts";
import { until } from "../../e2e/lectern.ts";
import { type Place, type Protocol, type Seen, Viewer } from "../../e2e/viewers.ts";

export type DrillOptions = {
  readonly quick: boolean;
  /** The version that is upgraded: a tag or a commit. */
  readonly from: string | null;
};

export type DrillResult = {
  readonly drill: string;
  /** What was broken. */
  readonly broke: string;
  readonly promise: string;
  readonly held: boolean;
  readonly seen: readonly ProtocolSummary[];
  readonly notes: readonly string[];
};

/** What the viewers of one protocol saw, those at their worst. */
export type ProtocolSummary = {
  readonly protocol: string;
  readonly viewers: number;
  readonly longestGapMs: number;
  readonly medianGapMs: number;
  readonly reconnects: number;
  readonly lost: number;
  readonly behindMs: number;
};

const PROTOCOLS: readonly Protocol[] = ["flv", "ws", "rtmp", "hls"];
const VIEWERS = { whole: 100, quick: 20 } as const;
/** Before something is broken, and after, viewers watch for so long. */
const WATCH_MS = { whole: 10_000, quick: 5000 } as const;

export class LocalCluster {
  readonly scope: Scope;
  readonly options: Pick<DrillOptions, "quick">;
  readonly directory = mkdtempSync(join(tmpdir(), "lectern-drill-"));
  readonly viewers: Viewer[] = [];
  private readonly endings: (() => unknown)[] = [];

  constructor(options: Pick<DrillOptions, "quick">) {
    this.options = options;
    this.scope = {
      after: (ending?: unknown) => {
        if (typeof ending === "function") this.endings.push(() => ending());
      },
      diagnostic: (text) => void process.stderr.write(`${text}\n`),
    };
  }

  nats(): Promise<Nats> {
    return startNats(this.scope);
  }

  /** Starts nodes, `id: roles` or with settings, and waits until they know each other. */
  async nodes(
    nats: Nats,
    wanted: Readonly<Record<string, string | { readonly roles: string; readonly set: Readonly<Record<string, string>> }>>,
  ): Promise<Map<string, Node>> {
    const started = await Promise.all(
      Object.entries(wanted).map(([id, what]) =>
        typeof what === "string" ? startNode(this.scope, nats, id, what) : startNode(this.scope, nats, id, what.roles, what.set),
      ),
    );
    await joined(started);
    return new Map(started.map((node) => [node.id, node]));
  }

  film(): Promise<string> {
    return clip(this.scope, this.directory, "b-frames", "20");
  }

  /** Publishes until the end, to the next of some nodes whenever it is cut off. */
  async publish(name: string, nodes: readonly Node[], asks: Lectern): Promise<StreamReport> {
    publishTo(this.scope, await this.film(), name, () => nodes);
    return await asks.stream(name, ({ video }) => video !== null);
  }

  /** A hundred viewers over all protocols, who come to the places in turn, and to the next when one fails them. */
  async watch(name: string, places: readonly Place[]): Promise<void> {
    const count = this.options.quick ? VIEWERS.quick : VIEWERS.whole;
    for (let i = 0; i < count; i++) {
      const protocol = PROTOCOLS[i % PROTOCOLS.length] ?? "flv";
      this.viewers.push(new Viewer(protocol, () => places, name, Math.floor(i / PROTOCOLS.length)));
    }
    await until(() => this.viewers.every(({ seen }) => seen.pieces > 0), "all viewers' pictures", 60_000);
    await this.pause();
    for (const viewer of this.viewers) viewer.measure();
  }

  pause(share = 1): Promise<void> {
    const ms = this.options.quick ? WATCH_MS.quick : WATCH_MS.whole;
    return new Promise((resolve) => setTimeout(resolve, ms * share));
  }

  /** What they have seen since they began to be measured. */
  seen(): ProtocolSummary[] {
    return summarize(this.viewers.map((viewer) => viewer.look()));
  }

  async close(): Promise<void> {
    for (const viewer of this.viewers) viewer.close();
    for (const ending of this.endings.splice(0).reverse()) await ending();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function summarize(all: readonly Seen[]): ProtocolSummary[] {
  return [...Map.groupBy(all, ({ protocol }) => protocol)].map(([protocol, group]) => {
    const gaps = group.map(({ longestGapMs }) => longestGapMs).sort((a, b) => a - b);
    return {
      protocol,
      viewers: group.length,
      longestGapMs: Math.round(gaps.at(-1) ?? 0),
      medianGapMs: Math.round(gaps[Math.floor(gaps.length / 2)] ?? 0),
      reconnects: group.reduce((sum, { reconnects }) => sum + reconnects, 0),
      lost: group.reduce((sum, { lost }) => sum + lost, 0),
      behindMs: Math.round(Math.max(...group.map(({ behindMs }) => behindMs))),
    };
  });
}

/** The longest that anybody saw nothing new. */
export function longestGap(rows: readonly ProtocolSummary[]): number {
  return Math.max(...rows.map(({ longestGapMs }) => longestGapMs));
}

/** A node that must be there. */
export function nodeOf(nodes: ReadonlyMap<string, Node>, id: string): Node {
  const node = nodes.get(id);
  if (!node) throw new Error(`there is no node ${id}`);
  return node;
}
