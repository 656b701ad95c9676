/** Defines what a page and the worker that draws live strokes tell each other; of a person with a pen, the worker also sends what is written. */
import type { InkOptions, ItemId, Operation, PageId, Point } from "@lectern/board";
import type { RoomErrorFields } from "../../room/room-error.ts";
import type { CanvasViewport } from "../pages/view-box.ts";

export type Ink = Omit<InkOptions, "id">;

/** x, y, pressure, time, x, …: what browsers copy faster than objects. */
export type PackedPoints = readonly number[];

/** What is told at once: each call of a worker costs a page as much as a long list. */
export type ToLiveStrokes = readonly (LiveStrokeMessage | PenMessage)[];

export type LiveStrokeMessage =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "place"; readonly place: CanvasViewport }
  | { readonly kind: "begin"; readonly id: ItemId; readonly ink: Ink }
  /** Samples, until points take their place. */
  | { readonly kind: "more"; readonly id: ItemId; readonly samples: PackedPoints }
  /** Points that stay, in the place of all samples. */
  | { readonly kind: "points"; readonly id: ItemId; readonly points: PackedPoints }
  /** Points that have come, and appear over the time in which they were written. */
  | { readonly kind: "played"; readonly id: ItemId; readonly points: PackedPoints }
  /** It is shown elsewhere now. */
  | { readonly kind: "end"; readonly id: ItemId };

/** Operations have numbers of the page's making, another one each time. */
export type PenMessage =
  /** To the room: see `NumberedAction`. */
  | { readonly kind: "line"; readonly port: MessagePort }
  /** Between two batches, in milliseconds. */
  | { readonly kind: "pace"; readonly intervalMs: number }
  /** The samples of a stroke that has begun are sent, until the pen is lifted. `number`: of its last operation. */
  | { readonly kind: "write"; readonly number: number; readonly page: PageId; readonly id: ItemId; readonly ink: Ink }
  | { readonly kind: "lift" }
  | { readonly kind: "operation"; readonly number: number; readonly page: PageId; readonly operation: Operation }
  /** The page does without it from now on: it ends once everything is sent. */
  | { readonly kind: "over" };

export type FromLiveStrokes =
  /** The first that is told. */
  | { readonly kind: "ready" }
  /** The pen was lifted. `operation`: the whole stroke, as it was sent. */
  | { readonly kind: "written"; readonly number: number; readonly operation: Operation }
  | { readonly kind: "stored"; readonly numbers: readonly number[]; readonly seq: number }
  /** `numbers` may be none: a part of a stroke that goes on. */
  | { readonly kind: "refused"; readonly numbers: readonly number[]; readonly error: RoomErrorFields };

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
