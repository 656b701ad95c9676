/**
 * Two copies of a stream need twice the room. Where both paths fall behind, because neither is fast enough for the stream, each brings one
 * half of the records instead, and the halves are put together here. What one of them does not bring in time is asked for beside them
 * (`asides.ts`); and when one is slower than the other, some of its half is given to the other.
 */
import type { LogEntry, Receiver } from "../../streams/index.ts";
import { type Stripe, type StripeAssignment, type StripeRange, stripeOf } from "./messages.ts";
import { ReorderBuffer } from "./reorder-buffer.ts";

/** What this needs of a path. */
export type Sharing = {
  readonly peer: string;
  /** When something came last, monotonic milliseconds. */
  readonly heardAt: number;
  /** Milliseconds of the stream that its peer has not been able to send yet; null while it is not known. */
  readonly behindMs: number | null;
  /** Whether its peer can bring a part of the stream. */
  readonly shares: boolean;
  /** Of records that came. */
  readonly recordBytes: number;
  readonly share: (share: StripeAssignment) => void;
};

/** The path that brings the first half, and the one that brings the second. */
type Pair = readonly [Sharing, Sharing];
type Moved = StripeRange & { readonly at: number; again: boolean };
/** The record that comes next, and the highest one that waits for it. */
type Due = { readonly next: number; readonly last: number };

/** Paths that are both so far behind bring one half each. */
const BEHIND_MS = 300;
/** For so long; and for twice as long as before when they fall behind again soon after that. */
const FOR_MS = { first: 300_000, most: 2_400_000, soon: 15_000 } as const;
/** What is missing for so long is asked for anew. */
const MISSING_MS = 200;
/** A path by which nothing came for so long stands still; by another one it may be coming for so long. */
const STILL_MS = 150;
const COMING_MS = 500;
/** What has waited for so long, since one path is slower, is given to the other from now on. */
const UNEVEN_MS = 500;
/** When nothing helps, each brings everything again. */
const STUCK_MS = 2000;
/** A peer is asked for so many records more at a time. */
const MOST_MOVED = 2000;

export class PathStriping {
  private readonly stream: Receiver;
  private readonly askAside: (path: Sharing, share: StripeAssignment) => boolean;
  private reorder: ReorderBuffer | null = null;
  /** Null: both bring everything. */
  private paths: Pair | null = null;
  private begunAt = 0;
  private endedAt = Number.NEGATIVE_INFINITY;
  private forMs: number = FOR_MS.first;
  private movedAt = 0;
  /** What was asked for elsewhere of what a half's path was to bring, in its order, as far as it has not come yet. */
  private moved: Moved[] = [];

  /** @param askAside asks for something beside a path; false when that cannot be done */
  constructor(stream: Receiver, askAside: (path: Sharing, share: StripeAssignment) => boolean) {
    this.stream = stream;
    this.askAside = askAside;
  }

  /** Whether each path brings one half. */
  get active(): boolean {
    return this.paths !== null;
  }

  /** Takes a record that came before its turn. False: there is none that could come before its turn. */
  hold(record: LogEntry, now: number): boolean {
    if (!this.reorder || record.kind === "gap") return false;
    this.reorder.hold(record, now);
    if (this.reorder.full) this.end(now);
    return true;
  }

  /** A record was taken: what follows it may be here. */
  release(): void {
    this.reorder?.release();
  }

  /** Looks whether two copies are too much, or two halves do not come together. @param newestAt when a record was last taken */
  look(now: number, paths: readonly Sharing[], newestAt: number): void {
    const [one, other] = paths;
    if (!this.paths) {
      const slow = paths.every(({ behindMs, shares }) => shares && behindMs !== null && behindMs > BEHIND_MS);
      if (one && other && slow && this.stream.newest) this.begin(now, [one, other]);
      return;
    }
    for (const path of this.paths) path.share({ received: path.recordBytes });
    const waits = this.reorder?.waitsMs(now) ?? 0;
    if ((waits > 0 && now - newestAt > STUCK_MS) || now - this.begunAt > this.forMs) return this.end(now);
    const { newest } = this.stream;
    const last = this.reorder?.last ?? null;
    if (waits === 0 || !newest || last === null) return;
    const due = { next: newest.sequence + 1, last };
    if (now - newestAt > MISSING_MS) this.fetchMissing(now, now - newestAt, this.paths, due);
    else if (waits > UNEVEN_MS && now - this.movedAt > MISSING_MS) this.evenOut(now, this.paths, due);
  }

