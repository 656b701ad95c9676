import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { dismissToast, holdToast, releaseToast, shownToast, showToast } from "./toast-store.ts";

afterEach(() => {
  dismissToast();
  mock.timers.reset();
});

test("a toast goes after eight seconds, one with a way back after twenty", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  showToast("Saved");
  mock.timers.tick(7999);
  assert.equal(shownToast()?.message, "Saved");
  mock.timers.tick(1);
  assert.equal(shownToast(), null);
  showToast("Moved", [{ label: "Undo", run: () => {} }]);
  mock.timers.tick(19_999);
  assert.equal(shownToast()?.message, "Moved");
  mock.timers.tick(1);
  assert.equal(shownToast(), null);
});

test("it waits while it is held, and a new one takes its place with its own time", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  showToast("Saved");
  holdToast();
  mock.timers.tick(60_000);
  assert.equal(shownToast()?.message, "Saved");
  releaseToast();
  mock.timers.tick(7000);
  showToast("Added");
  mock.timers.tick(7000);
  assert.equal(shownToast()?.message, "Added");
});
