/**
 * Judges where a viewer's trouble comes from. Each place is weighed by itself (`findings.ts`); then what one place does to the measurements of
 * the places after it is taken off, and what other viewers of the same stream saw decides between shared places and the viewer's own.
 */
import type { Evidence, OtherViewers } from "./evidence.ts";
import {
  deviceFindings,
  egressFindings,
  type Finding,
  heaviest,
  heldFindings,
  lineFindings,
  linkFindings,
  uplinkFindings,
} from "./findings.ts";
import { type Symptoms, symptomsOf } from "./symptoms.ts";
import type { CERTAINTIES, Place, Reason, Verdict } from "./verdict.ts";

/** Below this a place explains nothing. */
const LEAST_WEIGHT = 0.25;
/** What is left of a measurement that another place's trouble explains. */
const EXPLAINED = 0.85;
const MAX_REASONS = 6;

type Candidate = { readonly place: Exclude<Place, "none">; readonly weight: number; readonly findings: readonly Finding[] };

export function judge(evidence: Evidence): Verdict {
  const symptoms = symptomsOf(evidence.viewer);
  if (symptoms.reasons.length === 0)
    return { place: "none", certainty: "high", reasons: [{ code: "no-trouble", of: null, figures: {} }] };
  const others = othersReason(evidence);
  const [best, second] = candidatesOf(evidence, symptoms);
  if (!best || best.weight < LEAST_WEIGHT) {
    const excluded: Reason = { code: "by-exclusion", of: null, figures: {} };
    return { place: byExclusion(evidence, symptoms), certainty: "low", reasons: [excluded, ...symptoms.reasons, ...others] };
  }
  const found = heaviest(best.findings).map(({ reason }) => reason);
  const reasons = [
    ...unique(found),
    ...symptoms.reasons.filter(({ code }) => !found.some((each) => each.code === code)),
    ...others,
  ];
  return { place: best.place, certainty: certaintyOf(best.weight, second?.weight ?? 0), reasons: reasons.slice(0, MAX_REASONS) };
}

/** All places, the heaviest first. */
function candidatesOf(evidence: Evidence, symptoms: Symptoms): readonly Candidate[] {
  const { viewer, edge, hops, sameEdge, elsewhere } = evidence;
  const everybody = { viewers: sameEdge.viewers + elsewhere.viewers, affected: sameEdge.affected + elsewhere.affected };
  // Who watches at the origin has no other edge.
  const origin = evidence.origin ?? (hops.length === 0 ? edge : null);
  const originHeld = origin ? heldFindings(origin) : [];
  const edgeHeld = edge && edge !== origin ? heldFindings(edge) : [];
  const uplink = evidence.uplink ? uplinkFindings(evidence.uplink) : { certain: [], timed: [] };
  const uplinkAll = [...uplink.certain, ...less(uplink.timed, most(originHeld))];
  const links = hops.map(linkFindings);
  const late = Math.max(most(originHeld), most(edgeHeld), most(uplinkAll));
  const linkAll = [...links.map(({ certain }) => certain), ...links.flatMap(({ timed }) => less(timed, late))];
  const heldBack = Math.max(most(originHeld), most(uplinkAll), most(linkAll));
  const edgeAll = [...edgeHeld, ...(edge ? egressFindings(edge, sameEdge.affected > 0, heldBack) : [])];
  const shared = [
    candidate("uplink", uplinkAll, sharedFactor(everybody)),
    candidate("origin", originHeld, sharedFactor(everybody)),
    candidate("link", linkAll, sharedFactor(sameEdge)),
    candidate("edge", edgeAll, sharedFactor(sameEdge)),
  ];
  const platform = Math.max(...shared.map(({ weight }) => weight));
  const own = ownFactor(sameEdge);
  const device = deviceFindings(viewer, symptoms);
  return [
    ...shared,
    candidate("viewer-line", less(lineFindings(viewer, symptoms), Math.max(platform, most(device))), own),
    candidate("viewer-device", less(device, platform * 0.5), own),
  ].toSorted((a, b) => b.weight - a.weight);
}

/** Several findings of a place support each other. */
function candidate(place: Candidate["place"], findings: readonly Finding[], factor: number): Candidate {
  const none = findings.reduce((product, { weight }) => product * (1 - weight), 1);
  return { place, findings, weight: factor * (1 - none) };
}

/** A shared place does not trouble one viewer only. */
function sharedFactor({ viewers, affected }: OtherViewers): number {
  return viewers === 0 ? 0.9 : 0.2 + 0.8 * Math.min(1, (affected / viewers) * 2);
}

/** A viewer's own line does not trouble the others. */
function ownFactor({ viewers, affected }: OtherViewers): number {
  return viewers === 0 ? 0.85 : 1 - 0.7 * Math.min(1, affected / viewers);
}

/** @param explained how well something else explains the findings, 0 to 1 */
function less(findings: readonly Finding[], explained: number): readonly Finding[] {
  return findings.map(({ weight, reason }) => ({ weight: weight * (1 - EXPLAINED * explained), reason }));
}

function most(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map(({ weight }) => weight));
}

/** Where nothing was measured that explains it, who else had trouble tells the place. */
function byExclusion({ sameEdge, elsewhere, hops }: Evidence, { stallShare, droppedShare }: Symptoms): Place {
  const isShared = ({ viewers, affected }: OtherViewers) => viewers > 0 && affected * 2 >= viewers;
  if (isShared(elsewhere)) return "uplink";
  if (isShared(sameEdge)) return elsewhere.viewers > 0 || hops.length === 0 ? "edge" : "link";
  return droppedShare > stallShare ? "viewer-device" : "viewer-line";
}

function othersReason({ sameEdge, elsewhere }: Evidence): readonly Reason[] {
  const viewers = sameEdge.viewers + elsewhere.viewers;
  const affected = sameEdge.affected + elsewhere.affected;
  if (viewers === 0) return [];
  return [{ code: affected === 0 ? "nobody-else" : "others-too", of: null, figures: { viewers, affected } }];
}

function certaintyOf(weight: number, second: number): (typeof CERTAINTIES)[number] {
  if (weight >= 0.7 && weight - second >= 0.25) return "high";
  return weight >= 0.45 && weight - second >= 0.1 ? "medium" : "low";
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ code, of }, i) => reasons.findIndex((each) => each.code === code && each.of === of) === i);
}
