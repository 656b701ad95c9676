/** Whether verdicts are right as often as they say: simulated faults, single, mixed, one after the other, and none, through the real decision. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import { judge } from "./judge.ts";
import { troubleSpan } from "./strip.ts";
import { type Audience, FAULT_KINDS, type Fault, type FaultKind, randomOf, simulate } from "./test-faults.ts";
import type { Verdict } from "./verdict.ts";

const KINDS = Object.keys(FAULT_KINDS) as FaultKind[];
const AUDIENCES: readonly Audience[] = [
  { here: 0, there: 0 },
  { here: 5, there: 0 },
  { here: 4, there: 6 },
];
/** Fewer missing frames than a tenth are not seen. */
const SIZES = [0.12, 0.2, 0.4] as const;

type Tried = { readonly what: string; readonly faults: readonly Fault[]; readonly audience: Audience; readonly verdict: Verdict };

function tried(faults: readonly Fault[], audience: Audience, seed: number): Tried {
  const what = `${faults.map(({ kind, size }) => `${kind} ${size}`).join(" and ")}, ${audience.here} here, ${audience.there} there`;
  return { what, faults, audience, verdict: judge(simulate(faults, audience, randomOf(seed))) };
}

const single = KINDS.flatMap((kind) =>
  SIZES.flatMap((size, i) => AUDIENCES.map((audience, j) => tried([{ kind, size }], audience, 1000 + i * 10 + j))),
);
/** Every pair of places that others tell apart, and of places in one pool. */
const mixed = KINDS.flatMap((kind, i) =>
  KINDS.slice(i + 1).flatMap((other, j) => {
    if (FAULT_KINDS[kind] === FAULT_KINDS[other]) return [];
    const audience = { here: 4, there: 6 };
    return [
      tried(
        [
          { kind, size: 0.3 },
          { kind: other, size: 0.18 },
        ],
        audience,
        2000 + i * 50 + j,
      ),
      tried(
        [
          { kind, size: 0.16 },
          { kind: other, size: 0.3 },
        ],
        audience,
        4000 + i * 50 + j,
      ),
    ];
  }),
);

const greater = ({ faults }: Tried): string =>
  FAULT_KINDS[faults.reduce((most, fault) => (fault.size > most.size ? fault : most)).kind];
const lesser = ({ faults }: Tried): string =>
  FAULT_KINDS[faults.reduce((least, fault) => (fault.size < least.size ? fault : least)).kind];
const share = (all: readonly Tried[], is: (one: Tried) => boolean): number => all.filter(is).length / all.length;
const described = (all: readonly Tried[]) =>
  all
    .map(({ what, verdict: { place, certainty, also } }) => `${what}: ${place} (${certainty}), ${JSON.stringify(also)}`)
    .join("\n");

test("of at least 60 faults, a verdict of high certainty is right in 95 of 100, and more often than the others", () => {
  const all = [...single, ...mixed];
  assert.ok(all.length >= 60, `${all.length} faults`);
  const high = all.filter(({ verdict }) => verdict.certainty === "high");
  const wrong = high.filter((one) => one.verdict.place !== greater(one));
  assert.ok(wrong.length / high.length <= 0.05, `${wrong.length} of ${high.length} wrong:\n${described(wrong)}`);
  const medium = all.filter(({ verdict }) => verdict.certainty === "medium");
  assert.ok(share(medium, (one) => one.verdict.place === greater(one)) >= 0.7, described(medium));
});

test("a single fault with others watching is found, and mostly with high certainty", () => {
  const watched = single.filter(({ audience: { here } }) => here > 0);
  const wrong = watched.filter((one) => one.verdict.place !== greater(one));
  assert.ok(wrong.length / watched.length <= 0.05, described(wrong));
  const high = share(watched, ({ verdict }) => verdict.certainty === "high");
  assert.ok(
    high >= 0.75,
    `${high} of high certainty:\n${described(watched.filter(({ verdict }) => verdict.certainty !== "high"))}`,
  );
});

