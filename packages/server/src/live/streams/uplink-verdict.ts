/**
 * Judges what limits an uplink, once a second, from what was measured. Each condition has a bound to begin and a lower one to last, and both for
 * some seconds, so that the sentence on a teacher's screen does not flicker. Here alone it is decided; pages, metrics and series tell it.
 */
import type { UplinkVerdict } from "../../contracts/monitoring/node-sample.ts";
import type { LineFigures } from "./arrivals.ts";

export type UplinkFigures = {
  /** This process was held lately: neither what came late, nor what an encoder left out meanwhile, is the uplink's fault. */
  readonly isHeld: boolean;
  readonly line: LineFigures;
  /** Of the frames of the last ten seconds, 0 to 1, and in how many places. */
  readonly droppedShare: number;
  readonly gaps: number;
  readonly driftMsPerMinute: number | null;
  readonly avOffsetMs: number | null;
  /** The distance of the newest key frames, or the time since the newest one. */
  readonly keySeconds: number | null;
};

type Condition = {
  readonly verdict: UplinkVerdict;
  /** A server that is held looks like this too. */
  readonly needsTime: boolean;
  readonly begins: (figures: UplinkFigures) => boolean;
  readonly lasts: (figures: UplinkFigures) => boolean;
  readonly afterSeconds: number;
  readonly untilSeconds: number;
};

/** What has waited for so long before the server has used up what players keep. */
const STANDING_MS = { begins: 1000, lasts: 500 } as const;
/** In three seconds: what waits grows by 2 % of the time or more. Clocks of encoders do not run so far away. */
const GROWTH_MS = 60;
/** A missing frame in fifty is seen in a picture that moves. */
const DROPPED_SHARE = { begins: 0.02, lasts: 0.01 } as const;
/** Fewer places are a moment, and no machine that is too slow. */
const GAPS = 3;
/** One burst is a moment too. */
const BURSTS = 2;
/**
 * Quartz is right to 3 ms a minute, sound cards to 15. A camera of 29.97 frames a second whose frames are counted as 30 runs away by 60, and has used up
 * the second that players keep within a quarter of an hour.
 */
const DRIFT_MS_PER_MINUTE = { begins: 50, lasts: 30 } as const;
/** Players keep about a second, and wait for the later of sound and picture. */
const APART_MS = { begins: 500, lasts: 350 } as const;
/** From here on segments are cut without a key frame, and who joins waits. */
const KEY_SECONDS = 10;
/** Figures that look back over ten seconds and more do not flicker themselves. */
const STEADY_SECONDS = 3;
const SHOWN_SECONDS = 10;

const isApart = ({ avOffsetMs }: UplinkFigures, bound: number) => avOffsetMs !== null && Math.abs(avOffsetMs) >= bound;
const drifts = ({ driftMsPerMinute }: UplinkFigures, bound: number) =>
  driftMsPerMinute !== null && Math.abs(driftMsPerMinute) >= bound;
const isKeyRare = ({ keySeconds }: UplinkFigures) => keySeconds !== null && keySeconds > KEY_SECONDS;

/** The first one that is so is told: those before it cause those after it. */
const CONDITIONS: readonly Condition[] = [
  {
    verdict: "line-narrow",
    needsTime: true,
    begins: ({ line, droppedShare }) =>
      (line.standingMs ?? 0) >= STANDING_MS.begins && (line.growthMs >= GROWTH_MS || droppedShare >= DROPPED_SHARE.begins),
    // The queue before the server stays as long as it is while the encoder leaves out what does not fit.
    lasts: ({ line, droppedShare }) =>
      (line.standingMs ?? 0) >= STANDING_MS.lasts || droppedShare >= DROPPED_SHARE.lasts || line.bursts > 0,
    afterSeconds: 2,
    untilSeconds: STEADY_SECONDS,
  },
  {
    verdict: "line-unsteady",
    needsTime: true,
    begins: ({ line }) => line.bursts >= BURSTS,
    lasts: ({ line }) => line.bursts > 0,
    afterSeconds: 1,
    untilSeconds: STEADY_SECONDS,
  },
  {
    verdict: "encoder-drops-frames",
    needsTime: true,
    begins: ({ droppedShare, gaps, line }) =>
      droppedShare >= DROPPED_SHARE.begins && gaps >= GAPS && line.bursts === 0 && (line.standingMs ?? 0) < STANDING_MS.lasts,
    lasts: ({ droppedShare }) => droppedShare >= DROPPED_SHARE.lasts,
    afterSeconds: 3,
    untilSeconds: STEADY_SECONDS,
  },
  {
    verdict: "clock-drifts",
    needsTime: true,
    begins: (figures) => drifts(figures, DRIFT_MS_PER_MINUTE.begins),
    lasts: (figures) => drifts(figures, DRIFT_MS_PER_MINUTE.lasts),
    afterSeconds: 30,
    untilSeconds: 30,
  },
  {
    verdict: "sound-and-picture-apart",
    needsTime: true,
    begins: (figures) => isApart(figures, APART_MS.begins),
    lasts: (figures) => isApart(figures, APART_MS.lasts),
    afterSeconds: 10,
    untilSeconds: SHOWN_SECONDS,
  },
  {
    verdict: "key-frames-rare",
    needsTime: false,
    begins: isKeyRare,
    lasts: isKeyRare,
    afterSeconds: 1,
    untilSeconds: SHOWN_SECONDS,
  },
];

/** Of each condition: whether it is so, and for how many seconds it has seemed otherwise. */
export type UplinkJudgement = readonly { readonly isSo: boolean; readonly otherwise: number }[];

export const FINE: UplinkJudgement = CONDITIONS.map(() => ({ isSo: false, otherwise: 0 }));

/** @param before the judgement of the second before */
export function judgeUplink(before: UplinkJudgement, figures: UplinkFigures): UplinkJudgement {
  return CONDITIONS.map((condition, i) => {
    const { isSo, otherwise } = before[i] ?? { isSo: false, otherwise: 0 };
    // What cannot be seen does not begin, and what was seen before is not told for long.
    const seems = (!condition.needsTime || !figures.isHeld) && (isSo ? condition.lasts(figures) : condition.begins(figures));
    const seconds = seems === isSo ? 0 : otherwise + 1;
    const isEnough = seconds >= (isSo ? condition.untilSeconds : condition.afterSeconds);
    return isEnough ? { isSo: seems, otherwise: 0 } : { isSo, otherwise: seconds };
  });
}

export function verdictOf(judgement: UplinkJudgement): UplinkVerdict {
  return CONDITIONS.find((_, i) => judgement[i]?.isSo)?.verdict ?? "none";
}

/** Frames that wait so long are noticed by nobody yet. */
const SPREAD_MS = 300;
/** One frame of two hundred. */
const FAIR_DROPPED_SHARE = 0.005;
const POOR: readonly UplinkVerdict[] = [
  "line-unsteady",
  "line-narrow",
  "encoder-drops-frames",
  "picture-undecodable",
  "sound-undecodable",
];

/** One word for lists of streams. */
export function healthOf(
  verdict: UplinkVerdict,
  { isHeld, line, droppedShare }: UplinkFigures,
): "good" | "fair" | "poor" | "silent" {
  if (verdict === "silent") return "silent";
  if (POOR.includes(verdict)) return "poor";
  const isUneven = !isHeld && ((line.spreadMs ?? 0) >= SPREAD_MS || droppedShare >= FAIR_DROPPED_SHARE);
  return verdict === "none" && !isUneven ? "good" : "fair";
}
