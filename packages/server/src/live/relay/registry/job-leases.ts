/**
 * Leases jobs to nodes in the rows of the stream table: a node claims by compare-and-set, the lease moves when its node is gone, and it is
 * given back when nobody wants the job. Recording is a job whose lease is the row's recorder node.
 */
import { type Job, type JobLease, type JobView, jobHolder, jobState, leaseToWrite } from "../../../platform/jobs/job.ts";
import type { JobKind } from "./registry-peers.ts";
import type { StreamRow, StreamTable } from "./stream-table.ts";
import { keyOf, nodeOf, type StreamTableEntry } from "./stream-table-entry.ts";

export const RECORD = "record";

export type LeaseNodes = {
  readonly self: string;
  readonly isUp: (node: string) => boolean;
};

export class JobLeases {
  private readonly table: StreamTable;
  private readonly nodes: LeaseNodes;
  private readonly kindsOf: (entry: StreamTableEntry) => readonly JobKind[];

  /** @param kindsOf the jobs that a stream may have */
  constructor(table: StreamTable, nodes: LeaseNodes, kindsOf: (entry: StreamTableEntry) => readonly JobKind[]) {
    this.table = table;
    this.nodes = nodes;
    this.kindsOf = kindsOf;
  }

  /** Leases a job of a stream to this node. False when another node was faster, or the stream is over. */
  async take(key: string, kind: string, cores: number): Promise<boolean> {
    const row = this.table.get(key);
    if (!row) return false;
    const term = (row.entry.jobs[kind]?.term ?? 0) + 1;
    return await this.table.storeOrRefresh(withLease(row.entry, kind, { node: this.nodes.self, term, cores }), row);
  }

  /** Gives this node's lease of a job back, since nobody wants it any more. */
  async release(key: string, kind: string): Promise<void> {
    const row = this.table.get(key);
    const lease = row?.entry.jobs[kind];
    if (row && lease?.node === this.nodes.self)
      await this.table.storeOrRefresh(withLease(row.entry, kind, { node: null, term: lease.term }), row);
  }

  /**
   * Claims jobs that this node is the best candidate for, and gives back those that nobody wants. To be called every second or two.
   * @param rows the streams to look at
   */
  async sweep(rows: readonly StreamRow[] = this.table.all()): Promise<void> {
    if (!this.table.connected) return;
    const writes = rows.map(async ({ entry: { app, name } }) => {
      // The row may have changed since the caller read it.
      const row = this.table.get(keyOf(app, name));
      if (!row) return;
      const next = this.kindsOf(row.entry).reduce((entry, kind) => {
        const lease = leaseToWrite(this.view(kind, entry), this.nodes.self);
        return lease ? withLease(entry, kind.kind, lease) : entry;
      }, row.entry);
      if (next !== row.entry) await this.table.storeOrRefresh(next, row);
    });
    await Promise.all(writes);
  }

  /** The jobs of all streams. A job of another node counts as leased, since only that node knows whether it is running. */
  jobs(): Job[] {
    return this.table.all().flatMap(({ entry }) => this.jobsOf(entry));
  }

  /** The jobs that this node answers for, so that a sum over all nodes counts each job once. A job of no node is its writer's. */
  own(): Job[] {
    const { self } = this.nodes;
    return this.table.all().flatMap(({ entry }) => {
      const isWriter = entry.writer !== null && nodeOf(entry.writer) === self;
      return this.jobsOf(entry).filter(({ node }) => node === self || (node === null && isWriter));
    });
  }

  private jobsOf(entry: StreamTableEntry): Job[] {
    return this.kindsOf(entry).flatMap((kind) => {
      const view = this.view(kind, entry);
      if (!view.lease && view.candidates.length === 0) return [];
      const node = jobHolder(view);
      const state = jobState(view, node === this.nodes.self && kind.isRunning(entry));
      return [{ kind: kind.kind, stream: keyOf(entry.app, entry.name), state, node, term: view.lease?.term ?? 0 }];
    });
  }

  private view({ kind, candidates }: JobKind, entry: StreamTableEntry): JobView {
    return { lease: leaseOf(entry, kind), candidates: candidates(entry), isUp: this.nodes.isUp };
  }
}

/** A recording's lease has the stream's term: the row has no other. */
function leaseOf({ recorderNode, term, jobs }: StreamTableEntry, kind: string): JobLease | null {
  return kind === RECORD ? { node: recorderNode, term } : (jobs[kind] ?? null);
}

function withLease(entry: StreamTableEntry, kind: string, lease: JobLease): StreamTableEntry {
  if (kind === RECORD) return { ...entry, recorderNode: lease.node ?? "" };
  return { ...entry, jobs: { ...entry.jobs, [kind]: lease } };
}

/** Origins other than the writer's node come first: a recording has to survive the loss of the publisher's node. */
export function recorderCandidates({ origins, writer }: Pick<StreamTableEntry, "origins" | "writer">): readonly string[] {
  const writerNode = writer === null ? null : nodeOf(writer);
  return [...origins.filter((origin) => origin !== writerNode), ...origins.filter((origin) => origin === writerNode)];
}

/** The node that records a stream: the lease's, or the candidate that takes its place at once while the table is not written yet. */
export function recorderOf(
  entry: Pick<StreamTableEntry, "origins" | "writer" | "recorderNode">,
  { self, isUp }: LeaseNodes,
): string {
  const lease = { node: entry.recorderNode, term: 0 };
  return jobHolder({ lease, candidates: recorderCandidates(entry), isUp }) ?? self;
}
