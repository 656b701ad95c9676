import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import {
  type Evidence,
  type HopFigures,
  type Level,
  NOT_MEASURED,
  type NodeFigures,
  type UplinkFigures,
  type ViewerFigures,
} from "./evidence.ts";
import { judge } from "./judge.ts";
import { valuesWithin } from "./measured-metrics.ts";
import { figuresOf, quartile, usualFps } from "./strip.ts";
import { CERTAINTIES, FAULT_LOCATIONS } from "./verdict.ts";

const still = (value: number): Level => ({ usual: value, low: value, high: value });
const rose = (usual: number, high: number): Level => ({ usual, low: usual, high });
const fell = (usual: number, low: number): Level => ({ usual, low, high: usual });

const GOOD_VIEWER: ViewerFigures = {
  spanMs: 30_000,
  watchedMs: 30_000,
  stallMs: 0,
  decodingMs: 0,
  frames: 750,
  droppedFrames: 0,
  longTaskMs: 100,
  throughputKbps: null,
  bitrateKbps: 1000,
  reconnects: 0,
  usualFps: 25,
};
const STALLED: ViewerFigures = {
  ...GOOD_VIEWER,
  watchedMs: 22_000,
  stallMs: 8000,
  frames: 550,
  throughputKbps: 800,
};
const moment = (of: Partial<ViewMoment>): ViewMoment => ({
  at: 0,
  intervalMs: 10_000,
  watchedMs: 10_000,
  stallMs: 0,
  decodingMs: 0,
  bufferMs: 1000,
  throughputKbps: null,
  bitrateKbps: 800,
  latencyMs: null,
  frames: 250,
  droppedFrames: 0,
  longTaskMs: 0,
  reconnects: 0,
  sta: "playing",
  errors: [],
  ...of,
});
const GOOD_NODE = (node: string): NodeFigures => ({
  node,
  cpu: still(0.3),
  stolen: still(0),
  egress: still(0.2),
  retransmitted: still(0.001),
  holdMs: still(20),
});
const GOOD_HOP: HopFigures = { from: "origin", to: "edge", ageMs: still(40), loss: still(0), rttMs: still(20) };
const GOOD_UPLINK: UplinkFigures = {
  encoderFps: 25,
  fps: still(25),
  kbps: still(1000),
  jitterMs: still(8),
  dropped: still(0),
  verdicts: [],
};
const GOOD: Evidence = {
  viewer: GOOD_VIEWER,
  sameEdge: { viewers: 3, affected: 0 },
  elsewhere: { viewers: 3, affected: 0 },
  edge: GOOD_NODE("edge"),
  hops: [GOOD_HOP],
  origin: GOOD_NODE("origin"),
  uplink: GOOD_UPLINK,
};
const EVERYBODY = { sameEdge: { viewers: 3, affected: 3 }, elsewhere: { viewers: 3, affected: 3 } };
const AT_THE_EDGE = { sameEdge: { viewers: 3, affected: 3 } };

