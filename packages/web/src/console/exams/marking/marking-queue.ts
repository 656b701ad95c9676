/**
 * Holds the answers that a marker has: the one that is shown, and one ahead, so that the next is there at once. Nobody else gets them as long as they are renewed; what is left
 * at the end is given back.
 */
import type { NextAnswer } from "@lectern/client";

export type AnswerToMark = NonNullable<NextAnswer["item"]>;
export type Given = { readonly points: number; readonly criteria: readonly string[]; readonly comment: string };
/** An answer, with what the marker gave before it was taken back. */
export type AnswerInHand = AnswerToMark & { readonly before: Given | null };

/** What the queue asks the server. */
export type MarkingCalls = {
  readonly next: (besides: readonly string[]) => Promise<AnswerToMark | null>;
  readonly give: (attemptId: string, given: Given) => Promise<void>;
  readonly undo: (attemptId: string) => Promise<AnswerInHand>;
  /** False: somebody else has it by now. */
  readonly renew: (attemptId: string) => Promise<boolean>;
  readonly giveBack: (attemptId: string) => Promise<void>;
};
export type QueueState = {
  readonly current: AnswerInHand | null;
  /** loading: the first one comes. none: nothing waits for this marker. */
  readonly state: "loading" | "ready" | "none";
  readonly error: unknown;
  /** Marked since the page was opened, and not taken back. */
  readonly given: number;
  /** Whether the answer that was shown went to somebody else. */
  readonly wasLost: boolean;
};

/** The shown one, and one ahead. */
const HELD = 2;
/** One that was taken back, and what was shown then. The server takes five. */
const MOST_HELD = 4;

export class MarkingQueue {
  private readonly calls: MarkingCalls;
  private readonly onChange: () => void;
  private held: readonly AnswerInHand[] = [];
  private readonly markedIds: string[] = [];
  private filling: Promise<void> | null = null;
  private isExhausted = false;
  private isClosed = false;
  state: QueueState = { current: null, state: "loading", error: null, given: 0, wasLost: false };

  constructor(calls: MarkingCalls, onChange: () => void) {
    this.calls = calls;
    this.onChange = onChange;
  }

  /** Asks for answers, again where none waited or asking failed. */
  async start(): Promise<void> {
    this.isExhausted = false;
    await this.fill();
  }

  /** Throws what the server refuses; the answer stays shown then. */
  async give(given: Given): Promise<void> {
    const [current] = this.held;
    if (!current) return;
    await this.calls.give(current.attemptId, given);
    this.markedIds.push(current.attemptId);
    this.drop(current.attemptId);
    await this.fill();
  }

  /** To a later one: this one comes back when the others are marked. */
  async skip(): Promise<void> {
    const [current] = this.held;
    if (!current) return;
    this.drop(current.attemptId);
    await this.calls.giveBack(current.attemptId);
    this.isExhausted = false;
    await this.fill();
  }

  /** The last one that was marked is shown again, with what was given. Throws what the server refuses: a third has it. */
  async undo(): Promise<void> {
    const last = this.markedIds.at(-1);
    if (last === undefined || this.held.length >= MOST_HELD) return;
    const undone = await this.calls.undo(last);
    this.markedIds.pop();
    this.held = [undone, ...this.held.filter(({ attemptId }) => attemptId !== last)];
    this.changed({ wasLost: false });
  }

  async renew(): Promise<void> {
    for (const { attemptId } of this.held) {
      const isKept = await this.calls.renew(attemptId).catch(() => true);
      if (isKept) continue;
      const wasShown = this.held[0]?.attemptId === attemptId;
      this.drop(attemptId);
      if (wasShown) this.changed({ wasLost: true });
    }
    await this.fill();
  }

  /** Twice is once. */
  async close(): Promise<void> {
    this.isClosed = true;
    const left = this.held;
    this.held = [];
    await Promise.all(left.map(({ attemptId }) => this.calls.giveBack(attemptId).catch(() => undefined)));
  }

  private fill(): Promise<void> {
    this.filling ??= this.fillNow().finally(() => {
      this.filling = null;
    });
    // What is shown does not wait for the one ahead.
    return this.held.length > 0 ? Promise.resolve() : this.filling;
  }

  private async fillNow(): Promise<void> {
    try {
      while (this.held.length < HELD && !this.isExhausted && !this.isClosed) {
        const item = await this.calls.next(this.held.map(({ attemptId }) => attemptId));
        if (item === null) this.isExhausted = true;
        else if (this.isClosed) await this.calls.giveBack(item.attemptId).catch(() => undefined);
        else this.held = [...this.held, { ...item, before: null }];
        this.changed({ error: null });
      }
    } catch (error) {
      this.changed({ error });
    }
  }

  private drop(attemptId: string): void {
    this.held = this.held.filter((one) => one.attemptId !== attemptId);
    this.changed({ wasLost: false });
  }

  private changed(more: Partial<QueueState>): void {
    const current = this.held[0] ?? null;
    const state = current ? "ready" : this.isExhausted ? "none" : "loading";
    this.state = { ...this.state, ...more, current, state, given: this.markedIds.length };
    if (!this.isClosed) this.onChange();
  }
}
