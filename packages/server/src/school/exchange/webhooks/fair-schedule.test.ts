/** Places of webhook deliveries: schools and webhooks in turn, failing ones in a part of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Candidate, chooseDeliveries, PLACES } from "./fair-schedule.ts";

const PAUSES_AFTER = 5;

function due(schoolId: string | null, webhooks: number, deliveries: number, failures = 0): Candidate[] {
  return Array.from({ length: webhooks * deliveries }, (_, i) => {
    const webhookId = `${schoolId}-${i % webhooks}`;
    return { id: `${webhookId}-${i}`, webhookId, schoolId, failures };
  });
}

function countOf(chosen: readonly Candidate[], schoolId: string | null): number {
  return chosen.filter((one) => one.schoolId === schoolId).length;
}

test("a school with two hundred due deliveries leaves places for one that is due last", () => {
  const chosen = chooseDeliveries([...due("loud", 20, 10), ...due("quiet", 1, 1)], [], PAUSES_AFTER);
  assert.equal(countOf(chosen, "quiet"), 1);
  assert.equal(countOf(chosen, "loud"), PLACES.perSchool);
});

test("where places are scarce, each school gets as many as the others, whatever it waits for", () => {
  const schools = Array.from({ length: 16 }, (_, i) => `s${i}`);
  const chosen = chooseDeliveries(
    schools.flatMap((school, i) => due(school, i + 1, 5)),
    [],
    PAUSES_AFTER,
    { ...PLACES, perWebhook: 3 },
  );
  assert.equal(chosen.length, PLACES.total);
  for (const school of schools) assert.equal(countOf(chosen, school), PLACES.total / schools.length, school);
});

test("one dead webhook of a school leaves places for the school's other webhook", () => {
  const dead = due("a", 1, 50);
  const chosen = chooseDeliveries([...dead, { id: "x", webhookId: "healthy", schoolId: "a", failures: 0 }], [], PAUSES_AFTER);
  assert.equal(chosen.filter(({ webhookId }) => webhookId === "a-0").length, PLACES.perWebhook);
  assert.ok(chosen.some(({ id }) => id === "x"));
});

test("failing webhooks of a hundred schools leave most places free", () => {
  const failing = Array.from({ length: 100 }, (_, i) => due(`f${i}`, 20, 2, 3)).flat();
  const chosen = chooseDeliveries([...failing, ...due("healthy", 2, 3)], [], PAUSES_AFTER);
  assert.equal(chosen.filter(({ failures }) => failures > 0).length, PLACES.failing);
  assert.equal(countOf(chosen, "healthy"), 4);
});

test("a webhook that was paused gets one delivery as a probe", () => {
  assert.equal(chooseDeliveries(due("a", 1, 10, PAUSES_AFTER), [], PAUSES_AFTER).length, 1);
});

test("no bound is ever passed, nothing is sent twice, and no place stays free that something could use", () => {
  const candidate = fc.record({
    id: fc.uuid(),
    webhookId: fc.constantFrom("w1", "w2", "w3", "w4", "w5", "w6"),
    schoolId: fc.constantFrom("a", "b", null),
    failures: fc.constantFrom(0, 0, 1, 9),
  });
  const places = { total: 8, perSchool: 4, perWebhook: 2, failing: 3 };
  fc.assert(
    fc.property(fc.array(candidate, { maxLength: 40 }), (all) => {
      const first = chooseDeliveries(all, [], PAUSES_AFTER, places);
      const second = chooseDeliveries(all, first, PAUSES_AFTER, places);
      assert.deepEqual(second, [], "everything that has a place was chosen at once");
      assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
      assert.ok(first.length <= places.total);
      assert.ok(first.filter(({ failures }) => failures > 0).length <= places.failing);
      for (const school of ["a", "b", null]) assert.ok(countOf(first, school) <= places.perSchool);
    }),
  );
});
