/** Provides a page of a board with thousands of strokes, which a program puts there. */
import assert from "node:assert/strict";
import { InkWriter, type Operation, PAGE_WIDTH } from "@lectern/board";
import { BOARD_PIXELS } from "./board-pages.ts";
import { Handwriting, SAMPLE_MS } from "./handwriting.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body } from "./lesson-client.ts";

/** Of an action: it has at most 16 kB. */
const STROKES_OF_ACTION = 80;
/** As a character has: words in one go are longer, and fewer fit on a page. */
const MOST_SAMPLES = 26;
const WIDTH = 13;
const PAGE = "1.1";

/** Written by hand, from line to line and over the page again. */
function* strokes(count: number): Generator<Operation> {
  const hand = new Handwriting(77, BOARD_PIXELS);
  const units = PAGE_WIDTH / BOARD_PIXELS.width;
  for (let made = 0; made < count; ) {
    const { points } = hand.next();
    if (points.length > MOST_SAMPLES) continue;
    const samples = points.map(({ x, y, pressure }, i) => ({ x: x * units, y: y * units, pressure, time: i * SAMPLE_MS }));
    const [first, ...others] = samples;
    assert.ok(first);
    const writer = new InkWriter({ id: `made.${++made}`, tool: "pen", color: "black", width: WIDTH }, first);
    for (const sample of others) writer.add(sample);
    yield writer.end();
  }
}

/** Puts strokes on the first page of a board, many at a time: a person may send only so much a second. */
export async function fillPage(server: Lectern, lesson: Body, count: number): Promise<void> {
  const all = [...strokes(count)];
  for (let i = 0; i < all.length; i += STROKES_OF_ACTION) {
    const action = { id: `fill-${i}`, kind: "stroke", page: PAGE, ops: all.slice(i, i + STROKES_OF_ACTION) };
    await until(async () => {
      const { status, body } = await ask(server, "POST", `/lessons/${lesson.id}/room/entries`, action);
      assert.ok(status < 300 || status === 429, JSON.stringify(body));
      return status < 300;
    }, `strokes from ${i} on`);
  }
}
