/** What a page tells the worker that draws wet ink. */
import type { InkOptions, ItemId, Point } from "@lectern/board";
import type { CanvasPlace } from "../pages/view-box.ts";

export type Ink = Omit<InkOptions, "id">;

/** x, y, pressure, time, x, …: what browsers copy faster than objects. */
export type PackedPoints = readonly number[];

/** What is told at once: each call of a worker costs a page as much as a long list. */
export type ToWetInk = readonly WetInkMessage[];

export type WetInkMessage =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "place"; readonly place: CanvasPlace }
  | { readonly kind: "begin"; readonly id: ItemId; readonly ink: Ink }
  /** Samples, until points take their place. */
  | { readonly kind: "more"; readonly id: ItemId; readonly samples: PackedPoints }
  /** Points that stay, in the place of all samples. */
  | { readonly kind: "points"; readonly id: ItemId; readonly points: PackedPoints }
  /** Points that have come, and appear over the time in which they were written. */
  | { readonly kind: "played"; readonly id: ItemId; readonly points: PackedPoints }
  /** It is shown elsewhere now. */
  | { readonly kind: "end"; readonly id: ItemId };

export function packed(points: readonly Point[]): PackedPoints {
  const numbers: number[] = [];
  for (const { x, y, pressure, at } of points) numbers.push(x, y, pressure, at);
  return numbers;
}

export function unpacked(numbers: PackedPoints): readonly Point[] {
  return Array.from({ length: numbers.length / 4 }, (_, i) => {
    const [x = 0, y = 0, pressure = 0, at = 0] = numbers.slice(4 * i, 4 * i + 4);
    return { x, y, pressure, at };
  });
}
