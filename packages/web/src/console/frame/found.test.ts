import assert from "node:assert/strict";
import { test } from "node:test";
import { foundPages, foundThings } from "./found.ts";

const PAGES = [
  { name: "lessons", label: "Lessons", path: "/lessons", icon: "lesson" },
  { name: "quality", label: "Lesson quality", path: "/quality", icon: "gauge" },
  { name: "platforms", label: "Learning platforms", path: "/platforms", icon: "puzzle" },
  { name: "schools", label: "Écoles", path: "/schools", icon: "school" },
] as const;
const namesOf = (text: string) => foundPages(PAGES, text).map(({ name }) => name);

test("pages are found by a part of their name, without capitals and accents, those that start with it first", () => {
  assert.deepEqual(namesOf("less"), ["Lessons", "Lesson quality"]);
  assert.deepEqual(namesOf("platform"), ["Learning platforms"]);
  assert.deepEqual(namesOf("ecole"), ["Écoles"]);
  assert.deepEqual(namesOf("nothing"), []);
  assert.equal(namesOf("").length, PAGES.length);
});

test("what is found opens its list with only it in it", () => {
  const found = foundThings(
    [{ id: "l1", title: "Rates & ratios" }],
    [{ id: "u1", name: "Zoë", login: "zoe", role: "student" }],
    [{ id: "c1", name: "Maths" }],
    (role) => `the ${role}`,
  );
  assert.deepEqual(
    found.map(({ path }) => path),
    ["/lessons?search=Rates%20%26%20ratios", "/people?search=zoe", "/courses?search=Maths"],
  );
  assert.equal(found[1]?.more, "zoe · the student");
});
