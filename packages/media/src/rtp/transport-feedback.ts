/** Transport-wide feedback: which packets of a connection came, and when (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). */

export type TransportFeedback = {
  /** Number of this feedback: 8 bits. */
  readonly count: number;
  /** Transport-wide sequence number of the first packet: 16 bits. The others follow one by one. */
  readonly base: number;
  /**
   * When each packet came: milliseconds by the receiver's clock, whole quarters, of any beginning; null for one that did not come.
   * At most 65535; an arrival is less than 8 s from the one before it.
   */
  readonly arrivals: readonly (number | null)[];
};
