import assert from "node:assert/strict";
import { test } from "node:test";
import { EmptyLessons } from "./empty-lessons.ts";

test("a lesson is left when nobody has come back for two minutes, and only then", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  const lessons = new EmptyLessons((key) => told.push(key));
  assert.equal(lessons.isLeft("live/a", true), false);
  t.mock.timers.tick(100_000);
  assert.equal(lessons.isLeft("live/a", true), false, "asking again does not begin again");
  t.mock.timers.tick(19_999);
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  assert.deepEqual([told, lessons.isLeft("live/a", true)], [["live/a"], true]);
  assert.equal(lessons.isLeft("live/a", true), false, "the next time it begins again");
  lessons.close();
});

test("who comes back keeps the lesson", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  const lessons = new EmptyLessons((key) => told.push(key));
  lessons.isLeft("live/a", true);
  t.mock.timers.tick(119_000);
  assert.equal(lessons.isLeft("live/a", false), false);
  t.mock.timers.tick(200_000);
  lessons.isLeft("live/b", true);
  lessons.close();
  t.mock.timers.tick(200_000);
  assert.deepEqual(told, []);
});