const FAULTS: Readonly<Record<string, readonly [Evidence, string]>> = {
  "an encoder that drops frames": [
    {
      ...GOOD,
      ...EVERYBODY,
      viewer: { ...GOOD_VIEWER, frames: 520 },
      uplink: { ...GOOD_UPLINK, fps: fell(25, 17), dropped: rose(0, 0.3) },
    },
    "uplink",
  ],
  "an uplink that is too narrow": [
    { ...GOOD, ...EVERYBODY, viewer: STALLED, uplink: { ...GOOD_UPLINK, fps: fell(25, 14), jitterMs: rose(8, 160) } },
    "uplink",
  ],
  "processors that are all in use, so that the line seems too narrow": [
    {
      ...GOOD,
      ...EVERYBODY,
      viewer: STALLED,
      origin: { ...GOOD_NODE("origin"), cpu: rose(0.4, 1) },
      uplink: { ...GOOD_UPLINK, fps: fell(25, 14), verdicts: ["line-narrow"] },
    },
    "origin",
  ],
  "an encoder that is silent": [
    {
      ...GOOD,
      ...EVERYBODY,
      viewer: STALLED,
      uplink: { ...GOOD_UPLINK, verdicts: ["silent"] },
      hops: [{ ...GOOD_HOP, ageMs: rose(40, 6000) }],
    },
    "uplink",
  ],
  "an origin that does not come to its work, so that frames seem to arrive unsteadily": [
    {
      ...GOOD,
      ...EVERYBODY,
      viewer: STALLED,
      origin: { ...GOOD_NODE("origin"), holdMs: rose(20, 1200), stolen: rose(0, 0.5) },
      hops: [{ ...GOOD_HOP, rttMs: rose(20, 700), ageMs: rose(40, 1200) }],
      uplink: { ...GOOD_UPLINK, jitterMs: rose(8, 200), fps: fell(25, 18), verdicts: ["line-unsteady"] },
    },
    "origin",
  ],
  "an origin that does not read, so that the encoder leaves out what it cannot send": [
    {
      ...GOOD,
      ...EVERYBODY,
      viewer: STALLED,
      origin: { ...GOOD_NODE("origin"), holdMs: rose(20, 950) },
      uplink: { ...GOOD_UPLINK, dropped: rose(0, 0.3), fps: fell(25, 12) },
    },
    "origin",
  ],
  "a slow line while a shared screen stands still": [
    { ...GOOD, viewer: { ...STALLED, usualFps: null }, uplink: { ...GOOD_UPLINK, encoderFps: null, fps: fell(25, 1) } },
    "viewer-line",
  ],
  "a link that loses packets": [
    { ...GOOD, ...AT_THE_EDGE, viewer: STALLED, hops: [{ ...GOOD_HOP, loss: rose(0, 0.06), ageMs: rose(40, 1500) }] },
    "link",
  ],
  "a link that has become long": [
    { ...GOOD, ...AT_THE_EDGE, viewer: STALLED, hops: [{ ...GOOD_HOP, rttMs: rose(20, 900) }] },
    "link",
  ],
  "a link that has held back what the edge then sends at once": [
    {
      ...GOOD,
      ...AT_THE_EDGE,
      viewer: STALLED,
      edge: { ...GOOD_NODE("edge"), egress: rose(0.3, 0.97), holdMs: rose(30, 230) },
      hops: [{ ...GOOD_HOP, rttMs: rose(40, 2450), ageMs: rose(25, 1970) }],
    },
    "link",
  ],
  "an edge whose exit is full, which the servers' link feels too": [
    {
      ...GOOD,
      ...AT_THE_EDGE,
      viewer: STALLED,
      edge: { ...GOOD_NODE("edge"), egress: rose(0.3, 1.2), retransmitted: rose(0, 0.12) },
      hops: [{ ...GOOD_HOP, rttMs: rose(40, 130) }],
    },
    "edge",
  ],
  "an edge whose exit is full": [
    {
      ...GOOD,
      ...AT_THE_EDGE,
      viewer: STALLED,
      edge: { ...GOOD_NODE("edge"), egress: rose(0.4, 0.98), retransmitted: rose(0, 0.05) },
    },
    "edge",
  ],
  "an edge that does not come to its work": [
    {
      ...GOOD,
      ...AT_THE_EDGE,
      viewer: STALLED,
      edge: { ...GOOD_NODE("edge"), holdMs: rose(20, 900) },
      hops: [{ ...GOOD_HOP, rttMs: rose(20, 600) }],
    },
    "edge",
  ],
  "a viewer with a slow line": [{ ...GOOD, viewer: STALLED }, "viewer-line"],
  "a viewer with a slow line, whose buffer was full again when the player told": [
    { ...GOOD, viewer: figuresOf([moment({ stallMs: 7200, bufferMs: 2900 }), moment({ stallMs: 500, bufferMs: 10_400 })], 25) },
    "viewer-line",
  ],
  "a viewer with a slow line, who makes the edge send again": [
    { ...GOOD, viewer: STALLED, edge: { ...GOOD_NODE("edge"), retransmitted: rose(0, 0.1) } },
    "viewer-line",
  ],
  "a viewer with a slow device": [
    { ...GOOD, viewer: { ...GOOD_VIEWER, droppedFrames: 250, frames: 500, longTaskMs: 12_000 } },
    "viewer-device",
  ],
  "a viewer whose device became slow at the end of the span, and did not take what had come": [
    {
      ...GOOD,
      viewer: { ...STALLED, spanMs: 10_600, watchedMs: 8400, stallMs: 2240, frames: 208, longTaskMs: 2120, throughputKbps: 650 },
    },
    "viewer-device",
  ],
  "a viewer whose device was held for most of the time that the picture stood still": [
    {
      ...GOOD,
      viewer: { ...STALLED, spanMs: 11_640, watchedMs: 7980, stallMs: 3660, frames: 184, longTaskMs: 2325, throughputKbps: 535 },
    },
    "viewer-device",
  ],
  "a viewer with a slow line and an old device": [
    { ...GOOD, viewer: { ...STALLED, spanMs: 30_000, watchedMs: 21_000, stallMs: 9000, longTaskMs: 3500 } },
    "viewer-line",
  ],
  "a viewer with a slow line and a few long tasks": [
    { ...GOOD, viewer: { ...STALLED, spanMs: 28_000, watchedMs: 18_000, stallMs: 8600, longTaskMs: 600 } },
    "viewer-line",
  ],
  "a viewer whose device stalls with a full buffer": [
    { ...GOOD, viewer: { ...STALLED, decodingMs: 7500, throughputKbps: null, longTaskMs: 15_000 } },
    "viewer-device",
  ],
  "one viewer with a slow line while the machine of the origin is busy": [
    { ...GOOD, viewer: STALLED, origin: { ...GOOD_NODE("origin"), cpu: still(1), holdMs: rose(20, 200) } },
    "viewer-line",
  ],
};

