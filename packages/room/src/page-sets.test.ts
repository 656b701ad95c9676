/** What a room's entries say of its board. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomPerson } from "./entry.ts";
import { hasPen, pensOf, setsOf, shownOf } from "./page-sets.ts";
import type { Body } from "./wire.ts";

function room(bodies: Readonly<Record<string, Body>>) {
  const entries = Object.entries(bodies).map(([key, body]) => ({ key, body }));
  return { held: () => entries, one: (key: string) => entries.find((entry) => entry.key === key) ?? null };
}

/** Whether a person has one where everybody draws, and where only some do. */
function pens(who: Omit<RoomPerson, "name">): readonly boolean[] {
  return [true, false].map((everybody) => {
    const known = pensOf(room({ "page/pens": { everybody, people: ["p"] } }));
    return hasPen(known, { name: "Mei", ...who });
  });
}

test("staff draws, and who was given a pen; everybody where the teacher says so, but for parents and inspectors", () => {
  assert.deepEqual(pens({ id: "t", role: "staff" }), [true, true]);
  assert.deepEqual(pens({ id: "p", role: "guest" }), [true, true]);
  assert.deepEqual(pens({ id: "q", role: "member" }), [true, false]);
  assert.deepEqual(pens({ id: "w", role: "watcher" }), [false, false]);
  assert.deepEqual(pens({ id: "p", role: "guest", watches: true }), [false, false]);
  assert.equal(hasPen({ everybody: true, people: [] }, null), false, "who is not known yet");
});

test("sets are in the order of their numbers, and what is no set is left out", () => {
  const shared = { title: "", count: 3, height: 3600 };
  const sets = setsOf(
    room({
      "page/10": { ...shared, set: 10, pages: "slides", material: "m" },
      "page/2": { ...shared, set: 2, pages: "board", background: "striped" },
      "page/3": { ...shared, set: 3, pages: "slides" },
      "page/shown": { page: "2.1" },
    }),
  );
  assert.deepEqual(sets, [
    { ...shared, set: 2, pages: "board", background: "blank" },
    { ...shared, set: 10, pages: "slides", material: "m" },
  ]);
});

test("the page that is shown has a view only with all of its numbers", () => {
  const shown = (body: Body) => shownOf(room({ "page/shown": body }));
  assert.deepEqual(shown({ page: "1.3", view: { x: 1, y: 2, scale: 3 } }), { page: "1.3", view: { x: 1, y: 2, scale: 3 } });
  assert.deepEqual(shown({ page: "1.3", view: { x: 1, y: 2 } }), { page: "1.3", view: null });
  assert.deepEqual(shown({ page: "1.0" }), { page: null, view: null });
  assert.deepEqual(shown({ page: null, view: null }), { page: null, view: null });
});
