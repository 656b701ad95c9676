/**
 * Defines what a viewer was sent, for retransmissions. A viewer gets long runs of the shared packets one after the other, so a run is all that is
 * remembered: a number and a timestamp for each packet would be 100 kB for each viewer.
 */
import type { RtpPayload } from "@lectern/media";
import type { RtpTransport } from "./rtp-transport.ts";
import { placed, type Timing } from "./timing.ts";

/** From its packet `from` on, as counted from the beginning, each packet follows the one before it, in the viewer's numbers as in those of the line. */
type Run = { readonly from: number; readonly line: RtpTransport; readonly number: number; readonly timing: Timing };

export type Resent = {
  /** As it was sent: 16 bits. */
  readonly sequence: number;
  readonly payload: RtpPayload;
  /** Where its timestamp lies: see `Timing`. */
  readonly ticks: number;
};

/** A viewer that is moved often forgets the oldest. */
const MAX_RUNS = 8;
/** Packets that were sent again of late. */
const MAX_RESENT = 256;
/** A packet is not sent again sooner than this, however short the way. */
const LEAST_AGAIN_MS = 10;
/** A viewer asks again after about a round trip. */
const PART_OF_ROUND_TRIP = 0.8;

export class SentRuns {
  /** The newest first. */
  private readonly runs: Run[] = [];
  private readonly resentAt = new Map<number, number>();

  /** @param from packets that were sent before. @param number of the next packet in the line */
  begin(from: number, line: RtpTransport, number: number, timing: Timing): void {
    this.runs.unshift({ from, line, number, timing });
    if (this.runs.length > MAX_RUNS) this.runs.pop();
  }

  /**
   * What is to be sent again: not what is gone, nor what was sent again less than a round trip ago.
   * @param next the sequence number of the next packet. @param count of packets that were sent before it
   */
  find(sequences: readonly number[], next: number, count: number, now: number, roundTripMs: number): Resent[] {
    const found: Resent[] = [];
    const since = now - Math.max(LEAST_AGAIN_MS, roundTripMs * PART_OF_ROUND_TRIP);
    for (const sequence of sequences) {
      if ((this.resentAt.get(sequence) ?? Number.NEGATIVE_INFINITY) > since) continue;
      const resent = this.look(sequence, count - ((next - sequence) & 0xffff));
      if (!resent) continue;
      found.push(resent);
      this.remember(sequence, now);
    }
    return found;
  }

  /** @param index of the packet, as counted from the beginning */
  private look(sequence: number, index: number): Resent | null {
    const run = this.runs.find(({ from }) => from <= index);
    if (!run) return null;
    const number = run.number + index - run.from;
    const unit = run.line.unitOf(number);
    const payload = unit?.payloads[number - unit.number];
    return unit && payload ? { sequence, payload, ticks: placed(run.timing, unit.ticks) } : null;
  }

  private remember(sequence: number, now: number): void {
    this.resentAt.delete(sequence);
    this.resentAt.set(sequence, now);
    if (this.resentAt.size <= MAX_RESENT) return;
    const [oldest] = this.resentAt.keys();
    if (oldest !== undefined) this.resentAt.delete(oldest);
  }
}