for (const [fault, [evidence, place]] of Object.entries(FAULTS))
  test(`finds ${fault}`, () => {
    const verdict = judge(evidence);
    assert.equal(verdict.place, place, JSON.stringify(verdict));
    assert.ok(verdict.reasons.length > 0);
  });

test("says none where the viewer had no trouble, whatever the machines measured", () => {
  assert.equal(judge(GOOD).place, "none");
  assert.equal(judge({ ...GOOD, origin: { ...GOOD_NODE("origin"), holdMs: rose(20, 900) } }).place, "none");
  assert.equal(judge({ ...GOOD, viewer: { ...GOOD_VIEWER, stallMs: 400, watchedMs: 29_600 } }).place, "none");
});

test("what is usual is the better of a few values: the trouble may have begun in the others", () => {
  assert.equal(quartile([25, 16], 0.75), 25);
  assert.equal(quartile([20, 700, 900], 0.25), 20);
  assert.equal(quartile([1, 2, 3, 4, 5], 0.25), 2);
  assert.equal(quartile([], 0.75), null);
  assert.equal(usualFps([moment({ frames: 250 }), moment({ frames: 150 })]), 25);
});

test("what was measured mostly before the trouble does not explain it", () => {
  const points = [-8, 2, 12, 22, 31].map((seconds) => ({ at: seconds * 1000, value: seconds }));
  assert.deepEqual(valuesWithin(points, { from: 0, to: 20_000 }, 10_000), [12, 22]);
  const minutes = [0, 60, 120].map((seconds) => ({ at: seconds * 1000, value: seconds }));
  assert.deepEqual(valuesWithin(minutes, { from: 10_000, to: 30_000 }, 60_000), [60], "of longer ago there are minutes alone");
});

