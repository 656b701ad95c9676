/** Computes the load of this node from the reports of its media workers. */
import { nodeOf } from "../../live/relay/registry/stream-table-entry.ts";
import type { PathReport } from "../../live/relay/transport/upstream.ts";
import type { NodeLink } from "../../network/membership.ts";
import { mergePopularity, type StreamPopularity } from "../../network/stream-popularity.ts";
import type { ExpectedAudience } from "../../school/school.ts";

/** A stream that is wanted and does not arrive, and why. */
export type UnfetchedStream = { readonly stream: string; readonly reason: string };

/** The load of a worker. */
export type WorkerLoad = {
  readonly connections: number;
  /** Since the worker's start. */
  readonly sentBytes: number;
  readonly cpuSeconds: number;
  /** The paths of streams that it follows. */
  readonly paths: readonly PathReport[];
  /** The streams with the most viewers. */
  readonly popularity: readonly StreamPopularity[];
  /** Some of the streams that do not arrive. */
  readonly unfetched: readonly UnfetchedStream[];
};

export type LoadMessages = {
  readonly load: (load: WorkerLoad) => void;
  /** The lessons that begin soon, and how many people they expect. */
  readonly expected: (lessons: readonly ExpectedAudience[]) => void;
};

/** freeCores: that jobs may take now. makesLadders: false where the configuration leaves ladders no cores. */
export type JobCapacity = { readonly freeCores: number; readonly makesLadders: boolean };

/** The load of this node. */
export type NodeLoadReport = {
  readonly usedMbps: number;
  readonly connections: number;
  readonly cpu: number;
  readonly freeCores: number;
  readonly makesLadders: boolean;
  readonly links: readonly NodeLink[];
  readonly popularity: readonly StreamPopularity[];
};

/** The shortest time that a rate is computed over. */
const RATE_MS = 900;
/** Sent bytes are averaged over this many intervals, since key frames come only every few seconds. */
const SENT_INTERVALS = 2;
/** The measurements of an unused link are kept this long. */
const KEEP_LINK_MS = 60 * 60_000;

type Known = {
  readonly load: WorkerLoad;
  readonly at: number;
  /** The latest totals of sent bytes, the oldest first. */
  readonly sent: readonly { readonly at: number; readonly bytes: number }[];
  readonly cpu: number;
  readonly links: Map<string, { bytes: number; mbps: number }>;
};

export class NodeLoad {
  private readonly workers = new Map<string, Known>();
  private readonly measured = new Map<string, { readonly link: NodeLink; readonly at: number }>();
  private expected: readonly StreamPopularity[] = [];

  take(worker: string, load: WorkerLoad): void {
    const now = performance.now();
    const before = this.workers.get(worker);
    const links = linkBytes(load);
    if (!before) {
      const begun = new Map([...links].map(([node, bytes]) => [node, { bytes, mbps: 0 }]));
      this.workers.set(worker, { load, at: now, sent: [{ at: now, bytes: load.sentBytes }], cpu: 0, links: begun });
      return;
    }
    if (now - before.at < RATE_MS) return;
    const seconds = (now - before.at) / 1000;
    const rate = (bytes: number, earlier: number) => Math.max(0, ((bytes - earlier) * 8) / 1e6 / seconds);
    this.workers.set(worker, {
      load,
      at: now,
      sent: [...before.sent, { at: now, bytes: load.sentBytes }].slice(-SENT_INTERVALS - 1),
      cpu: Math.max(0, load.cpuSeconds - before.load.cpuSeconds) / seconds,
      links: new Map(
        [...links].map(([node, bytes]) => [node, { bytes, mbps: rate(bytes, before.links.get(node)?.bytes ?? bytes) }]),
      ),
    });
  }

  /** Stores the audiences that the timetable expects. */
  expect(lessons: readonly ExpectedAudience[]): void {
    this.expected = lessons.map(({ app, name, people }) => ({ app, name, watching: 0, expected: people }));
  }

  gone(worker: string): void {
    this.workers.delete(worker);
  }

  /** Streams that are wanted here and do not arrive. */
  unfetched(): UnfetchedStream[] {
    return [...this.workers.values()].flatMap(({ load }) => load.unfetched);
  }

  report({ freeCores, makesLadders }: JobCapacity): NodeLoadReport {
    const all = [...this.workers.values()];
    const sum = (of: (known: Known) => number) => all.reduce((total, known) => total + of(known), 0);
    return {
      usedMbps: round(sum(({ sent }) => sentMbps(sent))),
      connections: sum(({ load }) => load.connections),
      cpu: round(sum(({ cpu }) => cpu)),
      freeCores: round(freeCores),
      makesLadders,
      links: this.remember(linksOf(all)),
      popularity: mergePopularity([...this.expected, ...all.flatMap(({ load }) => load.popularity)]),
    };
  }

  /** Adds unused links whose loss is known. */
  private remember(links: readonly NodeLink[]): NodeLink[] {
    const now = performance.now();
    for (const link of links) {
      const lossPercent = link.lossPercent ?? this.measured.get(link.to)?.link.lossPercent ?? null;
      this.measured.set(link.to, { link: { ...link, lossPercent }, at: now });
    }
    for (const [to, { at }] of this.measured) if (now - at > KEEP_LINK_MS) this.measured.delete(to);
    return [...this.measured.values()].flatMap(({ link, at }) => {
      if (at === now) return [link];
      return link.lossPercent === null ? [] : [{ ...link, mbps: 0, ageMs: null }];
    });
  }
}

function sentMbps(sent: Known["sent"]): number {
  const [oldest, newest] = [sent[0], sent.at(-1)];
  if (!oldest || !newest || newest.at === oldest.at) return 0;
  return Math.max(0, ((newest.bytes - oldest.bytes) * 8) / 1000 / (newest.at - oldest.at));
}

function linksOf(all: readonly Known[]): NodeLink[] {
  const paths = Map.groupBy(
    all.flatMap(({ load }) => load.paths),
    ({ peer }) => nodeOf(peer),
  );
  return [...paths].map(([to, group]) => {
    const measured = group.filter(({ rttMs }) => rttMs !== null);
    const mean = (of: (path: (typeof group)[number]) => number) =>
      measured.length === 0 ? 0 : measured.reduce((total, path) => total + of(path), 0) / measured.length;
    const ages = group.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs]));
    return {
      to,
      rttMs: measured.length === 0 ? null : round(mean(({ rttMs }) => rttMs ?? 0)),
      jitterMs: round(mean(({ jitterMs }) => jitterMs)),
      lossPercent: lossOf(group),
      mbps: round(all.reduce((total, { links }) => total + (links.get(to)?.mbps ?? 0), 0)),
      ageMs: ages.length === 0 ? null : Math.round(Math.max(...ages)),
    };
  });
}

function lossOf(group: readonly { readonly lossPercent: number | null }[]): number | null {
  const known = group.flatMap(({ lossPercent }) => (lossPercent === null ? [] : [lossPercent]));
  return known.length === 0 ? null : round(known.reduce((sum, loss) => sum + loss, 0) / known.length);
}

function linkBytes({ paths }: WorkerLoad): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const path of paths) bytes.set(nodeOf(path.peer), (bytes.get(nodeOf(path.peer)) ?? 0) + path.bytes);
  return bytes;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