test("of two causes the greater is named, and the second where it explains more than a fifth; a single one has no second", () => {
  // Others watch at both, so that the pools differ; which of two places in one pool weighs more is in their figures alone.
  const pool = (place: string) => (place.startsWith("viewer") ? 2 : place === "uplink" || place === "origin" ? 0 : 1);
  const apart = mixed.filter((one) => pool(greater(one)) !== pool(lesser(one)));
  const wrong = apart.filter((one) => one.verdict.place !== greater(one));
  assert.ok(wrong.length / apart.length <= 0.05, `${wrong.length} of ${apart.length} wrong:\n${described(wrong)}`);
  const unnamed = apart.filter((one) => one.verdict.also?.place !== lesser(one));
  assert.ok(unnamed.length / apart.length <= 0.05, `${unnamed.length} of ${apart.length} not named:\n${described(unnamed)}`);
  const spurious = single.filter(({ audience: { here }, verdict }) => here > 0 && verdict.also !== null);
  assert.ok(spurious.length / single.length <= 0.05, described(spurious));
});

test("what one viewer has alone never comes from what all have", () => {
  for (const own of ["line slow", "line breaks", "device held", "device slow"] as const)
    for (const shared of ["origin held", "uplink narrow", "edge held", "link long"] as const) {
      const evidence = simulate([{ kind: shared, size: 0.4 }], { here: 4, there: 6 }, randomOf(7));
      const { viewer } = simulate([{ kind: own, size: 0.3 }], { here: 4, there: 6 }, randomOf(8));
      const healthy = (viewers: number) => ({ viewers, affected: 0, alike: 0 });
      const verdict = judge({ ...evidence, viewer, sameEdge: healthy(4), elsewhere: healthy(6) });
      assert.equal(verdict.place, FAULT_KINDS[own], `${own}, while ${shared}`);
      assert.equal(verdict.also, null);
    }
});

test("without a fault there is no trouble", () => {
  for (let seed = 0; seed < 10; seed++) assert.equal(tried([], AUDIENCES[seed % 3]!, seed).verdict.place, "none");
});

const moment = (at: number, of: Partial<ViewMoment>): ViewMoment => ({
  at,
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
/** A strip of ten seconds each: what was lost in each. */
const strip = (...stalls: readonly number[]) =>
  stalls.map((stallMs, i) => moment((i + 1) * 10_000, { stallMs, watchedMs: 10_000 - stallMs, frames: (10_000 - stallMs) / 40 }));

test("with a time, the trouble that goes on then is explained, not the worst one near it", () => {
  const moments = strip(0, 0, 1500, 2000, 0, 0, 8000, 9000, 0, 0);
  assert.deepEqual(troubleSpan(moments, 25, 35_000), { from: 20_000, to: 40_000 });
  assert.deepEqual(troubleSpan(moments, 25, 75_000), { from: 60_000, to: 80_000 });
  assert.deepEqual(troubleSpan(moments, 25, null), { from: 60_000, to: 80_000 }, "without one, the worst");
});

test("a report that comes after the trouble is about the nearest one", () => {
  assert.deepEqual(troubleSpan(strip(0, 5000, 0, 0, 1200, 0, 0), 25, 65_000), { from: 40_000, to: 50_000 });
  assert.deepEqual(troubleSpan(strip(0, 0, 0), 25, 15_000), { from: 0, to: 30_000 }, "no trouble: all that was looked at");
});

test("of faults that follow each other, the one at the given time is looked at alone", () => {
  const span = troubleSpan(strip(2000, 2000, 2000, 2000, 6000, 6000, 6000, 6000), 25, 15_000);
  assert.deepEqual(span, { from: 0, to: 40_000 });
  assert.deepEqual(troubleSpan(strip(2000, 2000, 2000, 2000, 6000, 6000, 6000, 6000), 25, 65_000), { from: 40_000, to: 80_000 });
});
