/**
 * Provides the life of a leased job: work that one node does for a stream on behalf of all nodes. Pure functions: what a node may do depends on the
 * lease in the table, the candidates and the nodes that are up. A compare-and-set in the table decides between two claimants.
 */

/**
 * wanted: no live node has the lease. leased: a live node has it. running: a process of that node does the work. released: nobody wants
 * the work, and the lease is given back.
 */
export const JOB_STATES = ["wanted", "leased", "running", "released"] as const;
export type JobState = (typeof JOB_STATES)[number];

export type Job = {
  readonly kind: string;
  /** Key of the stream in the table. */
  readonly stream: string;
  readonly state: JobState;
  /** The node with the lease; null when no live node has it. */
  readonly node: string | null;
  /** Counts the leases of the job; the holder of a lower term is superseded. */
  readonly term: number;
};

/** What the table says of a job. A lease without a node was released. */
export type JobLease = {
  readonly node: string | null;
  readonly term: number;
  /** Cores that it needs, as far as is known. */
  readonly cores?: number;
};

/** A job as one node sees it. */
export type JobView = {
  /** Null when the job never had a lease. */
  readonly lease: JobLease | null;
  /** Nodes that can do the work, the best first. None: nobody wants it. */
  readonly candidates: readonly string[];
  readonly isUp: (node: string) => boolean;
};

/** The node that does the work: the lease's, as long as it is a candidate and up; otherwise the best candidate. Null: nobody. */
export function jobHolder({ lease, candidates, isUp }: JobView): string | null {
  const node = lease?.node ?? null;
  if (node !== null && candidates.includes(node) && isUp(node)) return node;
  return candidates.find(isUp) ?? null;
}

/** @param isRunning whether a process of the lease's node does the work; false where that is not known */
export function jobState(view: JobView, isRunning: boolean): JobState {
  const { lease, candidates } = view;
  if (candidates.length === 0) return "released";
  const holder = jobHolder(view);
  if (holder === null || lease?.node !== holder) return "wanted";
  return isRunning ? "running" : "leased";
}

/**
 * The lease that a node has to write now: it claims a job that it is the best candidate for, and gives back one that nobody wants, its own
 * or that of a node that is gone. Null: nothing.
 */
export function leaseToWrite(view: JobView, self: string): JobLease | null {
  const { lease, candidates, isUp } = view;
  const node = lease?.node ?? null;
  const term = lease?.term ?? 0;
  if (candidates.length === 0) return node !== null && (node === self || !isUp(node)) ? { node: null, term } : null;
  return jobHolder(view) === self && node !== self ? { ...lease, node: self, term: term + 1 } : null;
}
