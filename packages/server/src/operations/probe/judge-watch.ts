/** Judges what a probe has measured. Pure. */
import type { ProbeChecks, ProbeLimits, ProbeReport } from "../../contracts/monitoring/probe-report.ts";

type Fault = ProbeReport["faults"][number];

export type Measured = Pick<
  ProbeReport,
  "firstFrameMs" | "stallMs" | "lostMs" | "delayMs" | "blackMs" | "frozenMs" | "silentMs" | "lateMs" | "watchedMs"
> & {
  /** Pictures that were decoded; null: not decoded. */
  readonly frames: number | null;
  readonly hasVideo: boolean;
  /** The part of `lateMs` before the first picture. */
  readonly startLateMs: number;
};

/** Where the probe stood still for a larger share of the time, it cannot judge times. */
const MOST_LATE_SHARE = 0.2;
/** A fault that lasts through most of a short watch counts, too. */
const SHARE_OF_WATCH = 0.6;

export type Judgement = { readonly faults: readonly Fault[]; readonly unsure: boolean };

/** @param before what failed earlier, after which less is expected */
export function judgeWatch(measured: Measured, checks: ProbeChecks, limits: ProbeLimits, before: readonly Fault[]): Judgement {
  const { lateMs, watchedMs, firstFrameMs, startLateMs } = measured;
  const tooLate = isTooLate(lateMs, watchedMs);
  // A probe that was held at the start only still judges stalls.
  const heldAtStart = firstFrameMs !== null && isTooLate(startLateMs, firstFrameMs);
  const times = tooLate ? [] : timeFaults(measured, limits, before);
  const judged = times.filter(({ code }) => code !== "slow-first-frame" || !heldAtStart);
  const faults = [...before, ...judged, ...contentFaults(measured, checks, limits)];
  return { faults, unsure: (tooLate || judged.length < times.length) && faults.length === 0 };
}

function isTooLate(lateMs: number, passedMs: number): boolean {
  return lateMs > MOST_LATE_SHARE * (passedMs + lateMs);
}

function timeFaults(measured: Measured, limits: ProbeLimits, before: readonly Fault[]): Fault[] {
  const { firstFrameMs, stallMs, lostMs, delayMs } = measured;
  if (firstFrameMs === null)
    return before.length > 0 ? [] : [{ code: "no-media", detail: "No picture and no sound came within the time." }];
  const faults: Fault[] = [];
  if (firstFrameMs > limits.firstFrameMs)
    faults.push({ code: "slow-first-frame", detail: `The first picture took ${seconds(firstFrameMs)}.` });
  // A stream that ends stalls at its end.
  const ended = before.some(({ code }) => code === "ended");
  if (stallMs + lostMs > limits.stallMs && !ended) {
    const lost = lostMs > 0 ? `, and ${seconds(lostMs)} were left out` : "";
    faults.push({ code: "stalled", detail: `The picture stood still for ${seconds(stallMs)}${lost}.` });
  }
  if (delayMs !== null && delayMs > limits.delayMs)
    faults.push({ code: "late", detail: `The picture is ${seconds(delayMs)} behind.` });
  return faults;
}

function contentFaults({ frames, hasVideo, watchedMs, ...content }: Measured, checks: ProbeChecks, limits: ProbeLimits): Fault[] {
  if (frames === 0 && hasVideo) return [{ code: "undecodable", detail: "No picture could be decoded." }];
  const isTooLong = (ms: number | null, limit: number): ms is number =>
    ms !== null && ms >= Math.min(limit, SHARE_OF_WATCH * watchedMs);
  const { blackMs, frozenMs, silentMs } = content;
  const faults: Fault[] = [];
  const isBlack = checks.black && isTooLong(blackMs, limits.blackMs);
  if (isBlack) faults.push({ code: "black", detail: `The picture was black for ${seconds(blackMs)}.` });
  // A black picture stands still as well.
  if (checks.frozen && !isBlack && isTooLong(frozenMs, limits.frozenMs))
    faults.push({ code: "frozen", detail: `The picture did not change for ${seconds(frozenMs)}.` });
  if (checks.silent && isTooLong(silentMs, limits.silentMs))
    faults.push({ code: "silent", detail: `There was no sound for ${seconds(silentMs)}.` });
  return faults;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
