import assert from "node:assert/strict";
import { test } from "node:test";
import { History, inverseOf } from "./history.ts";
import { Page } from "./page.ts";
import type { Operation } from "./shapes.ts";

const stroke = (id: string): Operation => ["s", id, "pen", "black", 12, "CCCC", 1];

/** A person at a page: what is done is applied, and can be taken back. */
function person(page: Page) {
  const history = new History();
  const pageOf = () => page;
  return {
    history,
    does: (...operations: readonly Operation[]) => {
      history.done({ page: "1.1", operations: inverseOf(page, operations) });
      for (const operation of operations) page.apply(operation);
    },
    undoes: () => history.undo(pageOf)?.operations.map((operation) => page.apply(operation)),
    redoes: () => history.redo(pageOf)?.operations.map((operation) => page.apply(operation)),
  };
}

const visible = (page: Page) => page.items().flatMap(({ id, deleted }) => (deleted ? [] : [id]));

test("what a person did is taken back and done again, the last first", () => {
  const page = new Page();
  const { does, undoes, redoes } = person(page);
  does(stroke("aaaa.1"));
  does(stroke("aaaa.2"));
  does(["m", "aaaa.1", 9, 0, 1], ["m", "aaaa.2", 9, 0, 1]);
  does(["t", "aaaa.1", "red"]);
  does(["d", ["aaaa.2"]]);
  const last = page.operations();
  for (let i = 0; i < 5; i++) undoes();
  assert.deepEqual(visible(page), []);
  assert.equal(undoes(), undefined);
  for (let i = 0; i < 5; i++) redoes();
  assert.deepEqual(page.operations(), last);
  assert.equal(redoes(), undefined);
});

test("each person takes back what that person did, and others' work stays", () => {
  const page = new Page();
  const [one, other] = [person(page), person(page)];
  one.does(stroke("aaaa.1"));
  other.does(stroke("bbbb.1"));
  one.undoes();
  assert.deepEqual(visible(page), ["bbbb.1"]);
  other.does(["x"]);
  one.redoes();
  assert.deepEqual(visible(page), ["aaaa.1"]);
  other.undoes();
  assert.deepEqual(visible(page), ["aaaa.1", "bbbb.1"]);
});

test("a step that changes nothing any more is passed over, and new work ends what could be done again", () => {
  const page = new Page();
  const { does, undoes, history } = person(page);
  does(stroke("aaaa.1"));
  does(stroke("aaaa.2"));
  page.apply(["d", ["aaaa.2"]]);
  undoes();
  assert.deepEqual(visible(page), []);
  does(stroke("aaaa.3"));
  assert.ok(!history.canRedo && history.canUndo);
});

test("a page that was emptied comes back, however much was on it", () => {
  const page = new Page();
  const { does, undoes } = person(page);
  for (let i = 1; i <= 2500; i++) page.apply(stroke(`aaaa.${i}`));
  const before = page.operations();
  does(["x"]);
  undoes();
  assert.deepEqual(page.operations(), before);
});

test("steps of a page that was closed are left out", () => {
  const page = new Page();
  const { does, history } = person(page);
  does(stroke("aaaa.1"));
  assert.equal(
    history.undo(() => null),
    null,
  );
});
