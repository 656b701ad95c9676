/** A newcomer's page, and what the server has joined around it, make the same page as each operation by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints, joined, type Operation, Page, type Point } from "@lectern/board";
import fc from "fast-check";
import { withoutKnown } from "./known-points.ts";

const steps = fc.record({ x: fc.integer({ min: -2, max: 2 }), y: fc.integer({ min: 0, max: 1 }) });

/** What a pen sends: the beginning of a stroke, batches of points, its end; strokes of two people are mixed. */
const writing = fc
  .array(
    fc.record({
      person: fc.constantFrom("aaaa", "bbbb"),
      points: fc.array(steps, { minLength: 1, maxLength: 4 }),
      ends: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((batches) => {
    // A pen that moves evenly says the same again and again; then it is not known what is new.
    let uneven = 0;
    const strokes = new Map<string, { number: number; last: Point | null }>();
    return batches.map(({ person, points, ends }): Operation => {
      const stroke = strokes.get(person) ?? { number: 1, last: null };
      strokes.set(person, stroke);
      const { last } = stroke;
      let [x, y, at] = last ? [last.x, last.y, last.at] : [500, 500, 0];
      const drawn = points.map((step) => {
        [x, y, at] = [x + step.x, y + step.y, at + ++uneven];
        return { x, y, pressure: 0.5, at };
      });
      const id = `${person}.${stroke.number}`;
      const ended = ends ? 1 : 0;
      const operation: Operation =
        last === null ? ["s", id, "pen", "black", 12, encodePoints(drawn), ended] : ["p", id, encodePoints(drawn, last), ended];
      Object.assign(stroke, ends ? { number: stroke.number + 1, last: null } : { last: drawn.at(-1) });
      return operation;
    });
  });

test("wherever the fold of a page lies in what was joined, each point is drawn once", () => {
  fc.assert(
    fc.property(writing, fc.nat(), fc.nat(), fc.nat(), (operations, one, two, three) => {
      const [from, fold, to] = [one, two, three].map((place) => place % (operations.length + 1)).toSorted((a, b) => a - b) as [
        number,
        number,
        number,
      ];
      const page = Page.of(operations.slice(0, fold));
      for (const operation of withoutKnown(page, joined(operations.slice(from, to)))) page.apply(operation);
      for (const operation of operations.slice(Math.max(fold, to))) page.apply(operation);
      assert.deepEqual(page.items(), Page.of(operations).items());
    }),
    { numRuns: 2000 },
  );
});
