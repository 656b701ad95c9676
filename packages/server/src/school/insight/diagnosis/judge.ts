/**
 * Judges where a viewer's trouble comes from. Each place is weighed by itself (`findings.ts`), and what one place does to the measurements of the
 * places after it is taken off. What the viewer has lost is divided by who of the others lost it too, and each part among the places that can have
 * caused it.
 */
import type { Evidence, OtherViewers, ViewerFigures } from "./evidence.ts";
import {
  deviceFindings,
  egressFindings,
  type Finding,
  heaviest,
  less,
  lineFindings,
  linkFindings,
  processorFindings,
  stallFindings,
  uplinkFindings,
} from "./findings.ts";
import { type Symptoms, symptomsOf } from "./symptoms.ts";
import type { CERTAINTIES, FaultLocation, Reason, ReasonCode, Verdict } from "./verdict.ts";

/** Below this a place explains nothing. */
const LEAST_WEIGHT = 0.25;
const MAX_REASONS = 6;
/** A second place is named when it explains more. */
const ALSO_SHARE = 0.2;
/** What a finding weighs where nobody else watched, who would confirm it. */
const WITHOUT_OTHERS = 0.88;
const LEAST_OWN = 0.05;
/** Nothing, or less than usual, came from the encoder. */
const SILENCE: readonly ReasonCode[] = ["uplink-silent", "uplink-narrow"];
const OF_ALL = ["uplink", "origin"] as const satisfies readonly FaultLocation[];
const OF_THE_EDGE = ["link", "edge"] as const satisfies readonly FaultLocation[];
const OWN = ["viewer-line", "viewer-device"] as const satisfies readonly FaultLocation[];

type Candidate = { readonly place: Exclude<FaultLocation, "none">; readonly weight: number; readonly findings: readonly Finding[] };

export function judge(evidence: Evidence): Verdict {
  const symptoms = symptomsOf(evidence.viewer);
  if (symptoms.reasons.length === 0)
    return { place: "none", certainty: "high", reasons: [{ code: "no-trouble", of: null, figures: {} }], also: null };
  const others = othersReason(evidence);
  const [best, second] = causesOf(evidence, candidatesOf(evidence, symptoms));
  if (!best || best.weight < LEAST_WEIGHT) {
    const excluded: Reason = { code: "by-exclusion", of: null, figures: {} };
    const reasons = [excluded, ...symptoms.reasons, ...others];
    return { place: byExclusion(evidence, symptoms), certainty: "low", reasons, also: null };
  }
  const also = second && second.weight >= LEAST_WEIGHT && second.share > ALSO_SHARE ? second : null;
  const found = unique([...heaviest(best.findings), ...heaviest(also?.findings ?? [])].map(({ reason }) => reason));
  const reasons = [...found, ...symptoms.reasons.filter(({ code }) => !found.some((each) => each.code === code)), ...others];
  return {
    place: best.place,
    certainty: certaintyOf(evidence, best, second),
    reasons: reasons.slice(0, MAX_REASONS),
    also: also && { place: also.place, share: also.share },
  };
}

/** What the places were found to have, each by itself. */
function candidatesOf(evidence: Evidence, symptoms: Symptoms): readonly Candidate[] {
  const { viewer, edge, hops, sameEdge } = evidence;
  // Who watches at the origin has no other edge.
  const origin = evidence.origin ?? (hops.length === 0 ? edge : null);
  const uplink = evidence.uplink ? uplinkFindings(evidence.uplink) : { certain: [], timed: [] };
  const originStalls = origin ? [...stallFindings(origin), ...processorFindings(origin, most(uplink.timed))] : [];
  const edgeStalls = edge && edge !== origin ? stallFindings(edge) : [];
  const uplinkAll = [...uplink.certain, ...lessOf(uplink.timed, most(originStalls))];
  const disturbance = {
    stalledMs: Math.max(origin?.holdMs.high ?? 0, edge?.holdMs.high ?? 0),
    held: Math.max(most(originStalls), most(edgeStalls)),
    silent: most(uplinkAll.filter(({ reason }) => SILENCE.includes(reason.code))),
  };
  const linkAll = hops.flatMap((hop) => linkFindings(hop, disturbance));
  const explainedBefore = Math.max(most(originStalls), most(uplinkAll), most(linkAll));
  const edgeAll = [...edgeStalls, ...(edge ? egressFindings(edge, sameEdge.affected > 0, explainedBefore) : [])];
  const shared = [
    candidate("uplink", uplinkAll),
    candidate("origin", originStalls),
    candidate("link", linkAll),
    candidate("edge", edgeAll),
  ];
  // A player waits for what a shared place holds back as it waits for its own line. Others who do not wait tell them apart.
  const own = ownPart(evidence, viewer, symptoms);
  const platform = sameEdge.viewers === 0 ? Math.max(...shared.map(({ weight }) => weight)) : 0;
  const device = deviceFindings(own.viewer, own.symptoms);
  return [
    ...shared,
    candidate("viewer-line", lessOf(lineFindings(own.viewer, own.symptoms), Math.max(platform, most(device)))),
    candidate("viewer-device", lessOf(device, platform * 0.5)),
  ];
}

