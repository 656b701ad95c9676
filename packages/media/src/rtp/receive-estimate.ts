/**
 * The receiver's side for publishers that did not agree on transport-wide feedback: an estimate to send as REMB.
 *
 * With transport-wide feedback (`FeedbackRecorder`) the publisher estimates by itself, and better, since it knows when it sent each packet:
 * browsers do. Then no estimate is sent; a REMB is still of use as an upper bound (the limit of the stream), which browsers heed.
 */

export class ReceiveEstimate {
  constructor(_clockRate: number, _options: { readonly minKbps?: number; readonly maxKbps?: number } = {}) {}

  /** A packet came. @param timestamp 32 bits. @param bytes of the packet */
  received(_timestamp: number, _bytes: number, _now: number): void {}

  /** Bits per second for the next REMB, to be sent about once a second, and at once when it falls by more than 3 %. */
  bitsPerSecond(_now: number, _fractionLost: number): number {
    return 0;
  }
}
