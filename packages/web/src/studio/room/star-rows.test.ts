/** Students with their stars. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stars } from "@lectern/room";
import { starRows } from "./star-rows.ts";

const stars = (person: string, count: number): Stars => ({ person, name: person, isGuest: false, count, given: 1, seq: 1, at: 0 });
const here = (id: string, role = "student") => ({ id, name: id, role });

test("who has most is first; who left with stars stays in the list, who left without does not", () => {
  const rows = starRows([here("Anna"), here("Ben", "guest")], [stars("Ben", 2), stars("Cem", 5), stars("Dora", 0)], "");
  assert.deepEqual(rows, [
    { person: "Cem", name: "Cem", isGuest: false, count: 5 },
    { person: "Ben", name: "Ben", isGuest: true, count: 2 },
    { person: "Anna", name: "Anna", isGuest: false, count: 0 },
  ]);
});

test("teachers and those who look on are not in the list, and a search finds those who left, too", () => {
  const people = [here("Ms Li", "teacher"), here("Parent", "supervisor"), here("Anna")];
  const rows = starRows(people, [stars("Annika", 1), stars("Ben", 1)], "ANN");
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["Annika", "Anna"],
  );
});
