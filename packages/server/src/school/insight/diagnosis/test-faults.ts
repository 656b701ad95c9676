/**
 * Simulates faults for tests: what a fault of some size does to its viewer, to others and to each measurement, with the side effects that were seen on
 * emulated lines (a server that is held reads late, so that its uplink seems unsteady and its links long). It knows nothing of how they are judged.
 */
import type { Evidence, HopFigures, Level, NodeFigures, OtherViewers, UplinkFigures, ViewerFigures } from "./evidence.ts";
import { worseHalf } from "./strip.ts";
import type { FaultLocation } from "./verdict.ts";

export const FAULT_KINDS = {
  "uplink silent": "uplink",
  "uplink narrow": "uplink",
  "encoder drops frames": "uplink",
  "origin held": "origin",
  "link loses": "link",
  "link long": "link",
  "edge held": "edge",
  "edge full": "edge",
  "line slow": "viewer-line",
  "line breaks": "viewer-line",
  "device slow": "viewer-device",
  "device held": "viewer-device",
} as const satisfies Readonly<Record<string, Exclude<FaultLocation, "none">>>;
export type FaultKind = keyof typeof FAULT_KINDS;

/** `size`: how much of the 30 s the viewer loses by it, 0 to 1. */
export type Fault = { readonly kind: FaultKind; readonly size: number };
/** How many others watch at the viewer's edge, and at other ones. */
export type Audience = { readonly here: number; readonly there: number };

const SPAN_MS = 30_000;
const FPS = 25;
const BITRATE = 1000;

/** The same numbers for the same seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function simulate(faults: readonly Fault[], audience: Audience, random: () => number): Evidence {
  const between = (from: number, to: number): number => from + (to - from) * random();
  const sizeOf = (...kinds: readonly FaultKind[]) =>
    faults.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { size }) => sum + size, 0);
  // Larger faults measure larger; a small one is near the bounds.
  const measured = (size: number, least: number, most: number): number =>
    size === 0 ? 0 : (least + (most - least) * Math.min(1, size * 2)) * between(0.85, 1.15);
  const held = measured(sizeOf("origin held"), 350, 1600);
  const silent = sizeOf("uplink silent");
  const narrow = sizeOf("uplink narrow");
  const dropping = sizeOf("encoder drops frames");
  const lossOfLink = measured(sizeOf("link loses"), 0.025, 0.09);
  const long = measured(sizeOf("link long"), 200, 1200);
  const edgeStalls = measured(sizeOf("edge held"), 350, 1600);
  const edgeFull = sizeOf("edge full");
  const line = sizeOf("line slow");
  const rise = (usual: number, by: number): Level => ({ usual, low: usual, high: usual + by });
  const fall = (usual: number, share: number): Level => ({ usual, low: usual * (1 - share), high: usual });

  const uplink: UplinkFigures = {
    encoderFps: FPS,
    fps: fall(FPS, Math.min(1, 0.9 * silent + 0.8 * narrow + dropping + held / 4000)),
    kbps: fall(BITRATE, Math.min(1, silent + 0.5 * narrow)),
    jitterMs: rise(between(5, 15), measured(narrow, 80, 250) + held / 6),
    dropped: rise(0, dropping + measured(narrow, 0.01, 0.05)),
    verdicts: [
      ...(silent > 0 ? (["silent"] as const) : []),
      ...(narrow > 0 ? (["line-narrow"] as const) : []),
      ...(dropping > 0 ? (["encoder-drops-frames"] as const) : []),
      ...(held > 900 ? (["line-unsteady"] as const) : []),
    ],
  };
  const node = (name: string, holdMs: number, full: number): NodeFigures => ({
    node: name,
    cpu: rise(between(0.2, 0.6), holdMs > 0 ? 0.3 : 0),
    stolen: rise(0, holdMs > 600 ? between(0.1, 0.5) : 0),
    egress: rise(between(0.1, 0.4), full > 0 ? between(0.6, 0.9) : 0),
    retransmitted: rise(between(0, 0.003), measured(full, 0.05, 0.12) + (line > 0 ? between(0, 0.05) : 0)),
    holdMs: rise(between(5, 60), holdMs),
  });
  const hop: HopFigures = {
    from: "origin",
    to: "edge",
    ageMs: rise(between(20, 60), silent * SPAN_MS + lossOfLink * 25_000 + long * 1.5 + held + edgeStalls),
    loss: { usual: 0, low: 0, high: lossOfLink },
    rttMs: rise(between(10, 40), long + lossOfLink * 1500 + (held + edgeStalls) / 2),
  };
  const ofAll = sizeOf("uplink silent", "uplink narrow", "origin held");
  const ofEdge = sizeOf("link loses", "link long", "edge held", "edge full");
  const own = sizeOf("line slow", "line breaks", "device slow", "device held");
  const total = ofAll + ofEdge + own + dropping;
  const stalls = total - dropping - sizeOf("device slow");
  return {
    viewer: viewerOf(faults, random),
    sameEdge: others(audience.here, { lost: ofAll + ofEdge + dropping, total, stalled: ofAll + ofEdge, stalls }, random),
    elsewhere: others(audience.there, { lost: ofAll + dropping, total, stalled: ofAll, stalls }, random),
    edge: node("edge", edgeStalls, edgeFull),
    hops: [hop],
    origin: node("origin", held, 0),
    uplink,
  };
}

function viewerOf(faults: readonly Fault[], random: () => number): ViewerFigures {
  const of = (...kinds: readonly FaultKind[]) =>
    faults.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { size }) => sum + size, 0);
  const stall = faults.filter(({ kind }) => !["encoder drops frames", "device slow"].includes(kind));
  const stallMs =
    Math.min(
      0.9,
      stall.reduce((sum, { size }) => sum + size, 0),
    ) * SPAN_MS;
  const watchedMs = SPAN_MS - stallMs;
  const expected = (watchedMs / 1000) * FPS * (1 - of("encoder drops frames"));
  const droppedFrames = expected * of("device slow");
  const held = of("device held") * SPAN_MS;
  const isSlow = of("line slow") > 0;
  return {
    spanMs: SPAN_MS,
    watchedMs,
    stallMs,
    decodingMs: held * (0.8 + 0.2 * random()),
    frames: expected - droppedFrames,
    droppedFrames,
    longTaskMs: held * 0.9 + of("device slow") * SPAN_MS * 0.5 + random() * 400,
    throughputKbps: isSlow ? BITRATE * (0.5 + 0.35 * random()) : stallMs > 0 ? BITRATE * (1.1 + random()) : null,
    bitrateKbps: BITRATE,
    reconnects: of("line breaks") > 0 ? 1 : 0,
    usualFps: FPS,
  };
}

/** What others lose, of what the viewer loses, and how long their picture stands still, of how long the viewer's does. */
type Losses = { readonly lost: number; readonly total: number; readonly stalled: number; readonly stalls: number };

/** Others lose about as much by a shared fault: their buffers differ. */
function others(viewers: number, { lost, total, stalled, stalls }: Losses, random: () => number): OtherViewers {
  const factors = Array.from({ length: viewers }, () => 0.75 + 0.4 * random());
  const ratios = (part: number, whole: number) => factors.map((factor) => (whole <= 0 ? 0 : Math.min(1, (part / whole) * factor)));
  const shares = ratios(lost, total);
  const affected = shares.filter((share) => share * total >= 0.02).length;
  return { viewers, affected, alike: worseHalf(shares), alikeStalls: worseHalf(ratios(stalled, stalls)) };
}
