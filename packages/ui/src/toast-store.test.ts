import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { dismissToast, holdToast, noteDialog, onToast, releaseToast, shownToast, showToast, topDialog } from "./toast-store.ts";

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

test("of several dialogs, the newest that is still open has the toast", () => {
  const [drawer, question] = [{}, {}] as [HTMLElement, HTMLElement];
  let told = 0;
  const stop = onToast(() => told++);
  assert.equal(topDialog(), null);
  const closeDrawer = noteDialog(drawer);
  const closeQuestion = noteDialog(question);
  assert.equal(topDialog(), question);
  closeDrawer();
  assert.equal(topDialog(), question);
  closeQuestion();
  assert.equal(topDialog(), null);
  assert.equal(told, 4);
  stop();
});
