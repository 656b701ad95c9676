import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePoints, type Point } from "@lectern/board";
import { arc, handwriting, penOperations } from "./handwriting.ts";
import { LESSON_ROUND, ROUND_SECONDS, STUDENTS } from "./lesson-script.ts";

test("the pieces of a line are one stroke, which goes through its places in the time that a pen takes", () => {
  const line = [
    [100, 200],
    [1700, 200],
    [1700, 1000],
  ] as const;
  const [first, ...rest] = penOperations("ab12.1", line, "blue");
  assert.deepEqual(first?.slice(0, 4), ["s", "ab12.1", "pen", "blue"]);
  assert.deepEqual(first?.at(-1), 0);
  assert.ok(rest.length > 5 && rest.every(([kind, id]) => kind === "p" && id === "ab12.1"));
  assert.deepEqual(rest.map((one) => one.at(-1)).filter((ended) => ended === 1).length, 1);
  assert.equal(rest.at(-1)?.at(-1), 1);
  const points: Point[] = [];
  for (const text of [first?.[5], ...rest.map((one) => one[2])]) {
    const piece = decodePoints(String(text), points.at(-1));
    assert.ok(piece);
    points.push(...piece);
  }
  for (const [x, y] of line)
    assert.ok(
      points.some((point) => point.x === x && point.y === y),
      `${x}, ${y}`,
    );
  assert.equal(points.at(-1)?.at, 1500);
});

test("a fraction is two numbers and a line, and a circle ends where it begins", () => {
  assert.equal(handwriting("1/2", 0, 0, 100).length, 3);
  const [start = [0, 0], end = [0, 0]] = [arc(0, 0, 10, 0, 1).at(0), arc(0, 0, 10, 0, 1).at(-1)];
  assert.ok(Math.hypot(start[0] - end[0], start[1] - end[1]) < 0.001);
});

test("a round is told in its order, fits its time, and is of people who are there", () => {
  const times = LESSON_ROUND.map(({ atSeconds }) => atSeconds);
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
  assert.ok((times.at(-1) ?? 0) < ROUND_SECONDS);
  for (const moment of LESSON_ROUND) {
    if ("who" in moment && moment.who !== "teacher") assert.ok(STUDENTS.includes(moment.who));
    if ("writes" in moment)
      for (const line of moment.writes) for (const [x, y] of line) assert.ok(x > 0 && x < 6400 && y > 0 && y < 3600);
  }
});
