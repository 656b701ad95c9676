/** Writes digits and signs as a pen does: strokes of the board, in pieces as they would come from a pen. */
import { encodePoints, type Operation, type Point } from "@lectern/board";

type Place = readonly [x: number, y: number];

/** Lines of each sign, in a box of one by one whose y grows downwards. */
const SIGNS: Readonly<Record<string, readonly (readonly Place[])[]>> = {
  "1": [
    [
      [0.3, 0.2],
      [0.55, 0],
      [0.55, 1],
    ],
  ],
  "2": [
    [
      [0.15, 0.25],
      [0.3, 0.03],
      [0.65, 0.03],
      [0.8, 0.28],
      [0.6, 0.55],
      [0.15, 1],
      [0.85, 1],
    ],
  ],
  "3": [
    [
      [0.15, 0.12],
      [0.45, 0],
      [0.78, 0.2],
      [0.6, 0.45],
      [0.4, 0.48],
      [0.7, 0.52],
      [0.82, 0.78],
      [0.5, 1],
      [0.12, 0.88],
    ],
  ],
  "4": [
    [
      [0.6, 0],
      [0.1, 0.68],
      [0.9, 0.68],
    ],
    [
      [0.65, 0.4],
      [0.65, 1],
    ],
  ],
  "+": [
    [
      [0.5, 0.25],
      [0.5, 0.8],
    ],
    [
      [0.2, 0.52],
      [0.8, 0.52],
    ],
  ],
  "=": [
    [
      [0.15, 0.4],
      [0.85, 0.4],
    ],
    [
      [0.15, 0.65],
      [0.85, 0.65],
    ],
  ],
  "?": [
    [
      [0.2, 0.22],
      [0.45, 0],
      [0.75, 0.2],
      [0.5, 0.5],
      [0.48, 0.72],
    ],
    [
      [0.48, 0.94],
      [0.5, 0.97],
    ],
  ],
};
/** A pen moves so far in a millisecond, in units of the board. */
const SPEED = 1.6;
const STEP = 30;
const WIDTH = 26;
/** What is sent at a time. */
export const PIECE_MS = 120;

/** Places of a circle, or of a part of it: turns from the top, clockwise. */
export function arc(x: number, y: number, radius: number, from: number, to: number): readonly Place[] {
  const steps = Math.max(2, Math.ceil((to - from) * 40));
  return Array.from({ length: steps + 1 }, (_, at) => {
    const angle = 2 * Math.PI * (from + ((to - from) * at) / steps);
    return [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
  });
}

/** A fraction is `1/2`, one number above the other. */
export function handwriting(text: string, x: number, y: number, size: number): readonly (readonly Place[])[] {
  let at = x;
  return text.split(" ").flatMap((word) => {
    const [over = "", under] = word.split("/");
    const left = at;
    at += size * (under === undefined ? 0.9 : 0.8);
    if (under === undefined) return sign(over, left, y + size * 0.45, size * 0.6);
    const bar = y + size * 0.78;
    return [
      ...sign(over, left, y, size * 0.6),
      [
        [left - size * 0.05, bar],
        [left + size * 0.55, bar],
      ] as const,
      ...sign(under, left, y + size * 0.95, size * 0.6),
    ];
  });
}

function sign(name: string, x: number, y: number, size: number): readonly (readonly Place[])[] {
  return (SIGNS[name] ?? []).map((line) => line.map(([dx, dy]): Place => [x + dx * size * 0.7, y + dy * size]));
}

/**
 * The operations that write a line, one after the other.
 * @param id of the stroke
 */
export function penOperations(id: string, line: readonly Place[], color: "black" | "blue" | "red" | "green"): readonly Operation[] {
  const points = penPoints(line);
  const pieces = Map.groupBy(points, ({ at }) => Math.floor(at / PIECE_MS));
  let before: Point | undefined;
  return [...pieces.values()].map((piece, at): Operation => {
    const text = encodePoints(piece, before);
    before = piece.at(-1);
    const ended = at === pieces.size - 1 ? 1 : 0;
    return at === 0 ? ["s", id, "pen", color, WIDTH, text, ended] : ["p", id, text, ended];
  });
}

function penPoints(line: readonly Place[]): readonly Point[] {
  let [length, last] = [0, line[0] ?? ([0, 0] as const)];
  const points: Point[] = [{ x: Math.round(last[0]), y: Math.round(last[1]), pressure: 0.5, at: 0 }];
  for (const [x, y] of line.slice(1)) {
    const distance = Math.hypot(x - last[0], y - last[1]);
    const steps = Math.max(1, Math.round(distance / STEP));
    for (let step = 1; step <= steps; step++) {
      const share = step / steps;
      const at = Math.round((length + distance * share) / SPEED);
      points.push({
        x: Math.round(last[0] + (x - last[0]) * share),
        y: Math.round(last[1] + (y - last[1]) * share),
        pressure: 0.5,
        at,
      });
    }
    length += distance;
    last = [x, y];
  }
  return points;
}
