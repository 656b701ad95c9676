/** Provides the layer of what grows: with each change it is emptied where something was, and drawn again. */
import { type Item, PAGE_WIDTH } from "@lectern/board";
import type { Size, ViewBox } from "../pages/view-box.ts";
import { inkOf } from "./ink-box.ts";
import { type Area, type Context, Layer, united } from "./layer.ts";

export type Growing = {
  readonly items: readonly Item[];
  readonly pageHeight: number;
  readonly draw: (context: Context, item: Item) => void;
  /** Above everything, anywhere; null: nothing is. */
  readonly overlay?: ((context: Context) => void) | null;
};

export class GrowingLayer extends Layer {
  /** What is to be emptied before it is drawn again; null: there is nothing. */
  private grown: Area | null = null;

  override place(frame: Size, ratio: number, box: ViewBox): boolean {
    const isOther = super.place(frame, ratio, box);
    if (isOther) this.grown = this.all;
    return isOther;
  }

  /** Nothing is on it. */
  get isEmpty(): boolean {
    return this.grown === null;
  }

  show({ items, pageHeight, draw, overlay = null }: Growing): void {
    const area = overlay ? this.all : items.map((item) => this.areaOf(inkOf(item))).reduce(united, null);
    const both = united(this.grown, area);
    this.grown = area;
    if (!both) return;
    this.redraw(both, (context) => {
      context.save();
      clipToPage(context, pageHeight);
      for (const item of items) draw(context, item);
      context.restore();
      overlay?.(context);
    });
  }
}

/** What is drawn from now on does not reach out of the page. */
export function clipToPage(context: Context, pageHeight: number): void {
  context.beginPath();
  context.rect(0, 0, PAGE_WIDTH, pageHeight);
  context.clip();
}
