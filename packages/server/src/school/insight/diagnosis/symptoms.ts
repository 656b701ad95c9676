/** Says what trouble a viewer had, from what the player told. */
import type { ViewerFigures } from "./evidence.ts";
import type { Reason } from "./verdict.ts";

/** A shorter stall is noticed by few. */
const LEAST_STALL_MS = 600;
/** Of the time in which the picture should have moved. */
const LEAST_STALL_SHARE = 0.02;
/** Frames that are missing: fewer are not seen. */
const CHOPPY_SHARE = 0.1;
/** Watched for less, a frame rate says nothing. */
const LEAST_WATCHED_MS = 4000;

/** A reconnection costs a viewer about so much. */
const RECONNECT_MS = 2000;

export type Symptoms = {
  /** Of the time in which the picture should have moved, 0 to 1. */
  readonly stallShare: number;
  /** Frames that the device did not show, of those that came. */
  readonly droppedShare: number;
  /** Frames that did not come, of those that usually come. */
  readonly missingShare: number;
  /** About the milliseconds that the viewer has lost. */
  readonly lostMs: number;
  /** What the viewer noticed; empty: nothing. */
  readonly reasons: readonly Reason[];
};

export function symptomsOf(viewer: ViewerFigures): Symptoms {
  const { watchedMs, stallMs, frames, droppedFrames, usualFps, reconnects } = viewer;
  const stallShare = watchedMs + stallMs === 0 ? 0 : stallMs / (watchedMs + stallMs);
  const droppedShare = frames + droppedFrames === 0 ? 0 : droppedFrames / (frames + droppedFrames);
  const expected = usualFps === null || watchedMs < LEAST_WATCHED_MS ? 0 : (usualFps * watchedMs) / 1000;
  const missingShare = expected === 0 ? 0 : Math.max(0, 1 - (frames + droppedFrames) / expected);
  const reasons: Reason[] = [];
  if (stallMs >= LEAST_STALL_MS && stallShare >= LEAST_STALL_SHARE)
    reasons.push({ code: "stalled", of: null, figures: { ms: stallMs, share: stallShare } });
  const share = Math.max(droppedShare, missingShare);
  if (share >= CHOPPY_SHARE) reasons.push({ code: "choppy", of: null, figures: { share } });
  if (reconnects > 0) reasons.push({ code: "reconnected", of: null, figures: { times: reconnects } });
  const choppyMs = share >= CHOPPY_SHARE ? share * watchedMs : 0;
  return { stallShare, droppedShare, missingShare, lostMs: stallMs + choppyMs + reconnects * RECONNECT_MS, reasons };
}
