/** Defines what "why" concludes: the place that a viewer's trouble comes from, how sure that is, and the figures that say so. */

/** In the order in which the picture passes through them. `none`: the viewer had no trouble. */
export const FAULT_LOCATIONS = ["uplink", "origin", "link", "edge", "viewer-line", "viewer-device", "none"] as const;
export type FaultLocation = (typeof FAULT_LOCATIONS)[number];

export const CERTAINTIES = ["high", "medium", "low"] as const;

/** In words: `diagnosis-texts.ts`. */
export const REASON_CODES = [
  "stalled",
  "choppy",
  "reconnected",
  "no-trouble",
  "no-session",
  "others-too",
  "nobody-else",
  "uplink-silent",
  "uplink-jitter",
  "uplink-narrow",
  "frames-dropped",
  "frame-rate-low",
  "clock-drifts",
  "sound-apart",
  "key-frames-rare",
  "picture-undecodable",
  "sound-undecodable",
  "held",
  "stolen",
  "processors-full",
  "link-loss",
  "link-delay",
  "link-late",
  "egress-full",
  "retransmitted",
  "line-slow",
  "buffer-empty",
  "frames-not-shown",
  "page-held",
  "buffer-full",
  "by-exclusion",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export type Reason = {
  readonly code: ReasonCode;
  /** What the reason was measured of: null for the viewer, else a node, a hop as FROM>TO, or the uplink. */
  readonly of: string | null;
  /** Shares are 0 to 1, times milliseconds. */
  readonly figures: Readonly<Record<string, number>>;
};

export type Verdict = {
  readonly place: FaultLocation;
  readonly certainty: (typeof CERTAINTIES)[number];
  /** The strongest first; those of `also` after those of `place`. */
  readonly reasons: readonly Reason[];
  /** A second place that explains more than a fifth of what the viewer has lost; null: none does. */
  readonly also: { readonly place: Exclude<FaultLocation, "none">; readonly share: number } | null;
};
