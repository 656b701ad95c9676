/** The worker that draws wet ink: it follows the pen, and appears as it was written, whatever the page has to do. */
import { drawItem, InkPlayer, type Item, type ItemId, Outlines, type Point, type Stroke } from "@lectern/board";
import type { CanvasPlace } from "../pages/view-box.ts";
import { GrowingLayer } from "./growing-layer.ts";
import { type Ink, type ToWetInk, unpacked, type WetInkMessage } from "./wet-ink-messages.ts";

/** `more`: newest samples, which are not among the points. */
type WetStroke = { readonly ink: Ink; points: readonly Point[]; more: readonly Point[] };

const strokes = new Map<ItemId, WetStroke>();
const player = new InkPlayer();
const outlines = new Outlines();
const liveOutlines = outlines.live((id) => strokes.get(id)?.more.length ?? 0);
let layer: GrowingLayer | null = null;
let place: CanvasPlace | null = null;
let isRequested = false;
/** How many points of each stroke the last drawing showed; null: it is to be drawn again. */
let lastShown: string | null = null;

addEventListener("message", ({ data }: MessageEvent<ToWetInk>) => {
  for (const message of data) obey(message);
  lastShown = null;
  // What this person writes is shown at once, everything else with the next frame.
  if (data.some(({ kind }) => kind === "more")) draw();
  else drawSoon();
});

function obey(message: WetInkMessage): void {
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
    case "played":
      return change(message.id, (stroke) => {
        const points = [...stroke.points, ...unpacked(message.points)];
        player.take(message.id, points, stroke.points.length, performance.now());
        return { points };
      });
    case "end":
      strokes.delete(message.id);
      outlines.forget(message.id);
  }
}

function change(id: ItemId, to: (stroke: WetStroke) => Partial<WetStroke>): void {
  const stroke = strokes.get(id);
  if (stroke) Object.assign(stroke, to(stroke));
}

function draw(): void {
  const now = performance.now();
  const items = [...strokes].map(([id, stroke]) => itemOf(id, stroke, now));
  const shown = items.map(({ content }) => content.points.length).join();
  if (shown !== lastShown)
    layer?.show({
      items,
      pageHeight: place?.pageHeight ?? 0,
      draw: (context, item) => drawItem<CanvasImageSource>(context, item, { outlines: liveOutlines, image: () => null }),
    });
  lastShown = shown;
  if (player.isPlaying(now)) drawSoon();
}

function drawSoon(): void {
  if (isRequested) return;
  isRequested = true;
  requestAnimationFrame(() => {
    isRequested = false;
    draw();
  });
}

function itemOf(id: ItemId, { ink, points, more }: WetStroke, now: number): Item & { readonly content: Stroke } {
  const shown = points.slice(0, player.shown(id, points.length, now));
  const content: Stroke = { type: "stroke", ...ink, points: [...shown, ...more], ended: false };
  return { id, content, dx: 0, dy: 0, scale: 1, deleted: false };
}