  /** Each path brings everything from now on, beginning with what is missing. */
  end(now: number): void {
    const { newest } = this.stream;
    if (!this.paths || !newest) return;
    this.endedAt = now;
    const after = { term: newest.term, sequence: newest.sequence };
    for (const path of this.paths) path.share({ after });
    this.paths = null;
  }

  private begin(now: number, paths: Pair): void {
    const soon = now - this.endedAt < FOR_MS.soon;
    this.forMs = soon ? Math.min(this.forMs * 2, FOR_MS.most) : FOR_MS.first;
    this.reorder ??= new ReorderBuffer(this.stream);
    this.paths = paths;
    this.begunAt = now;
    this.movedAt = now;
    this.moved = [];
    paths[0].share({ half: 0 });
    paths[1].share({ half: 1 });
  }

  /**
   * Nothing comes that could be taken: what is missing is asked for beside its path, whose line has room while it stands still; and if that
   * does not help, beside the other one.
   */
  private fetchMissing(now: number, lateMs: number, paths: Pair, { next, last }: Due): void {
    const half = stripeOf(next);
    const [slow, other] = pathsOf(paths, half);
    const moved = this.movedOf(half, next);
    const asked = moved.find(({ from }) => from <= next);
    if (!asked) {
      // A large record takes its time on a slow line.
      if (now - slow.heardAt < STILL_MS && lateMs < COMING_MS) return;
      return this.move(now, { half, from: next, to: moved[0] ? moved[0].from - 1 : last }, paths, true);
    }
    if (asked.again || now - asked.at < MISSING_MS) return;
    asked.again = true;
    this.ask(other, { half, from: next, to: asked.to }, other);
  }

  /** What comes next comes late: the later part of what its path was to bring is given to the other, since the earlier part is on its way. */
  private evenOut(now: number, paths: Pair, { next, last }: Due): void {
    const half = stripeOf(next);
    const movedTo = this.movedOf(half, next).at(-1)?.to ?? -1;
    this.move(now, { half, from: Math.max(next + Math.floor((last - next) / 2), movedTo + 1), to: last }, paths, false);
  }

  /** @param aside it is asked for beside the path that was to bring it; otherwise the other path brings it */
  private move(now: number, range: StripeRange, paths: Pair, aside: boolean): void {
    const { half, from } = range;
    const to = Math.min(range.to, from + MOST_MOVED);
    if (to < from) return;
    const [slow, other] = pathsOf(paths, half);
    this.movedAt = now;
    this.moved = [...this.moved, { half, from, to, at: now, again: false }].sort((a, b) => a.from - b.from);
    slow.share({ without: { from, to } });
    if (aside) this.ask(slow, { half, from, to }, other);
    else other.share({ also: { half, from, to } });
  }

  /** Asks beside a path; where that cannot be done, of the other one. */
  private ask(beside: Sharing, also: StripeRange, other: Sharing): void {
    if (!this.askAside(beside, { also })) other.share({ also });
  }

  /** What was moved of a half, and has not come. */
  private movedOf(half: Stripe, next: number): Moved[] {
    this.moved = this.moved.filter(({ to }) => to >= next);
    return this.moved.filter((range) => range.half === half);
  }
}

function pathsOf([first, second]: Pair, half: Stripe): readonly [slow: Sharing, other: Sharing] {
  return half === 0 ? [first, second] : [second, first];
}
