/**
 * Assigns stripes of a stream to two relay paths. Two full copies need twice the bandwidth: where both paths fall behind, each delivers
 * one stripe instead, and the reorder buffer joins them. Entries that a path does not deliver in time are requested on its repair
 * connection (`repair-connections.ts`); when one path is slower than the other, a part of its stripe moves to the other.
 */
import type { LogEntry, Receiver } from "../../streams/index.ts";
import { type Stripe, type StripeAssignment, type StripeRange, stripeOf } from "./message-bodies.ts";
import { ReorderBuffer } from "./reorder-buffer.ts";

/** The part of a path that striping needs. */
export type StripingPath = {
  readonly peer: string;
  /** Arrival of the latest bytes, monotonic milliseconds. */
  readonly heardAt: number;
  /** Milliseconds of the stream that the peer could not send yet; null while not known. */
  readonly behindMs: number | null;
  /** Bytes of entries that arrived. */
  readonly entryBytes: number;
  readonly assign: (assignment: StripeAssignment) => void;
};

/** The paths of the first and of the second stripe. */
type Pair = readonly [StripingPath, StripingPath];
type MovedRange = StripeRange & { readonly at: number; again: boolean };
/** The next entry, and the highest one that waits for it. */
type Missing = { readonly next: number; readonly last: number };

/** Striping begins when both paths are this far behind. */
const BEHIND_MS = 300;
/** Duration of striping; it doubles when the paths fall behind again within `soon` after its end. */
const DURATION_MS = { first: 300_000, most: 2_400_000, soon: 15_000 } as const;
/** An entry that is missing for so long is requested again. */
const MISSING_MS = 200;
/** A path without a byte for so long is stalled; an entry on a path that is not stalled may take so long. */
const STALLED_MS = 150;
const ARRIVING_MS = 500;
/** When entries have waited for so long because one path is slower, a part of its stripe moves to the other. */
const UNEVEN_MS = 500;
/** Without any progress for so long, each path delivers everything again. */
const STUCK_MS = 2000;
/** Entries in one moved range. */
const MAX_MOVED = 2000;

export class PathStriping {
  private readonly stream: Receiver;
  private readonly requestRepair: (path: StripingPath, assignment: StripeAssignment) => boolean;
  private reorder: ReorderBuffer | null = null;
  /** Null: both paths deliver everything. */
  private paths: Pair | null = null;
  private begunAt = 0;
  private endedAt = Number.NEGATIVE_INFINITY;
  private durationMs: number = DURATION_MS.first;
  private movedAt = 0;
  /** Ranges requested from elsewhere that have not arrived yet, in their order. */
  private moved: MovedRange[] = [];

  /** @param requestRepair requests entries beside a path; false when there is no repair connection */
  constructor(stream: Receiver, requestRepair: (path: StripingPath, assignment: StripeAssignment) => boolean) {
    this.stream = stream;
    this.requestRepair = requestRepair;
  }

  /** Whether each path delivers one stripe. */
  get active(): boolean {
    return this.paths !== null;
  }

  /** Holds an entry that arrived out of order. False when entries cannot arrive out of order. */
  hold(entry: LogEntry, now: number): boolean {
    if (!this.reorder || entry.kind === "gap") return false;
    this.reorder.hold(entry, now);
    if (this.reorder.full) this.end(now);
    return true;
  }

  /** An entry was taken: its successors may be here. */
  release(): void {
    this.reorder?.release();
  }

  /** Begins striping when both paths are slow, repairs it, and ends it. @param newestAt when an entry was last taken */
  maintain(now: number, paths: readonly StripingPath[], newestAt: number): void {
    const [one, other] = paths;
    if (!this.paths) {
      const slow = paths.every(({ behindMs }) => behindMs !== null && behindMs > BEHIND_MS);
      if (one && other && slow && this.stream.newest) this.begin(now, [one, other]);
      return;
    }
    for (const path of this.paths) path.assign({ kind: "received", bytes: path.entryBytes });
    const waitingMs = this.reorder?.waitingMs(now) ?? 0;
    if ((waitingMs > 0 && now - newestAt > STUCK_MS) || now - this.begunAt > this.durationMs) return this.end(now);
    const { newest } = this.stream;
    const last = this.reorder?.last ?? null;
    if (waitingMs === 0 || !newest || last === null) return;
    const missing = { next: newest.sequence + 1, last };
    if (now - newestAt > MISSING_MS) this.fetchMissing(now, now - newestAt, this.paths, missing);
    else if (waitingMs > UNEVEN_MS && now - this.movedAt > MISSING_MS) this.balance(now, this.paths, missing);
  }

