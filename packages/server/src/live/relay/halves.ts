/**
 * Two copies of a stream need twice the room. Where both paths fall behind, because neither is fast enough for the stream, each brings one
 * half of the records instead, and the halves are put together here. What one of them does not bring in time, the other one brings too; and
 * when one is slower than the other, some of its half is given to the other.
 */
import type { Receiver, StreamRecord } from "../streams/index.ts";
import { halfOf, type Range, type Share } from "./messages.ts";
import { Reorder } from "./reorder.ts";

/** What this needs of a path. */
export type Sharing = {
  /** Milliseconds of the stream that its peer has not been able to send yet; null while it is not known. */
  readonly behindMs: number | null;
  /** Whether its peer can bring a part of the stream. */
  readonly shares: boolean;
  /** Of records that came. */
  readonly recordBytes: number;
  readonly share: (share: Share) => void;
};

/** Paths that are both so far behind bring one half each. */
const BEHIND_MS = 300;
/** For so long; and for twice as long as before when they fall behind again soon after that. */
const FOR_MS = { first: 300_000, most: 2_400_000, soon: 15_000 } as const;
/** What is missing for so long is brought by the other path. */
const MISSING_MS = 200;
/** What has waited for so long, since one path is slower, is given to the other from now on. */
const UNEVEN_MS = 500;
/** When nothing helps, each brings everything again. */
const STUCK_MS = 2000;
/** A peer is asked for so many records more at a time. */
const MOST_MOVED = 2000;

export class Halves {
  private readonly stream: Receiver;
  private reorder: Reorder | null = null;
  /** The path that brings the first half, and the one that brings the second; null: both bring everything. */
  private paths: readonly [Sharing, Sharing] | null = null;
  private begunAt = 0;
  private endedAt = Number.NEGATIVE_INFINITY;
  private forMs: number = FOR_MS.first;
  private movedAt = 0;
  /** What was given from one path to the other, in its order, as far as it has not come yet. */
  private moved: Range[] = [];

  constructor(stream: Receiver) {
    this.stream = stream;
  }

  /** Takes a record that came before its turn. False: there is none that could come before its turn. */
  hold(record: StreamRecord, now: number): boolean {
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
    const isMissing = waits > 0 && now - newestAt > MISSING_MS;
    if ((isMissing || waits > UNEVEN_MS) && now - this.movedAt > MISSING_MS) this.move(now, isMissing);
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

  private begin(now: number, paths: readonly [Sharing, Sharing]): void {
    const soon = now - this.endedAt < FOR_MS.soon;
    this.forMs = soon ? Math.min(this.forMs * 2, FOR_MS.most) : FOR_MS.first;
    this.reorder ??= new Reorder(this.stream);
    this.paths = paths;
    this.begunAt = now;
    this.movedAt = now;
    this.moved = [];
    paths[0].share({ half: 0 });
    paths[1].share({ half: 1 });
  }

  /**
   * The path that is ahead brings some of what the other one was to bring: all of it when nothing comes any more, the later part of it when it
   * comes slowly, since the earlier part is on its way.
   */
  private move(now: number, isMissing: boolean): void {
    const { newest } = this.stream;
    const last = this.reorder?.last ?? null;
    if (!this.paths || !newest || last === null) return;
    this.movedAt = now;
    const next = newest.sequence + 1;
    const slow = halfOf(next);
    this.moved = this.moved.filter(({ to }) => to >= next);
    const movedTo = this.moved.at(-1)?.to ?? -1;
    let [from, to] = [Math.max(next + Math.floor((last - next) / 2), movedTo + 1), last];
    if (isMissing) {
      const first = this.moved[0];
      // It was asked of the other one before, which has not come to it yet.
      if (first && first.from <= next) return;
      [from, to] = [next, first ? first.from - 1 : last];
    }
    const records = { from, to: Math.min(to, from + MOST_MOVED) };
    if (records.to < records.from) return;
    this.moved = [...this.moved, records].sort((a, b) => a.from - b.from);
    this.paths[slow].share({ without: records });
    this.paths[slow === 0 ? 1 : 0].share({ also: records });
  }
}
