/**
 * Weighs what was measured of each place by itself, from 0 (nothing is wrong) to 1 (this alone explains trouble). The bounds are those at which
 * players with a buffer of a second or two begin to stall.
 */
import type { UplinkVerdict } from "../../../contracts/monitoring/node-sample.ts";
import type { HopFigures, Level, NodeFigures, UplinkFigures, ViewerFigures } from "./evidence.ts";
import type { Symptoms } from "./symptoms.ts";
import type { Reason, ReasonCode } from "./verdict.ts";

export type Finding = { readonly weight: number; readonly reason: Reason };

/** 0 at `from` and below, 1 at `to` and above. */
export function ramp(value: number | null, from: number, to: number): number {
  return value === null ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Those that weigh something, the heaviest first. */
export function heaviest(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ weight }) => weight > 0.05).toSorted((a, b) => b.weight - a.weight);
}

/** What is left of a measurement that another place's trouble explains. */
const EXPLAINED = 0.85;

/** @param explained how well something else explains the finding, 0 to 1 */
export function less({ weight, reason }: Finding, explained: number): Finding {
  return { weight: weight * (1 - EXPLAINED * explained), reason };
}

const finding = (weight: number, code: ReasonCode, of: string | null, figures: Readonly<Record<string, number>>): Finding => ({
  weight,
  reason: { code, of, figures },
});

/** What the server has concluded of an uplink already. */
const VERDICT_WEIGHTS: Readonly<Record<UplinkVerdict, readonly [weight: number, code: ReasonCode] | null>> = {
  none: null,
  silent: [1, "uplink-silent"],
  "line-unsteady": [0.7, "uplink-jitter"],
  "line-narrow": [0.8, "uplink-narrow"],
  "encoder-drops-frames": [0.85, "frames-dropped"],
  "clock-drifts": [0.25, "clock-drifts"],
  "sound-and-picture-apart": [0.15, "sound-apart"],
  "key-frames-rare": [0.15, "key-frames-rare"],
  "picture-undecodable": [1, "picture-undecodable"],
  "sound-undecodable": [0.9, "sound-undecodable"],
};

/** A server that was held looks like these too. */
const LOOKS_LIKE_HELD: readonly UplinkVerdict[] = ["silent", "line-unsteady", "line-narrow"];

/**
 * Findings that only the publisher can cause, and those that a server which was held looks like as well: it does not read, so that the encoder
 * leaves out what it cannot send.
 */
export type UplinkFindings = { readonly certain: readonly Finding[]; readonly timed: readonly Finding[] };

export function uplinkFindings({ encoderFps, fps, kbps, jitterMs, dropped, verdicts }: UplinkFigures): UplinkFindings {
  const certain: Finding[] = [];
  const timed: Finding[] = [];
  for (const verdict of verdicts) {
    const [weight, code] = VERDICT_WEIGHTS[verdict] ?? [];
    if (weight === undefined || code === undefined) continue;
    const isTimed = LOOKS_LIKE_HELD.includes(verdict);
    (isTimed ? timed : certain).push(
      finding(weight, code, "uplink", figuresOf({ jitter: jitterMs.high, kbps: kbps.low, dropped: dropped.high })),
    );
  }
  // The verdict has seen that the line was stable and the server was not held meanwhile.
  const isEncoder = verdicts.includes("encoder-drops-frames");
  (isEncoder ? certain : timed).push(
    finding(ramp(dropped.high, 0.01, 0.06), "frames-dropped", "uplink", figuresOf({ dropped: dropped.high })),
  );
  const missing = encoderFps === null || fps.low === null ? null : 1 - fps.low / encoderFps;
  timed.push(finding(ramp(missing, 0.1, 0.3), "frame-rate-low", "uplink", figuresOf({ fps: fps.low, usual: encoderFps })));
  if (jitterMs.high !== null && jitterMs.high > 2 * (jitterMs.usual ?? 0))
    timed.push(finding(ramp(jitterMs.high, 50, 180), "uplink-jitter", "uplink", { jitter: jitterMs.high }));
  return { certain, timed };
}

/** A node whose processes do not come to their work. */
export function stallFindings({ node, holdMs, stolen, cpu }: NodeFigures): readonly Finding[] {
  return [
    finding(ramp(holdMs.high, 150, 500), "held", node, figuresOf({ ms: holdMs.high, cpu: cpu.high })),
    finding(ramp(stolen.high, 0.1, 0.3), "stolen", node, figuresOf({ share: stolen.high })),
  ];
}

/**
 * A node whose processors are all in use reads late, which looks like a line that is too narrow. Without such a look it is no finding: encoders of
 * rungs may use what nobody else needs.
 * @param looksLate how heavily the arrivals at the node weigh, 0 to 1
 */
