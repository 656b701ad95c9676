/** The studio in Chromium while the teacher writes: what it asks the server for again and again waits for the end of a stroke. Only with --all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openBoard, teachSilently } from "./board-lessons.ts";
import { line } from "./handwriting.ts";

/** A stroke takes two thirds of a second: no request has to wait for longer than it may. */
const STROKE = line({ x: 60, y: 60 }, { x: 400, y: 90 }, 80);
const STROKES = 14;
const GAP_MS = 250;
/** What may wait comes by then, however long a stroke is. */
const MOST_MS = 1000;
/** What was decided before the pen came down may begin so long after it: a busy machine holds the page up in between. */
const DECIDED_MS = 50;
/** In 12 seconds, of which most would be within strokes. */
const LEAST_REQUESTS = 5;

test("while the teacher's pen is down, the studio asks the server for nothing", async (t) => {
  const { studio } = await teachSilently(t);
  const stylus = await openBoard(studio);
  await studio.evaluate(() => {
    const times = { down: [] as number[], up: [] as number[] };
    // After the page's own listeners: from then on it knows of the stroke.
    addEventListener("pointerdown", () => times.down.push(performance.now()));
    addEventListener("pointerup", () => times.up.push(performance.now()), { capture: true });
    performance.clearResourceTimings();
    Object.assign(window, { times });
  });
  for (let i = 0; i < STROKES; i++) {
    await stylus.draw(STROKE.map((point) => ({ ...point, y: point.y + 16 * i })));
    await sleep(GAP_MS);
  }
  const { times, asked } = await studio.evaluate(() => ({
    times: (window as unknown as { times: { down: number[]; up: number[] } }).times,
    asked: performance.getEntriesByType("resource").flatMap(({ name, startTime }) => {
      const { pathname } = new URL(name);
      // What the player tells of itself is not the studio's.
      return pathname.startsWith("/api/") && pathname !== "/api/v1/views" ? [{ pathname, at: startTime }] : [];
    }),
  }));
  assert.equal(times.down.length, STROKES);
  assert.ok(asked.length >= LEAST_REQUESTS, `asked: ${JSON.stringify(asked)}`);
  const within = asked.filter(({ at }) =>
    times.down.some((down, i) => at > down + DECIDED_MS && at < Math.min(times.up[i] ?? Number.POSITIVE_INFINITY, down + MOST_MS)),
  );
  assert.deepEqual(within, []);
});
