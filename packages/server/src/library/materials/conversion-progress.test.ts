/** What is told of a conversion that goes on: each second, every page once, until nobody wants the attempt any more. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConversionReport, ConvertedPage } from "../../contracts/materials/material-messages.ts";
import { ConversionProgress, REPORT_MS } from "./conversion-progress.ts";
import { Interrupted } from "./steps.ts";

const page = (n: number): ConvertedPage => ({ n, text: "", notes: "", width: 1600, height: 900 });

/** @param answer of the control process to each report; null: it does not answer */
function setUp(t: TestContext, answer: (nth: number) => boolean | null) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const told: (readonly number[])[] = [];
  const totals: (number | null)[] = [];
  let superseded = 0;
  const report = async (of: ConversionReport): Promise<boolean> => {
    assert.ok(of.state === "converting");
    const wanted = answer(told.length);
    told.push(of.pages.map(({ n }) => n));
    totals.push(of.total);
    if (wanted === null) throw new Error("no answer");
    return wanted;
  };
  const progress = new ConversionProgress({ id: "m", term: 1, worker: "n/media-1" }, report, () => superseded++);
  const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** A second, and what is told in it. */
  const second = async (): Promise<void> => {
    t.mock.timers.tick(REPORT_MS);
    await answered();
  };
  return { progress, told, totals, answered, second, superseded: () => superseded };
}

test("the number of pages is told at once, and so is the first page, and each second those that were made, none of them twice", async (t) => {
  const { progress, told, totals, answered, second, superseded } = setUp(t, () => true);
  progress.begin(30);
  assert.deepEqual(totals, [30]);
  await answered();
  await second();
  progress.add(page(1));
  await answered();
  for (const n of [2, 3]) progress.add(page(n));
  await second();
  progress.add(page(4));
  await second();
  assert.deepEqual(told, [[], [], [1], [2, 3], [4]]);
  progress.add(page(5));
  await progress.close();
  assert.deepEqual(told.at(-1), [5], "the last ones are told at the end");
  await second();
  assert.equal(told.length, 6, "nothing is told after that");
  assert.equal(superseded(), 0);
});

test("pages of a report without an answer are told with the next ones, in order", async (t) => {
  const { progress, told, second } = setUp(t, (nth) => (nth === 0 ? null : true));
  progress.add(page(1));
  await second();
  progress.add(page(2));
  await second();
  assert.deepEqual(told, [[1], [1, 2]]);
  await progress.close();
});

test("an attempt whose last pages nobody takes is interrupted", async (t) => {
  const { progress } = setUp(t, () => null);
  progress.add(page(1));
  await assert.rejects(progress.close(), Interrupted);
});

test("an attempt that is not wanted any more is given up", async (t) => {
  const { progress, second, superseded } = setUp(t, () => false);
  await second();
  assert.equal(superseded(), 1);
  await progress.close();
});
