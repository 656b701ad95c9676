/** Defines what the choice of rungs is told, and what it decides. */
import type { Arrival } from "./arrivals.ts";

export type LadderStep = {
  /** What the rung does not exceed; 0 while that is not known. */
  readonly kbps: number;
  /** Sound alone. */
  readonly isSound: boolean;
};

/** How the stream arrives that is shown, and the one that is received besides. */
export type Reception = Arrival & {
  readonly now: number;
  /** Seconds of media after the shown frame. */
  readonly ahead: number;
  /** The picture stands still: nothing is left to show. */
  readonly isStill: boolean;
  /** Frames that have arrived wait for the next stream's key frame, and are not ahead yet. */
  readonly isHolding: boolean;
  readonly next: NextReception | null;
};

export type NextReception = {
  /** Since the server began to answer; null before. */
  readonly openMs: number | null;
  /** How much newer its newest frame is than that of the stream that is shown, milliseconds; null before its first frame. */
  readonly leadMs: number | null;
  /** Seconds of its media after the shown frame; negative where it has not come so far. */
  readonly ahead: number;
  readonly pace: number;
  /** The connection's speed, where its first bytes told it. */
  readonly burstKbps: number | null;
};

export type RungDecision =
  /** Receive this rung besides. */
  | { readonly kind: "open"; readonly step: number }
  /** Go over to it at a key frame. */
  | { readonly kind: "join" }
  /** Receive only it: the connection does not carry both. What has arrived of the other one is shown. */
  | { readonly kind: "cut" }
  /** Show it now. */
  | { readonly kind: "swap" }
  /** Do not receive it any more. */
  | { readonly kind: "drop" };
