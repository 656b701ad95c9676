import assert from "node:assert/strict";
import { test } from "node:test";
import { savedPosition, savePosition } from "./resume-position.ts";

function memoryStore() {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
}

test("a position is stored by name and comes back", () => {
  const store = memoryStore();
  assert.equal(savePosition(store, "lesson-7", 42.04, 600), 42.04);
  assert.deepEqual([...store.entries], [["lectern.at.lesson-7", "42.0"]]);
  assert.equal(savedPosition(store, "lesson-7"), 42);
  assert.equal(savedPosition(store, "another"), null);
});

test("near the start or the end the position is forgotten", () => {
  const store = memoryStore();
  for (const seconds of [0, 10, 590, 600]) {
    savePosition(store, "x", 300, 600);
    assert.equal(savePosition(store, "x", seconds, 600), 0);
    assert.equal(savedPosition(store, "x"), null);
  }
});

test("what is not a number resumes at the start", () => {
  const store = memoryStore();
  store.setItem("lectern.at.x", "soon");
  assert.equal(savedPosition(store, "x"), null);
});
