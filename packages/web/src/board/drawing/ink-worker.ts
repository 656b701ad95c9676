/** The worker that draws the strokes in hand: they follow the pen, whatever the page has to do. */
import { drawItem, type Item, type ItemId, Outlines, type Point, type Stroke } from "@lectern/board";
import type { CanvasPlace } from "../canvas/board-canvas.ts";
import { GrowingLayer } from "../canvas/growing-layer.ts";
import { type Ink, type InkMessage, type ToInkWorker, unpacked } from "./ink-messages.ts";

type InHand = { readonly ink: Ink; points: readonly Point[]; more: readonly Point[] };

const strokes = new Map<ItemId, InHand>();
const outlines = new Outlines();
const liveOutlines = {
  of: (id: ItemId, stroke: Stroke) => outlines.ofLive(id, stroke, stroke.points.length - (strokes.get(id)?.more.length ?? 0)),
};
let layer: GrowingLayer | null = null;
let place: CanvasPlace | null = null;

addEventListener("message", ({ data }: MessageEvent<ToInkWorker>) => {
  for (const message of data) obey(message);
  draw();
});

function obey(message: InkMessage): void {
  switch (message.kind) {
    case "canvas":
      layer = new GrowingLayer(message.canvas);
      return postMessage("ready");
    case "place":
      place = message.place;
      layer?.place(place.frame, place.ratio, place.box);
      return;
    case "begin":
      strokes.set(message.id, { ink: message.ink, points: [], more: [] });
      return;
    case "more":
      return change(message.id, ({ more }) => ({ more: [...more, ...unpacked(message.samples)] }));
    case "points":
      return change(message.id, ({ points }) => ({ points: [...points, ...unpacked(message.points)], more: [] }));
    case "end":
      strokes.delete(message.id);
      outlines.forget(message.id);
  }
}

function change(id: ItemId, to: (stroke: InHand) => Partial<InHand>): void {
  const stroke = strokes.get(id);
  if (stroke) Object.assign(stroke, to(stroke));
}

function draw(): void {
  layer?.show({
    items: [...strokes].map(itemOf),
    pageHeight: place?.pageHeight ?? 0,
    draw: (context, item) => drawItem<CanvasImageSource>(context, item, { outlines: liveOutlines, image: () => null }),
  });
}

function itemOf([id, { ink, points, more }]: [ItemId, InHand]): Item {
  const content: Stroke = { type: "stroke", ...ink, points: [...points, ...more], ended: false };
  return { id, content, dx: 0, dy: 0, scale: 1, deleted: false };
}
