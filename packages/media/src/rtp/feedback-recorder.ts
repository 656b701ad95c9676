/**
 * Implements the receiver's side of transport-wide feedback: notes when packets came, and says so to their sender
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3).
 */
import { REFERENCE_UNIT_MS, type TransportFeedback } from "./transport-feedback.ts";
import { Unwrapper } from "./unwrapper.ts";

/** Packets of one feedback; more stay for the next. Of two bytes each, and their chunks, it fits into a datagram. */
const MAX_PACKETS = 400;
/** Noted arrivals at most: a flood between two feedbacks is cut off at its old end. */
const MAX_NOTED = 2000;
/** An arrival that is further from the one before it does not fit into its field. */
const MAX_STEP_MS = 8000;

/** Notes arrivals of all streams of one connection. */
export class FeedbackRecorder {
  private readonly unwrapper = new Unwrapper(16);
  private readonly noted = new Map<number, number>();
  /** The first number that no feedback has told of. */
  private next: number | null = null;
  private count = 0;

  /**
   * A packet came.
   * @param sequence transport-wide, 16 bits
   * @param now milliseconds, with fractions, not negative
   */
  received(sequence: number, now: number): void {
    const number = this.unwrapper.unwrap(sequence);
    this.next ??= number;
    if (this.noted.has(number)) return;
    this.noted.set(number, now);
    if (this.noted.size > MAX_NOTED) this.noted.delete(this.noted.keys().next().value ?? number);
  }

  /**
   * The feedback on what came since the last; null when nothing did. To be sent every 50 to 100 ms, and called until it gives null.
   * A packet that comes after the feedback on those behind it is told of again, with them missing no more.
   */
  take(): TransportFeedback | null {
    if (this.noted.size === 0 || this.next === null) return null;
    const numbers = [...this.noted.keys()].sort((a, b) => a - b);
    const first = numbers[0] ?? 0;
    // What is missing between the last feedback and the first arrival was lost: the sender learns of it here.
    const base = first < this.next || first - this.next > MAX_PACKETS / 2 ? first : this.next;
    const start = this.noted.get(first) ?? 0;
    const referenceMs = Math.floor(start / REFERENCE_UNIT_MS) * REFERENCE_UNIT_MS;
    const arrivals: (number | null)[] = [];
    let before = referenceMs;
    for (const number of numbers) {
      const arrival = this.noted.get(number) ?? 0;
      if (number - base >= MAX_PACKETS || Math.abs(arrival - before) > MAX_STEP_MS) break;
      while (arrivals.length < number - base) arrivals.push(null);
      arrivals.push(Math.round(arrival * 4) / 4);
      this.noted.delete(number);
      before = arrival;
    }
    this.next = Math.max(this.next, base + arrivals.length);
    const feedback = { count: this.count, base: base & 0xffff, referenceMs, arrivals };
    this.count = (this.count + 1) & 0xff;
    return feedback;
  }
}
