/** Places of background work: schools and targets in turn, failing ones in a part of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseItems } from "./fair-slots.ts";
import type { Slots, WorkItem } from "./work-kind.ts";

const PLACES: Slots = { total: 48, perSchool: 6, perTarget: 2, failing: 12, probeAfter: 5 };

function due(schoolId: string | null, targets: number, items: number, failures = 0): WorkItem[] {
  return Array.from({ length: targets * items }, (_, i) => {
    const target = `${schoolId}-${i % targets}`;
    return { id: `${target}-${i}`, target, schoolId, failures, dueAt: i };
  });
}

function countOf(chosen: readonly WorkItem[], schoolId: string | null): number {
  return chosen.filter((one) => one.schoolId === schoolId).length;
}

test("a school with two hundred due items leaves places for one that is due last", () => {
  const chosen = chooseItems([...due("loud", 20, 10), ...due("quiet", 1, 1)], [], PLACES);
  assert.equal(countOf(chosen, "quiet"), 1);
  assert.equal(countOf(chosen, "loud"), PLACES.perSchool);
});

test("where places are scarce, each school gets as many as the others, whatever it waits for", () => {
  const schools = Array.from({ length: 16 }, (_, i) => `s${i}`);
  const items = schools.flatMap((school, i) => due(school, i + 1, 5));
  const chosen = chooseItems(items, [], { ...PLACES, perTarget: 3 });
  assert.equal(chosen.length, PLACES.total);
  for (const school of schools) assert.equal(countOf(chosen, school), PLACES.total / schools.length, school);
});

test("one dead target of a school leaves places for the school's other target", () => {
  const healthy = { id: "x", target: "healthy", schoolId: "a", failures: 0, dueAt: 0 };
  const chosen = chooseItems([...due("a", 1, 50), healthy], [], PLACES);
  assert.equal(chosen.filter(({ target }) => target === "a-0").length, PLACES.perTarget);
  assert.ok(chosen.some(({ id }) => id === "x"));
});

test("failing targets of a hundred schools leave most places free", () => {
  const failing = Array.from({ length: 100 }, (_, i) => due(`f${i}`, 20, 2, 3)).flat();
  const chosen = chooseItems([...failing, ...due("healthy", 2, 3)], [], PLACES);
  assert.equal(chosen.filter(({ failures }) => failures > 0).length, PLACES.failing);
  assert.equal(countOf(chosen, "healthy"), 4);
});

test("a target that has failed often gets one item as a probe", () => {
  assert.equal(chooseItems(due("a", 1, 10, PLACES.probeAfter), [], PLACES).length, 1);
});

test("no bound is ever passed, nothing is done twice, and no place stays free that something could use", () => {
  const item = fc.record({
    id: fc.uuid(),
    target: fc.constantFrom("w1", "w2", "w3", "w4", "w5", "w6"),
    schoolId: fc.constantFrom("a", "b", null),
    failures: fc.constantFrom(0, 0, 1, 9),
    dueAt: fc.nat(),
  });
  const places = { total: 8, perSchool: 4, perTarget: 2, failing: 3, probeAfter: 5 };
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), (all) => {
      const first = chooseItems(all, [], places);
      const second = chooseItems(all, first, places);
      assert.deepEqual(second, [], "everything that has a place was chosen at once");
      assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
      assert.ok(first.length <= places.total);
      assert.ok(first.filter(({ failures }) => failures > 0).length <= places.failing);
      for (const school of ["a", "b", null]) assert.ok(countOf(first, school) <= places.perSchool);
    }),
  );
});
