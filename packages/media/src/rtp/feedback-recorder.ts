/** The receiver's side of transport-wide feedback: notes when packets came, and says so to their sender. */
import type { TransportFeedback } from "./transport-feedback.ts";

export class FeedbackRecorder {
  /** A packet came. @param sequence transport-wide, 16 bits. @param now milliseconds, with fractions */
  received(_sequence: number, _now: number): void {}

  /** The feedback on what came since the last; null when nothing did. To be sent every 50 to 100 ms. */
  take(): TransportFeedback | null {
    return null;
  }
}
