/**
 * Provides points as text: for each the differences of x, y, pressure (in 1/64) and time to the point before, as zigzag numbers of variable length in
 * base64 digits (five bits and a continuation bit a digit, as in source maps, whose zigzag this is). A point of handwriting takes five or six
 * characters.
 *
 * The first point of a text counts from the last one before it, so the texts of a stroke's batches, written one after the other, are the text of the stroke.
 */
import type { Point } from "./shapes.ts";

/** What the first point of a stroke counts from. */
export const ORIGIN: Point = { x: 0, y: 0, pressure: 0, at: 0 };

/** Nothing lies further from a page's corner, in units. Text that says otherwise is held to it. */
export const MAX_COORDINATE = 65_535;
/** A stroke takes no longer than an hour. */
const MAX_TIME = 3_600_000;
/** Pressure is written in steps of a sixty-fourth. */
const PRESSURES = 64;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** By the digit's code; -1: it is none. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));
const BITS = 5;
const CONTINUES = 1 << BITS;
/** Four digits hold all differences that can be written but those of long times; six hold any number below 2³⁰. */
const MAX_DIGITS = 6;

/** @param after the last point of the stroke so far */
export function encodePoints(points: readonly Point[], after: Point = ORIGIN): string {
  let text = "";
  let before = after;
  for (const point of points) {
    const next = exact(point);
    text += digitsOf(next.x - before.x) + digitsOf(next.y - before.y);
    text += digitsOf(Math.round((next.pressure - before.pressure) * PRESSURES));
    const at = Math.max(before.at, next.at);
    text += digitsOf(at - before.at);
    before = { ...next, at };
  }
  return text;
}

/**
 * Reads points of an untrusted text. Null: the text is none.
 * @param after the last point of the stroke so far
 * @param most more points than that are none either
 */
export function decodePoints(text: string, after: Point = ORIGIN, most = Number.POSITIVE_INFINITY): Point[] | null {
  const points: Point[] = [];
  let before = after;
  // Of a point. No list of them: pages have hundreds of thousands of points.
  let [dx, dy, dp] = [0, 0, 0];
  let [field, value, digits] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const bits = VALUES[text.charCodeAt(i)] ?? -1;
    if (bits < 0 || digits === MAX_DIGITS) return null;
    value += (bits & (CONTINUES - 1)) << (BITS * digits);
    digits++;
    if (bits & CONTINUES) continue;
    const difference = value & 1 ? -(value >> 1) : value >> 1;
    value = digits = 0;
    field++;
    if (field === 1) dx = difference;
    else if (field === 2) dy = difference;
    else if (field === 3) dp = difference;
    else {
      if (points.length >= most) return null;
      before = moved(before, dx, dy, dp, difference);
      points.push(before);
      field = 0;
    }
  }
  return digits === 0 && field === 0 ? points : null;
}

/** A point as it is after it was written and read. */
export function exact({ x, y, pressure, at }: Point): Point {
  return {
    x: between(Math.round(x), -MAX_COORDINATE, MAX_COORDINATE),
    y: between(Math.round(y), -MAX_COORDINATE, MAX_COORDINATE),
    pressure: between(Math.round(pressure * PRESSURES), 0, PRESSURES) / PRESSURES,
    at: between(Math.round(at), 0, MAX_TIME),
  };
}

function moved({ x, y, pressure, at }: Point, dx: number, dy: number, dp: number, dt: number): Point {
  return exact({ x: x + dx, y: y + dy, pressure: pressure + dp / PRESSURES, at: at + Math.max(0, dt) });
}

function digitsOf(difference: number): string {
  let rest = difference < 0 ? (-difference << 1) | 1 : difference << 1;
  let text = "";
  do {
    const bits = rest & (CONTINUES - 1);
    rest >>>= BITS;
    text += DIGITS[rest > 0 ? bits | CONTINUES : bits];
  } while (rest > 0);
  return text;
}

/** Also holds what is no number to the bounds. */
function between(value: number, least: number, most: number): number {
  if (!(value > least)) return least === 0 || Number.isFinite(value) || value === Number.NEGATIVE_INFINITY ? least : 0;
  // A sum with -0 would not be what is read again.
  return Math.min(value, most) + 0;
}