/** The viewer's stalls without those that the others at the same node had too. */
function ownPart({ sameEdge }: Evidence, viewer: ViewerFigures, symptoms: Symptoms) {
  const own = 1 - (sameEdge.alikeStalls ?? commonShare(sameEdge) ?? 0);
  // Where all of it is common, what is left says nothing; where nothing is known of others, all of it may be the viewer's.
  if (sameEdge.viewers === 0 || own < LEAST_OWN) return { viewer, symptoms };
  return {
    viewer: { ...viewer, stallMs: viewer.stallMs * own },
    symptoms: { ...symptoms, stallShare: symptoms.stallShare * own },
  };
}

type Pool = { readonly share: number; readonly places: readonly FaultLocation[] };

/**
 * Divides what the viewer has lost by who lost it too. What viewers of all nodes have comes from where all of them are served from; what those of
 * one node have, from the way to it; and what one viewer has alone comes from nothing that all have.
 */
function poolsOf({ sameEdge, elsewhere }: Evidence): readonly Pool[] {
  const [here, there] = [commonShare(sameEdge), commonShare(elsewhere)];
  if (here === null && there === null) return [{ share: 1, places: [...OF_ALL, ...OF_THE_EDGE, ...OWN] }];
  if (there === null)
    return [
      { share: here ?? 0, places: [...OF_ALL, ...OF_THE_EDGE] },
      { share: 1 - (here ?? 0), places: OWN },
    ];
  if (here === null)
    return [
      { share: there, places: OF_ALL },
      { share: 1 - there, places: [...OF_THE_EDGE, ...OWN] },
    ];
  const all = Math.min(here, there);
  return [
    { share: all, places: OF_ALL },
    { share: here - all, places: OF_THE_EDGE },
    { share: 1 - here, places: OWN },
  ];
}

/** Null: there are no others. Not each viewer has a buffer of the same length: what half of them have is common. */
function commonShare({ viewers, affected, alike }: OtherViewers): number | null {
  return viewers === 0 ? null : (alike ?? Math.min(1, (2 * affected) / viewers));
}

type Cause = Candidate & {
  /** Of what the viewer has lost, 0 to 1. */
  readonly share: number;
};

/** The places with what each explains of the loss, the greatest first. */
function causesOf(evidence: Evidence, candidates: readonly Candidate[]): readonly Cause[] {
  const shares = new Map<FaultLocation, number>();
  for (const { share, places } of poolsOf(evidence)) {
    const within = candidates.filter(({ place }) => places.includes(place));
    const total = within.reduce((sum, { weight }) => sum + weight, 0);
    if (total < LEAST_WEIGHT) continue;
    for (const { place, weight } of within) shares.set(place, (shares.get(place) ?? 0) + (share * weight) / total);
  }
  return candidates.map((each) => ({ ...each, share: shares.get(each.place) ?? 0 })).toSorted((a, b) => b.share - a.share);
}

/** Several findings of a place support each other. */
function candidate(place: Candidate["place"], findings: readonly Finding[]): Candidate {
  const none = findings.reduce((product, { weight }) => product * (1 - weight), 1);
  return { place, findings, weight: 1 - none };
}

/** @param explained how well something else explains the findings, 0 to 1 */
function lessOf(findings: readonly Finding[], explained: number): readonly Finding[] {
  return findings.map((each) => less(each, explained));
}

function most(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map(({ weight }) => weight));
}

/** Where nothing was measured that explains it, who else had trouble tells the place. */
function byExclusion({ sameEdge, elsewhere, hops }: Evidence, { stallShare, droppedShare }: Symptoms): FaultLocation {
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

/** The bounds are calibrated by simulated faults (`fault-set.test.ts`). */
function certaintyOf({ sameEdge, elsewhere }: Evidence, best: Cause, second: Cause | undefined): (typeof CERTAINTIES)[number] {
  const isAlone = sameEdge.viewers + elsewhere.viewers === 0;
  const weight = best.weight * (isAlone ? WITHOUT_OTHERS : 1);
  const lead = best.share - (second?.share ?? 0);
  if (weight >= 0.7 && lead >= 0.35) return "high";
  return weight >= 0.45 && lead >= 0.1 ? "medium" : "low";
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ code, of }, i) => reasons.findIndex((each) => each.code === code && each.of === of) === i);
}
