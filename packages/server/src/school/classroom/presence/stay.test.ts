/** Intervals of one person: the union of the visits with short gaps closed, however reports arrive. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Interval, mergeIntervals, RETURN_WITHIN_MS, Stay, type Visit } from "./stay.ts";

const SECOND = 1000;

function at(from: number, to: number | null, device = "computer, Chrome"): Visit {
  return { from: from * SECOND, to: to === null ? null : to * SECOND, device };
}

function times(stay: Stay): (readonly [from: number, to: number | null])[] {
  return stay.intervals().map(({ from, to }) => [from / SECOND, to === null ? null : to / SECOND]);
}

test("a return within 15 seconds continues the interval, a later one begins another", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, 10), at(25, 40)], 0);
  assert.deepEqual(times(stay), [[0, 40]]);
  stay.update("n1/2", [at(55.001, null)], 0);
  assert.deepEqual(times(stay), [
    [0, 40],
    [55.001, null],
  ]);
});

test("a visit that another worker took over continues, also where the first report comes late", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, null)], 0);
  stay.update("n1/2", [at(100, null)], 0);
  stay.update("n1/1", [at(0, 50)], 0);
  assert.deepEqual(times(stay), [
    [0, 50],
    [100, null],
  ]);
});

test("a person whose worker died has left only where nobody has them 15 seconds later", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, null)], 0);
  stay.lose("n1/1", 60 * SECOND, 75 * SECOND);
  stay.expire(62 * SECOND);
  assert.deepEqual(times(stay), [[0, null]]);
  assert.equal(stay.expire(63 * SECOND), true);
  assert.deepEqual(times(stay), [[0, 60]]);
  assert.equal(stay.expire(74 * SECOND), false);
  assert.equal(stay.isPresent(74 * SECOND), true);
  assert.equal(stay.expire(75 * SECOND), true);
  assert.deepEqual(times(stay), [[0, 60]]);
  assert.equal(stay.isPresent(75.001 * SECOND), false);
});

test("a worker that was believed dead and reports again has had the person all the time", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, null)], 0);
  stay.lose("n1/1", 60 * SECOND, 75 * SECOND);
  stay.expire(80 * SECOND);
  stay.update("n1/1", [at(0, null)], 90 * SECOND);
  assert.deepEqual(times(stay), [[0, null]]);
});

test("a worker that began again and does not know the person ends the visit when it last had them", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, null)], 0);
  stay.update("n1/1", [], 30 * SECOND);
  assert.deepEqual(times(stay), [[0, 30]]);
});

test("an interval of another process ends when a worker says, not when that process last wrote", () => {
  const stay = new Stay();
  stay.restoreOpen(0, "", 97 * SECOND, 115 * SECOND);
  stay.update("n1/1", [at(50, 95)], 100 * SECOND);
  assert.deepEqual(times(stay), [[0, 95]]);
});

test("an interval of another process that nobody reports ends when that process last wrote", () => {
  const stay = new Stay();
  stay.restoreOpen(0, "", 97 * SECOND, 115 * SECOND);
  stay.expire(115 * SECOND);
  assert.deepEqual(times(stay), [[0, 97]]);
});

test("an interval names the devices of its visits once each", () => {
  const stay = new Stay();
  stay.update("n1/1", [at(0, 10, "phone, Chrome"), at(12, 20, "computer, Edge"), at(21, 30, "phone, Chrome")], 0);
  assert.deepEqual(stay.intervals()[0]?.devices, ["phone, Chrome", "computer, Edge"]);
});

/** A visit at a worker; a report tells of it while it goes on, or one its end. */
const visits = fc.array(
  fc.record({
    worker: fc.constantFrom("a", "b", "c"),
    from: fc.integer({ min: 0, max: 400 }),
    seconds: fc.integer({ min: 0, max: 120 }),
    fate: fc.constantFrom("leaves", "dies", "dies, reports again", "silent"),
  }),
  { maxLength: 12 },
);
type Planned = { readonly worker: string; readonly from: number; readonly to: number; readonly fate: string };