export function processorFindings({ node, cpu }: NodeFigures, looksLate: number): readonly Finding[] {
  return [finding(looksLate * ramp(cpu.high, 0.9, 0.98), "processors-full", node, figuresOf({ share: cpu.high }))];
}

/**
 * A node that cannot send what people ask for. What has waited before the node is sent at once when it comes, which fills the exit for a moment:
 * one that is full in earnest loses packets too.
 * @param explainedBefore how well something before the node explains that, 0 to 1
 */
export function egressFindings(
  { node, egress, retransmitted }: NodeFigures,
  manyAffected: boolean,
  explainedBefore: number,
): readonly Finding[] {
  const isBurst = explainedBefore * (1 - ramp(retransmitted.high, 0.02, 0.08));
  return [
    finding(ramp(egress.high, 0.8, 0.95) * (1 - isBurst), "egress-full", node, figuresOf({ share: egress.high })),
    // One viewer's poor line is enough for retransmissions.
    finding(
      manyAffected ? ramp(retransmitted.high, 0.02, 0.08) : 0,
      "retransmitted",
      node,
      figuresOf({ share: retransmitted.high }),
    ),
  ];
}

/** What other places do to the measurements of a hop. */
export type HopDisturbance = {
  /** The longest time that one of its nodes was held, and how well that explains trouble, 0 to 1. */
  readonly stalledMs: number;
  readonly held: number;
  /** How well it is explained that nothing came from the encoder, 0 to 1. */
  readonly silent: number;
};

/**
 * Findings of a line between nodes. A node that was held answers late and passes on late, by about as long as it was held; what is longer is the
 * line's. An encoder that is silent makes no round trip longer.
 */
export function linkFindings(
  { from, to, ageMs, loss, rttMs }: HopFigures,
  { stalledMs, held, silent }: HopDisturbance,
): readonly Finding[] {
  const of = `${from}>${to}`;
  const added = rttMs.high === null ? null : rttMs.high - (rttMs.usual ?? 0);
  const byStall = (value: number | null): number => (value === null || value <= 0 ? 0 : held * Math.min(1, stalledMs / value));
  return [
    finding(ramp(loss.high, 0.01, 0.04), "link-loss", of, figuresOf({ share: loss.high })),
    less(finding(ramp(added, 80, 250), "link-delay", of, figuresOf({ ms: rttMs.high, usual: rttMs.usual })), byStall(added)),
    less(
      finding(ramp(ageMs.high, 800, 2500), "link-late", of, figuresOf({ ms: ageMs.high })),
      Math.max(silent, byStall(ageMs.high === null ? null : ageMs.high / 2)),
    ),
  ];
}

/** Whether stalls are the device's rather than the line's: the player says of each what it had when it began. */
function ofDecoding(decodingMs: number, stallMs: number): number {
  return stallMs === 0 ? 0 : ramp(decodingMs / stallMs, 0.3, 0.7);
}

/** A device that does not show what has come. */
export function deviceFindings(viewer: ViewerFigures, { droppedShare, stallShare }: Symptoms): readonly Finding[] {
  const { decodingMs, stallMs, longTaskMs, spanMs } = viewer;
  const held = spanMs === 0 ? 0 : longTaskMs / spanMs;
  // A page that waits for its line has nothing to do: one that is held for as long as it stands still does not take what has come. The hold may
  // have begun late in the span, and be a small share of it.
  const ofStall = stallMs === 0 ? 0 : ramp(longTaskMs / stallMs, 0.2, 0.6) * ramp(stallShare, 0.02, 0.1) * ramp(held, 0.1, 0.2);
  return [
    finding(ramp(droppedShare, 0.05, 0.2), "frames-not-shown", null, { share: droppedShare }),
    finding(Math.max(ramp(held, 0.15, 0.4), ofStall), "page-held", null, { share: held }),
    finding(0.8 * ramp(stallShare, 0.02, 0.1) * ofDecoding(decodingMs, stallMs), "buffer-full", null, { ms: decodingMs }),
  ];
}

/** A line that does not bring what is played. */
export function lineFindings(viewer: ViewerFigures, { stallShare }: Symptoms): readonly Finding[] {
  const { throughputKbps, bitrateKbps, decodingMs, stallMs, reconnects } = viewer;
  const short = throughputKbps === null || !bitrateKbps ? null : 1 - throughputKbps / bitrateKbps;
  const stalled = ramp(stallShare, 0.01, 0.08);
  return [
    finding(stalled * ramp(short, 0, 0.2), "line-slow", null, figuresOf({ kbps: throughputKbps, needed: bitrateKbps })),
    finding(0.8 * stalled * (1 - ofDecoding(decodingMs, stallMs)), "buffer-empty", null, {}),
    finding(Math.min(0.6, 0.3 * reconnects), "reconnected", null, { times: reconnects }),
  ];
}

function figuresOf(values: Readonly<Record<string, Level["high"]>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
