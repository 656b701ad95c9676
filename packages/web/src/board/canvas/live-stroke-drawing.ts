/** Provides the strokes of live strokes, and the canvas on which a worker shows them. */
import { drawItem, InkPlayer, type Item, type ItemId, Outlines, type Point, type Stroke } from "@lectern/board";
import type { CanvasViewport } from "../pages/view-box.ts";
import { GrowingLayer } from "./growing-layer.ts";
import { type Ink, type LiveStrokeMessage, type ToLiveStrokes, unpacked } from "./live-stroke-messages.ts";

/** `more`: newest samples, which are not among the points. */
type LiveStroke = { readonly ink: Ink; points: readonly Point[]; more: readonly Point[] };

export class LiveStrokeDrawing {
  private readonly strokes = new Map<ItemId, LiveStroke>();
  private readonly player = new InkPlayer();
  private readonly outlines = new Outlines();
  private readonly liveOutlines = this.outlines.live((id) => this.strokes.get(id)?.more.length ?? 0);
  private layer: GrowingLayer | null = null;
  private place: CanvasViewport | null = null;
  private isRequested = false;
  /** How many points of each stroke the last drawing showed; null: it is to be drawn again. */
  private lastShown: string | null = null;

  /** @param messages those about a pen are not for it */
  take(messages: ToLiveStrokes): void {
    for (const message of messages) this.obey(message);
    this.lastShown = null;
    // What this person writes is shown at once, everything else with the next frame.
    if (messages.some(({ kind }) => kind === "more")) this.draw();
    else this.drawSoon();
  }

  /** Points that stay take the place of all samples: they are where those were, and shown with the next ones. */
  keep(id: ItemId, points: readonly Point[]): void {
    this.change(id, (stroke) => ({ points: [...stroke.points, ...points], more: [] }));
  }

  private obey(message: ToLiveStrokes[number]): void {
    switch (message.kind) {
      case "canvas":
        this.layer = new GrowingLayer(message.canvas);
        return;
      case "place":
        this.place = message.place;
        this.layer?.place(message.place.frame, message.place.ratio, message.place.box);
        return;
      case "begin":
        this.strokes.set(message.id, { ink: message.ink, points: [], more: [] });
        return;
      case "more":
        return this.change(message.id, ({ more }) => ({ more: [...more, ...unpacked(message.samples)] }));
      case "points":
        return this.keep(message.id, unpacked(message.points));
      case "played":
        return this.play(message);
      case "end":
        this.strokes.delete(message.id);
        this.outlines.forget(message.id);
    }
  }

  private play({ id, points }: LiveStrokeMessage & { readonly kind: "played" }): void {
    this.change(id, (stroke) => {
      const all = [...stroke.points, ...unpacked(points)];
      this.player.take(id, all, stroke.points.length, performance.now());
      return { points: all };
    });
  }

  private change(id: ItemId, to: (stroke: LiveStroke) => Partial<LiveStroke>): void {
    const stroke = this.strokes.get(id);
    if (stroke) Object.assign(stroke, to(stroke));
  }

  private draw(): void {
    const now = performance.now();
    const items = [...this.strokes].map(([id, stroke]) => this.itemOf(id, stroke, now));
    const shown = items.map(({ content }) => content.points.length).join();
    if (shown !== this.lastShown)
      this.layer?.show({
        items,
        pageHeight: this.place?.pageHeight ?? 0,
        draw: (context, item) => drawItem<CanvasImageSource>(context, item, { outlines: this.liveOutlines, image: () => null }),
      });
    this.lastShown = shown;
    if (this.player.isPlaying(now)) this.drawSoon();
  }

  private drawSoon(): void {
    if (this.isRequested) return;
    this.isRequested = true;
    requestAnimationFrame(() => {
      this.isRequested = false;
      this.draw();
    });
  }

  private itemOf(id: ItemId, { ink, points, more }: LiveStroke, now: number): Item & { readonly content: Stroke } {
    const shown = points.slice(0, this.player.shown(id, points.length, now));
    const content: Stroke = { type: "stroke", ...ink, points: [...shown, ...more], ended: false };
    return { id, content, dx: 0, dy: 0, scale: 1, deleted: false };
  }
}
