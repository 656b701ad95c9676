/**
 * Determines when the members of a room are written to. After a rest what happens is written to all at once. While it goes on happening, members have
 * their turns one after the other, in rounds that never stop: each is written to five times a second, with what is newest in its turn, and writes are
 * spread evenly over the time of the process.
 */
import type { FlushQueue } from "./flush-queue.ts";

export type WriteRoundsOptions<Of> = {
  /** The newest ones last. */
  readonly members: ReadonlySet<Of>;
  /** Brings some of them to what is newest. */
  readonly write: (piece: readonly Of[]) => void;
  readonly queue: FlushQueue;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly after: (milliseconds: number, call: () => void) => () => void;
};

/** At most five writes a second to a member. */
const ROUND_MS = 200;
/** In a room with few members at this worker, handwriting and talk arrive sooner. */
const ROUND_FEW_MS = 40;
const FEW = 50;
/** Members that are written to before others of the process have their turn. Each write is a call of the system, of about 10 µs. */
const PIECE = 16;
/** Between pieces of a round that is spread, at least: a wake-up costs about as much as ten writes. */
const STEP_MS = 20;

type Round<Of> = {
  readonly rest: Iterator<Of>;
  readonly begunAt: number;
  /** 0: all at once. */
  readonly spreadMs: number;
  readonly count: number;
  done: number;
};

export class WriteRounds<Of> {
  private readonly options: WriteRoundsOptions<Of>;
  private round: Round<Of> | null = null;
  private cancelTimer: (() => void) | null = null;
  /** Something has happened that not all have been told. */
  private isRequested = false;
  private isClosed = false;
  private mayBeginAt = Number.NEGATIVE_INFINITY;
  /** Without a round since then, it was a rest. */
  private restsAt = Number.NEGATIVE_INFINITY;

  constructor(options: WriteRoundsOptions<Of>) {
    this.options = options;
  }

  /** There is something to tell. */
  ask(): void {
    this.isRequested = true;
    if (this.round || this.cancelTimer || this.isClosed || this.options.members.size === 0) return;
    const wait = this.mayBeginAt - this.options.now();
    if (wait > 0) this.wait(wait, () => this.begin());
    else this.begin();
  }

  close(): void {
    this.isClosed = true;
    this.cancelTimer?.();
  }

  private begin(): void {
    const { members, now, queue } = this.options;
    const begunAt = now();
    const isSpread = members.size > FEW && begunAt < this.restsAt;
    const round = {
      rest: members.values(),
      begunAt,
      count: members.size,
      done: 0,
      spreadMs: isSpread ? ROUND_MS * queue.stretch : 0,
    };
    this.round = round;
    queue.add(() => this.piece(round));
  }

  /** @returns whether there is nothing more to do now */
  private piece(round: Round<Of>): boolean {
    const { now, write, queue } = this.options;
    if (this.isClosed) return true;
    if (round.spreadMs > 0 && round.done >= PIECE + (round.count * (now() - round.begunAt)) / round.spreadMs) {
      this.wait(Math.max(STEP_MS, (round.spreadMs * PIECE) / round.count), () => queue.add(() => this.piece(round)));
      return true;
    }
    // What has come in the turn before the first write is a part of it.
    if (round.done === 0) this.isRequested = false;
    const piece: Of[] = [];
    for (let next = round.rest.next(); !next.done; next = round.rest.next()) {
      piece.push(next.value);
      if (piece.length === PIECE) break;
    }
    round.done += piece.length;
    write(piece);
    if (piece.length === PIECE) return false;
    this.end(round);
    return true;
  }

  private end({ begunAt, spreadMs, count }: Round<Of>): void {
    this.round = null;
    // Writes begin to be spread before those who were first are due again.
    const least = count > FEW ? ROUND_MS / 2 : ROUND_FEW_MS;
    this.mayBeginAt = begunAt + Math.max(least, spreadMs);
    this.restsAt = this.options.now() + ROUND_MS;
    if (this.isRequested) this.ask();
  }

  private wait(milliseconds: number, call: () => void): void {
    this.cancelTimer = this.options.after(milliseconds, () => {
      this.cancelTimer = null;
      call();
    });
  }
}
