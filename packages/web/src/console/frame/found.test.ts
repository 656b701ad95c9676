import assert from "node:assert/strict";
import { test } from "node:test";
import { GAUGE_ICON, LESSON_ICON, PUZZLE_ICON, SCHOOL_ICON } from "@lectern/ui/icons";
import { foundPages, foundThings } from "./search-results.ts";

const PAGES = [
  { name: "lessons", label: "Lessons", path: "/lessons", icon: LESSON_ICON },
  { name: "quality", label: "Lesson quality", path: "/quality", icon: GAUGE_ICON },
  { name: "platforms", label: "Learning platforms", path: "/platforms", icon: PUZZLE_ICON },
  { name: "schools", label: "Écoles", path: "/schools", icon: SCHOOL_ICON },
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
    ["/lessons?search=Rates%20%26%20ratios", "/people?search=zoe", "/courses/c1"],
  );
  assert.equal(found[1]?.more, "zoe · the student");
});