  /** Each path delivers everything from now on, beginning with what is missing. */
  end(now: number): void {
    const { newest } = this.stream;
    if (!this.paths || !newest) return;
    this.endedAt = now;
    const after = { term: newest.term, sequence: newest.sequence };
    for (const path of this.paths) path.assign({ kind: "all", after });
    this.paths = null;
  }

  private begin(now: number, paths: Pair): void {
    const soon = now - this.endedAt < DURATION_MS.soon;
    this.durationMs = soon ? Math.min(this.durationMs * 2, DURATION_MS.most) : DURATION_MS.first;
    this.reorder ??= new ReorderBuffer(this.stream);
    this.paths = paths;
    this.begunAt = now;
    this.movedAt = now;
    this.moved = [];
    paths[0].assign({ kind: "stripe", stripe: 0 });
    paths[1].assign({ kind: "stripe", stripe: 1 });
  }

  /**
   * The next entry is missing: requests it on the repair connection of its path, whose line has room while the path is stalled; and, when
   * that does not help, from the other peer.
   */
  private fetchMissing(now: number, lateMs: number, paths: Pair, { next, last }: Missing): void {
    const stripe = stripeOf(next);
    const [slow, other] = pathsOf(paths, stripe);
    const moved = this.movedOf(stripe, next);
    const requested = moved.find(({ from }) => from <= next);
    if (!requested) {
      // A large entry takes its time on a slow line.
      if (now - slow.heardAt < STALLED_MS && lateMs < ARRIVING_MS) return;
      return this.move(now, { stripe, from: next, to: moved[0] ? moved[0].from - 1 : last }, paths, true);
    }
    if (requested.again || now - requested.at < MISSING_MS) return;
    requested.again = true;
    this.request(other, { stripe, from: next, to: requested.to }, other);
  }

  /** The next entry is late: moves the later half of what its path has yet to deliver to the other, since the earlier half is in flight. */
  private balance(now: number, paths: Pair, { next, last }: Missing): void {
    const stripe = stripeOf(next);
    const movedTo = this.movedOf(stripe, next).at(-1)?.to ?? -1;
    this.move(now, { stripe, from: Math.max(next + Math.floor((last - next) / 2), movedTo + 1), to: last }, paths, false);
  }

  /** @param isRepair requested on the repair connection of the slow path; otherwise the other path delivers it */
  private move(now: number, { stripe, from, ...asked }: StripeRange, paths: Pair, isRepair: boolean): void {
    const to = Math.min(asked.to, from + MAX_MOVED);
    if (to < from) return;
    const [slow, other] = pathsOf(paths, stripe);
    this.movedAt = now;
    this.moved = [...this.moved, { stripe, from, to, at: now, again: false }].sort((a, b) => a.from - b.from);
    slow.assign({ kind: "without", range: { from, to } });
    const range = { stripe, from, to };
    if (isRepair) this.request(slow, range, other);
    else other.assign({ kind: "also", range });
  }

  /** Requests entries on the repair connection of a path; without one, on the other path. */
  private request(beside: StripingPath, range: StripeRange, other: StripingPath): void {
    const assignment = { kind: "also", range } as const;
    if (!this.requestRepair(beside, assignment)) other.assign(assignment);
  }

  /** Moved ranges of a stripe that have not arrived. */
  private movedOf(stripe: Stripe, next: number): MovedRange[] {
    this.moved = this.moved.filter(({ to }) => to >= next);
    return this.moved.filter((range) => range.stripe === stripe);
  }
}

function pathsOf([first, second]: Pair, stripe: Stripe): readonly [slow: StripingPath, other: StripingPath] {
  return stripe === 0 ? [first, second] : [second, first];
}
