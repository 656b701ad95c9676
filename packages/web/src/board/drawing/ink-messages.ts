/** What a page tells the worker that draws the strokes in hand. */
import type { Color, ItemId, Point, Tool } from "@lectern/board";
import type { CanvasPlace } from "../canvas/board-canvas.ts";

export type Ink = { readonly tool: Tool; readonly color: Color /** In units. */; readonly width: number };

export type ToInkWorker =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | { readonly kind: "place"; readonly place: CanvasPlace }
  | { readonly kind: "begin"; readonly id: ItemId; readonly ink: Ink }
  /** Samples, until points take their place. */
  | { readonly kind: "more"; readonly id: ItemId; readonly samples: readonly Point[] }
  /** Points that stay, in the place of all samples. */
  | { readonly kind: "points"; readonly id: ItemId; readonly points: readonly Point[] }
  /** It is shown elsewhere now. */
  | { readonly kind: "end"; readonly id: ItemId };