/** One worker has one visit of a person at a time: the later ones wait for the one before. */
function inTurn(
  planned: readonly { readonly worker: string; readonly from: number; readonly seconds: number; readonly fate: string }[],
) {
  const free = new Map<string, number>();
  return planned
    .toSorted((a, b) => a.from - b.from)
    .map(({ worker, from, seconds, fate }): Planned => {
      const start = Math.max(from, free.get(worker) ?? 0);
      free.set(worker, start + seconds + 1);
      return { worker, from: start, to: start + seconds, fate };
    });
}

test("any interleaving of reports, deaths and returns gives the union of the visits with short gaps closed", () => {
  fc.assert(
    fc.property(visits, fc.array(fc.nat({ max: 20 }), { minLength: 24, maxLength: 24 }), (random, delays) => {
      const planned = inTurn(random);
      const stay = new Stay();
      // What happens, in the order in which the owner hears of it; delays mix the workers' reports.
      const happenings = planned.flatMap((visit, i) => {
        const began = visit.from + (delays[2 * i] ?? 0);
        return [
          { when: Math.min(began, visit.to), step: 0, visit },
          { when: visit.to + (delays[2 * i + 1] ?? 0), step: 1, visit },
        ];
      });
      // Of one worker, one report comes after the other.
      const heard = new Map<string, number>();
      const ordered = planned
        .flatMap((visit) => happenings.filter((one) => one.visit === visit))
        .map(({ when, step, visit }) => {
          const at = Math.max(when, heard.get(visit.worker) ?? 0);
          heard.set(visit.worker, at);
          return { at, step, visit };
        })
        .map((one, i) => ({ ...one, i }))
        .toSorted((a, b) => a.at - b.at || a.i - b.i);
      for (const { at: now, step, visit } of ordered) {
        const { worker, from, to, fate } = visit;
        stay.expire(now * SECOND);
        if (step === 0) stay.update(worker, [at(from, null)], from * SECOND);
        else if (fate === "leaves") stay.update(worker, [at(from, to)], now * SECOND);
        else if (fate === "silent") stay.update(worker, [], to * SECOND);
        else {
          stay.lose(worker, to * SECOND, to * SECOND + RETURN_WITHIN_MS);
          if (fate === "dies, reports again") stay.update(worker, [at(from, to)], now * SECOND);
        }
      }
      stay.expire(Number.MAX_SAFE_INTEGER);
      const expected = mergeIntervals(planned.map(({ from, to }): Interval => ({ ...at(from, to), devices: [] })));
      assert.deepEqual(
        times(stay),
        expected.map(({ from, to }) => [from / SECOND, (to ?? 0) / SECOND]),
      );
    }),
    { numRuns: 500 },
  );
});

test("merging intervals is the union, by every second", () => {
  const interval = fc.record({ from: fc.integer({ min: 0, max: 200 }), seconds: fc.integer({ min: 0, max: 60 }) });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 8 }), (random) => {
      const all = random.map(({ from, seconds }): Interval => ({ ...at(from, from + seconds), devices: [] }));
      const merged = mergeIntervals(all);
      for (const [i, { from }] of merged.entries())
        if (i > 0) assert.ok(from - (merged[i - 1]?.to ?? Number.POSITIVE_INFINITY) > RETURN_WITHIN_MS);
      for (let second = 0; second <= 260; second++) {
        const time = second * SECOND;
        const isIn = (list: readonly Interval[]) => list.some(({ from, to }) => from <= time && time <= (to ?? 0));
        const before = Math.max(...all.filter(({ to }) => (to ?? 0) <= time).map(({ to }) => to ?? 0));
        const after = Math.min(...all.filter(({ from }) => from >= time).map(({ from }) => from));
        assert.equal(isIn(merged), isIn(all) || after - before <= RETURN_WITHIN_MS, `second ${second}`);
      }
    }),
  );
});
