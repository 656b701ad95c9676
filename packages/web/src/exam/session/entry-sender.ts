/** Sends what the journal holds, in batches, until the server has acknowledged it: one request at a time, again after a pause where none arrives. */
import { after } from "../../schedule/after.ts";
import { type Batch, DoorRefusal, type ExamDoor, type Stored } from "../attempt/exam-types.ts";
import type { Journal } from "./journal.ts";

/** What is chosen goes soon, what is typed when a sentence is there. */
export const SEND_AFTER_MS = { chosen: 1000, typed: 6000 } as const;
/** Without changes the server is asked all the same: the end may have moved, and another device may have the seat. */
export const ASK_EACH_MS = 30_000;
/** Of the messages that are confirmed in one request. */
const MAX_SEEN = 50;
/** Nothing is taken while a supervisor has stopped the clock: it is all kept, and sent then. */
export const PAUSED = "exam-paused";
const RETRY_MS = { first: 2000, most: 15_000 } as const;
/** Many come back at the same moment. */
const SPREAD = 0.5;

export type SenderEvents = {
  readonly onStored: (stored: Stored) => void;
  /** Whether the server is out of reach: told after each request. */
  readonly onAway: (isAway: boolean) => void;
  /** A refusal that repeating does not mend. The sender has ended. */
  readonly onRefused: (refusal: DoorRefusal) => void;
  /** A supervisor has stopped the clock. */
  readonly onPaused: () => void;
};

type Sent = Pick<Journal, "settled" | "nextBatch" | "acknowledge" | "isAllSent">;

export class EntrySender {
  private readonly journal: Sent;
  private readonly door: Pick<ExamDoor, "send">;
  private readonly events: SenderEvents;
  private isSending = false;
  private hasEnded = false;
  private failures = 0;
  private dueAt = Number.POSITIVE_INFINITY;
  private cancel = (): void => {};
  private readonly seen = new Set<string>();
  private readonly askMs: number;
  private isPaused = false;
  private readonly elapsed: () => number;
  private readonly random: () => number;

  constructor(
    journal: Sent,
    door: Pick<ExamDoor, "send">,
    events: SenderEvents,
    device: { readonly elapsed: () => number; readonly random: () => number; readonly askMs?: number },
  ) {
    this.journal = journal;
    this.door = door;
    this.events = events;
    this.elapsed = device.elapsed;
    this.random = device.random;
    this.askMs = device.askMs ?? ASK_EACH_MS;
  }

  /** Begins, with what was kept from before. */
  start(): void {
    this.sendWithin(0);
  }

  /** Something was written, or is to be sent at once (0). While the server is unreachable, the pause counts. */
  sendWithin(ms: number): void {
    if (this.hasEnded || this.isSending || this.failures > 0) return;
    this.schedule(ms);
  }

  /** The network is back. */
  tryNow(): void {
    if (this.hasEnded || this.isSending) return;
    this.schedule(this.random() * RETRY_MS.first * SPREAD);
  }

  /** The candidate has read a message. */
  confirm(id: string): void {
    this.seen.add(id);
    this.sendWithin(0);
  }

  /** Whether the server does not know yet that a message was read. */
  isConfirming(id: string): boolean {
    return this.seen.has(id);
  }

  close(): void {
    this.hasEnded = true;
    this.cancel();
  }

  private schedule(ms: number): void {
    const at = this.elapsed() + ms;
    if (at >= this.dueAt) return;
    this.cancel();
    this.dueAt = at;
    this.cancel = after(ms, () => void this.send());
  }

  private async send(): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY;
    this.cancel();
    this.isSending = true;
    await this.journal.settled();
    const kept = this.isPaused ? null : this.journal.nextBatch();
    const batch: Batch = kept ?? { answers: [], facts: [] };
    const seen = [...this.seen].slice(0, MAX_SEEN);
    let pause: number = this.askMs * (1 + this.random() * SPREAD);
    try {
      const stored = await this.door.send(batch, seen);
      this.failures = 0;
      this.isPaused = stored.paused ?? false;
      this.journal.acknowledge(stored.stored);
      this.isSending = false;
      for (const id of seen) this.seen.delete(id);
      this.events.onAway(false);
      this.events.onStored(stored);
      if ((!this.isPaused && !this.journal.isAllSent()) || this.seen.size > 0) pause = SEND_AFTER_MS.chosen;
    } catch (error) {
      this.isSending = false;
      if (error instanceof DoorRefusal && isFinal(error)) {
        this.close();
        this.events.onRefused(error);
        return;
      }
      if (error instanceof DoorRefusal && error.code === PAUSED) {
        this.failures = 0;
        this.isPaused = true;
        this.events.onAway(false);
        this.events.onPaused();
        this.schedule(pause);
        return;
      }
      this.failures++;
      const backOff = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (this.failures - 1));
      const asked = error instanceof DoorRefusal ? (error.retryAfter ?? 0) * 1000 : 0;
      pause = Math.max(asked, backOff) * (1 + this.random() * SPREAD);
      this.events.onAway(true);
    }
    if (!this.hasEnded) this.schedule(pause);
  }
}

const FINAL: readonly string[] = ["exam-seat-taken", "exam-ended", "exam-attempt-unknown", "bad-credential"];

function isFinal({ code }: DoorRefusal): boolean {
  return FINAL.includes(code);
}
