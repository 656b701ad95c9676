/** Defines the jobs that people want, as the control process tells all nodes: pulled channels, forwards and captions. Addresses may have credentials in them: they are never logged. */

/** A pulled channel. */
export type WantedPull = {
  readonly kind: "pull";
  /** Of the source. */
  readonly id: string;
  readonly app: string;
  readonly name: string;
  /** The school whose share it counts in; empty: the operator's. */
  readonly school: string;
  /** The preferred one first: rtmp(s):, http(s): (FLV, HLS), srt:, rtsp:, udp:, file:, gb28181:. */
  readonly addresses: readonly string[];
  /** demand: while somebody watches; always. */
  readonly start: "demand" | "always";
};

/** A live stream that is sent on to another service. */
export type WantedForward = {
  readonly kind: "forward";
  /** Of the forward. */
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly school: string;
  /** rtmp:, rtmps: or srt:, with the key. */
  readonly url: string;
};

/** A lesson whose sound is written down while it is live. */
export type WantedCaptions = {
  readonly kind: "captions";
  /** Of the lesson, whose room they are written into. */
  readonly id: string;
  readonly app: string;
  readonly name: string;
};

export type WantedJob = WantedPull | WantedForward | WantedCaptions;