test("an encoder that leaves out frames from the first sample on is found by its own frame rate", () => {
  const uplink = { ...GOOD_UPLINK, fps: still(15), dropped: still(0.4), verdicts: ["encoder-drops-frames"] as const };
  const verdict = judge({ ...GOOD, ...EVERYBODY, viewer: { ...GOOD_VIEWER, frames: 450 }, uplink });
  assert.deepEqual([verdict.place, verdict.certainty], ["uplink", "high"]);
});

test("without any measurement of the servers, who else had trouble decides, and the verdict is not sure", () => {
  const blind = { ...GOOD, edge: null, origin: null, uplink: null, hops: [] };
  const alone = judge({ ...blind, viewer: STALLED });
  assert.equal(alone.place, "viewer-line");
  const all = judge({ ...blind, ...EVERYBODY, viewer: { ...STALLED, throughputKbps: null, stallMs: 700 } });
  assert.deepEqual([all.place, all.certainty], ["uplink", "low"]);
});

test("a viewer who watches at the origin has its faults as the origin's", () => {
  const verdict = judge({
    ...GOOD,
    ...EVERYBODY,
    viewer: STALLED,
    hops: [],
    origin: null,
    edge: { ...GOOD_NODE("a"), holdMs: rose(20, 900) },
  });
  assert.equal(verdict.place, "origin");
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.integer({ min: 0, max: 60_000 });
const levelOf = (value: fc.Arbitrary<number>): fc.Arbitrary<Level> =>
  fc.oneof(
    fc.constant(NOT_MEASURED),
    fc.tuple(value, value, value).map(([usual, a, b]) => ({ usual, low: Math.min(a, b), high: Math.max(a, b) })),
  );
const nodeOf = fc.record({
  node: fc.constant("n"),
  cpu: levelOf(share),
  stolen: levelOf(share),
  egress: levelOf(share),
  retransmitted: levelOf(share),
  holdMs: levelOf(amount),
});
const others = fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]) => ({ viewers: Math.max(a, b), affected: Math.min(a, b) }));
const anything: fc.Arbitrary<Evidence> = fc.record({
  viewer: fc.record({
    spanMs: amount,
    watchedMs: amount,
    stallMs: amount,
    decodingMs: amount,
    frames: amount,
    droppedFrames: amount,
    longTaskMs: amount,
    throughputKbps: fc.option(amount),
    bitrateKbps: fc.option(amount),
    reconnects: fc.nat(5),
    usualFps: fc.option(fc.nat(60)),
  }),
  sameEdge: others,
  elsewhere: others,
  edge: fc.option(nodeOf),
  origin: fc.option(nodeOf),
  hops: fc.array(
    fc.record({
      from: fc.constant("a"),
      to: fc.constant("b"),
      ageMs: levelOf(amount),
      loss: levelOf(share),
      rttMs: levelOf(amount),
    }),
    { maxLength: 3 },
  ),
  uplink: fc.option(
    fc.record({
      encoderFps: fc.option(fc.integer({ min: 1, max: 60 })),
      fps: levelOf(fc.nat(60)),
      kbps: levelOf(amount),
      jitterMs: levelOf(amount),
      dropped: levelOf(share),
      verdicts: fc.subarray(["silent", "line-unsteady", "clock-drifts"] as const),
    }),
  ),
});

test("any evidence gives a place with reasons whose figures are numbers", () => {
  fc.assert(
    fc.property(anything, (evidence) => {
      const { place, certainty, reasons } = judge(evidence);
      assert.ok(FAULT_LOCATIONS.includes(place) && CERTAINTIES.includes(certainty) && reasons.length > 0);
      assert.ok(reasons.every(({ figures }) => Object.values(figures).every(Number.isFinite)));
    }),
  );
});

test("the more of the others have trouble, the less a viewer's own line or device is named", () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 20 }), (evidence, viewers) => {
      const own = (affected: number) => {
        const others = { viewers, affected };
        return judge({ ...evidence, sameEdge: others, elsewhere: { viewers: 0, affected: 0 } }).place.startsWith("viewer");
      };
      assert.ok(own(0) || !own(viewers));
    }),
  );
});
