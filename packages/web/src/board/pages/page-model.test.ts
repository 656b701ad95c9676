/** A page as its author sees it against the log: at once, and in the end the same as everybody's, whatever is refused or comes late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints, type Operation, Page } from "@lectern/board";
import type { PageSink } from "./page-feed.ts";
import { type PageChange, PageModel } from "./page-model.ts";

const point = (x: number, at: number) => ({ x, y: 0, pressure: 0.5, at });
const begin = (id: string, x = 0, ended: 0 | 1 = 0): Operation => ["s", id, "pen", "black", 12, encodePoints([point(x, 0)]), ended];
const text: Operation = ["i", "mine.9", { type: "text", text: "a", color: "red", size: 100, x: 0, y: 0, width: 10, height: 10 }];

function open() {
  let sink: PageSink | null = null;
  const model = new PageModel(
    "1.1",
    (_page, given) => {
      sink = given;
      return () => {};
    },
    (id) => id.startsWith("mine."),
  );
  const changes: PageChange[] = [];
  model.onChange((change) => void changes.push(change));
  return { model, sink: sink as unknown as PageSink, changes };
}

const visible = (model: PageModel) => model.items().flatMap(({ id, deleted }) => (deleted ? [] : [id]));
const pointsOf = (model: PageModel, id: string) => {
  const content = model.item(id)?.content;
  return content?.type === "stroke" ? content.points.map(({ x }) => x) : null;
};

test("an own stroke is there at once, and once in the log it is in the log's place", () => {
  const { model, sink } = open();
  sink.reset([], 0);
  const first = model.act([begin("mine.1")]);
  const more = model.act([["p", "mine.1", encodePoints([point(5, 9)], point(0, 0)), 1]]);
  assert.deepEqual(pointsOf(model, "mine.1"), [0, 5]);
  sink.append([begin("other.1", 50, 1)], 1, 0);
  assert.deepEqual(visible(model), ["other.1", "mine.1"]);
  sink.append([begin("mine.1")], 2, 1);
  first.stored(2);
  assert.deepEqual(pointsOf(model, "mine.1"), [0, 5], "the points that the log does not have yet stay");
  sink.append([["p", "mine.1", encodePoints([point(5, 9)], point(0, 0)), 1]], 3, 2);
  more.stored(3);
  assert.deepEqual(pointsOf(model, "mine.1"), [0, 5]);
  assert.deepEqual(visible(model), ["other.1", "mine.1"]);
});

test("a stroke whose beginning the log has, and nothing else is pending, goes on at once", () => {
  const { model, sink, changes } = open();
  sink.reset([], 0);
  const first = model.act([begin("mine.1")]);
  sink.append([begin("mine.1")], 1, 0);
  first.stored(1);
  model.act([["p", "mine.1", encodePoints([point(5, 9)], point(0, 0)), 0]]);
  assert.deepEqual(pointsOf(model, "mine.1"), [0, 5]);
  assert.deepEqual(changes.at(-1), { how: "set", ids: ["mine.1"] });
  const last = model.act([["p", "mine.1", encodePoints([point(8, 17)], point(5, 9)), 1]]);
  const content = model.item("mine.1")?.content;
  assert.ok(content?.type === "stroke" && content.ended, "it is over before the room says so");
  last.refused();
  assert.deepEqual(pointsOf(model, "mine.1"), [0, 5], "what was refused is gone, and what was not stays");
});

test("what the room refuses is gone again", () => {
  const { model, sink } = open();
  sink.reset([begin("other.1", 0, 1)], 4);
  const put = model.act([text]);
  const remove = model.act([["d", ["other.1"]]]);
  assert.deepEqual(visible(model), ["mine.9"]);
  put.refused();
  remove.refused();
  assert.deepEqual(visible(model), ["other.1"]);
});

test("a change of before the acknowledgement stays until the log has it, also when others change the same", () => {
  const { model, sink } = open();
  sink.reset([begin("other.1", 0, 1)], 1);
  const move = model.act([["m", "other.1", 100, 0, 1]]);
  sink.append([["m", "other.1", 7, 0, 1]], 2, 1);
  assert.equal(model.item("other.1")?.dx, 100);
  move.stored(3);
  assert.equal(model.item("other.1")?.dx, 100);
  sink.append([["m", "other.1", 100, 0, 1]], 3, 2);
  sink.append([["m", "other.1", 9, 0, 1]], 4, 3);
  assert.equal(model.item("other.1")?.dx, 9);
});

test("a fold that has what is pending takes its place, and one that has not keeps it", () => {
  const { model, sink } = open();
  sink.reset([], 0);
  const stored = model.act([begin("mine.1", 0, 1)]);
  const waiting = model.act([begin("mine.2", 0, 1)]);
  stored.stored(5);
  sink.reset([begin("mine.1", 0, 1)], 6);
  assert.deepEqual(visible(model), ["mine.1", "mine.2"]);
  waiting.stored(7);
  sink.append([begin("mine.2", 0, 1)], 7, 6);
  assert.deepEqual(model.items(), Page.of([begin("mine.1", 0, 1), begin("mine.2", 0, 1)]).items());
});

test("strokes of others are told as written, other changes are not, and a new fold as all", () => {
  const { sink, changes, model } = open();
  sink.reset([], 0);
  sink.append([begin("other.1")], 1, 0);
  sink.append([["d", ["other.1"]]], 2, 1);
  model.act([begin("mine.1")]);
  assert.deepEqual(changes, [
    { how: "all" },
    { how: "written", ids: ["other.1"] },
    { how: "set", ids: ["other.1"] },
    { how: "set", ids: ["mine.1"] },
  ]);
});

test("which of two items is above the other follows their order, in the log and over it", () => {
  const { model, sink } = open();
  sink.reset([begin("other.1", 0, 1), begin("other.2", 0, 1)], 2);
  model.act([begin("mine.1", 0, 1)]);
  model.act([begin("mine.2", 0, 1)]);
  sink.append([begin("mine.2", 0, 1), begin("other.3", 0, 1)], 4, 2);
  const order = visible(model);
  assert.deepEqual(order, ["other.1", "other.2", "mine.2", "other.3", "mine.1"]);
  for (const [i, one] of order.entries())
    for (const [j, other] of order.entries()) assert.equal(model.isAbove(one, other), i > j, `${one} above ${other}`);
});
