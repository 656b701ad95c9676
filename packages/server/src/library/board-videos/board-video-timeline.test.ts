import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardLogEntry } from "../../contracts/rooms/board-log.ts";
import { type BoardVideoEvent, boardVideoEvents, shownSpans } from "./board-video-timeline.ts";

const BEGIN = 1_000_000;
/** Ten seconds, a pause of five, and ten more. */
const SPANS = [
  { at: BEGIN, position: 0, length: 10_000, lasts: 10_000 },
  { at: BEGIN + 15_000, position: 10_000, length: 10_000, lasts: 10_000 },
];
const BOARD = { set: 1, title: "", count: 2, height: 3600, pages: "board", background: "grid" };
const SLIDES = { set: 2, title: "Maths", count: 9, height: 4800, pages: "slides", material: "m1" };

let seq = 0;
type More = Partial<Pick<BoardLogEntry, "gone" | "epoch">>;
/** @param at after the beginning of the recording */
const entry = (at: number, kind: string, key: string | null, body: object, more: More = {}): BoardLogEntry => ({
  at: BEGIN + at,
  epoch: "e",
  seq: ++seq,
  kind,
  key,
  gone: false,
  body: body as BoardLogEntry["body"],
  ...more,
});
const set = (at: number, of: typeof BOARD | typeof SLIDES, more: More = {}) => entry(at, "page", `page/${of.set}`, of, more);
const show = (at: number, page: string | null, more: More = {}) => entry(at, "page", "page/shown", { page, view: null }, more);
const draw = (at: number, page: string, id: string, more: More = {}) =>
  entry(at, "stroke", null, { page, ops: [["d", [id]]] }, more);

async function* each(...entries: readonly BoardLogEntry[]): AsyncGenerator<BoardLogEntry> {
  yield* entries;
}

async function eventsOf(...entries: readonly BoardLogEntry[]): Promise<string[]> {
  const told: string[] = [];
  for await (const event of boardVideoEvents(each(...entries), SPANS)) told.push(`${event.at} ${nameOf(event)}`);
  return told;
}

function nameOf(event: BoardVideoEvent): string {
  if (event.kind === "cleared") return "cleared";
  if (event.kind === "drawn") return `${event.page} ${JSON.stringify(event.operations)}`;
  return event.page ? `${event.page.id} ${JSON.stringify(event.page.ground)} ${event.page.height}` : "nothing";
}

const spansOf = (...entries: readonly BoardLogEntry[]) => shownSpans(boardVideoEvents(each(...entries), SPANS), SPANS);

test("what was drawn and shown before the recording is there at its beginning", async () => {
  assert.deepEqual(await eventsOf(set(-9000, BOARD), draw(-8000, "1.1", "a"), show(-7000, "1.1"), draw(1000, "1.1", "b")), [
    '0 1.1 [["d",["a"]]]',
    '0 1.1 {"background":"grid"} 3600',
    '1000 1.1 [["d",["b"]]]',
  ]);
});

test("what happened in a pause of the recording is where it goes on, and what came after its end is left out", async () => {
  const told = await eventsOf(
    ...[set(0, BOARD), show(9000, "1.1"), draw(12_000, "1.1", "a"), draw(16_000, "1.1", "b"), show(26_000, null)],
  );
  assert.deepEqual(told, ['9000 1.1 {"background":"grid"} 3600', '10000 1.1 [["d",["a"]]]', '11000 1.1 [["d",["b"]]]']);
});

test("a turned page is another one, with the number of its slide and the height of its set", async () => {
  assert.deepEqual(await eventsOf(set(0, BOARD), set(0, SLIDES), show(1000, "2.3"), show(2000, "2.4"), show(3000, "1.2")), [
    '1000 2.3 {"material":"m1","page":3} 4800',
    '2000 2.4 {"material":"m1","page":4} 4800',
    '3000 1.2 {"background":"grid"} 3600',
  ]);
});

test("a page whose background changes is shown in the new way; other sets change nothing", async () => {
  const told = await eventsOf(set(0, BOARD), show(1000, "1.1"), set(2000, { ...BOARD, background: "lines" }), set(3000, SLIDES));
  assert.deepEqual(told, ['1000 1.1 {"background":"grid"} 3600', '2000 1.1 {"background":"lines"} 3600']);
});

test("a set that is closed is not shown any more", async () => {
  const told = await eventsOf(set(0, BOARD), show(1000, "1.1"), set(2000, BOARD, { gone: true }), show(2000, null));
  assert.deepEqual(told.slice(1), ["2000 nothing", "2000 nothing"]);
});

test("a log that begins again has other pages", async () => {
  const again = { epoch: "f" };
  const told = await eventsOf(set(0, BOARD), show(1000, "1.1"), draw(2000, "1.1", "a", again), show(3000, "1.1", again));
  assert.deepEqual(told.slice(1), ["2000 cleared", "2000 nothing", '2000 1.1 [["d",["a"]]]', "3000 nothing"]);
});

test("a page is shown from its time until another time, over turned pages, and to the end", async () => {
  assert.deepEqual(
    await spansOf(set(-5, BOARD), show(1000, "1.1"), show(2000, "1.2"), show(3000, null), show(4000, null), show(16_000, "1.1")),
    [
      { from: 1000, to: 3000 },
      { from: 11_000, to: 20_000 },
    ],
  );
});

test("a page that was shown and put away in a pause, or before the recording, is never seen", async () => {
  assert.deepEqual(await spansOf(set(-5, BOARD), show(-4, "1.1"), show(-3, null), show(11_000, "1.1"), show(13_000, null)), []);
  assert.deepEqual(await spansOf(set(-5, BOARD), show(-4, "1.1")), [{ from: 0, to: 20_000 }]);
});

test("a recording without anything has no time at which a page is shown", async () => {
  assert.deepEqual(await shownSpans(boardVideoEvents(each(), []), []), []);
});
