/**
 * Frames that bring a page only what a worker of its own has sent: the page knows it already, and each frame costs it as much as a sample of the pen. They wait for what
 * else comes, or for the end of the writing, and are then told together.
 */
import { type Frame, isQuietFrame } from "@lectern/room";

/** Longer than from one batch of a stroke to the next. */
const QUIET_MS = 150;
/** The page follows the log. */
const MOST_MS = 1000;
/** An entry may come before its acknowledgement. Others draw too: theirs do not wait longer. */
const UNKNOWN_MS = 40;

export type HoldEnvironment = {
  readonly give: (frames: readonly Frame[]) => void;
  /** @returns the function that cancels it */
  readonly after: (ms: number, call: () => void) => () => void;
};

export class PendingFrames {
  private readonly environment: HoldEnvironment;
  /** Numbers of entries that a worker has sent, and the page does not have. */
  private readonly own = new Set<number>();
  private unanswered = 0;
  /** The page has all up to this entry; and what is held goes up to that one. */
  private given = 0;
  private newest = 0;
  private held: Frame[] = [];
  private cancelSoon = () => {};
  private cancelMost: (() => void) | null = null;

  constructor(environment: HoldEnvironment) {
    this.environment = environment;
  }

  /** A worker has sent an action. */
  sent(): void {
    this.unanswered++;
  }

  /** @param seq of its entry; null: it was refused */
  answered(seq: number | null): void {
    this.unanswered--;
    if (seq !== null && seq > this.given) this.own.add(seq);
    if (this.held.length > 0) this.look();
  }

  take(frame: Frame): void {
    // What is acknowledged is told by itself.
    if (isEmpty(frame)) return;
    this.held.push(frame);
    this.newest = Math.max(frame.snapshot ? 0 : this.newest, frame.position?.seq ?? 0, frame.entries.at(-1)?.seq ?? 0);
    if (frame.signals.length > 0 || !isQuietFrame(frame)) this.release();
    else this.look();
  }

  /** Tells what is held now, or plans when. */
  private look(): void {
    const { after } = this.environment;
    const isOwn = this.areOwn();
    if (!isOwn && this.unanswered === 0) return this.release();
    this.cancelSoon();
    this.cancelSoon = after(isOwn ? QUIET_MS : UNKNOWN_MS, () => this.release());
    this.cancelMost ??= after(MOST_MS, () => this.release());
  }

  private areOwn(): boolean {
    for (let seq = this.given + 1; seq <= this.newest; seq++) if (!this.own.has(seq)) return false;
    return true;
  }

  private release(): void {
    this.cancelSoon();
    this.cancelMost?.();
    this.cancelMost = null;
    const { held } = this;
    this.held = [];
    this.given = this.newest;
    for (const seq of this.own) if (seq <= this.given) this.own.delete(seq);
    if (held.length > 0) this.environment.give(held);
  }
}

function isEmpty({ you, position, snapshot, entries, older, signals }: Frame): boolean {
  return you === null && position === null && snapshot === null && [...entries, ...older, ...signals].length === 0;
}
