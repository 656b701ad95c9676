/** Provides a canvas as large as its frame, in the pixels of the screen, with the page's units as its coordinates. */
import type { Box } from "@lectern/board";
import type { Size, ViewBox } from "../pages/view-box.ts";

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** In pixels of the canvas, whole. */
export type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** Around what is drawn, for edges that are smoothed. */
const MARGIN = 2;

export class Layer {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly context: Context;
  private ratio = 1;
  private box: ViewBox = { scale: 1, left: 0, top: 0 };
  private spare: Layer | null = null;

  /** Not `desynchronized`: without a graphics processor, Chromium copies the whole canvas at each drawing then, and a layer over another gains nothing by it. */
  constructor(canvas: HTMLCanvasElement | OffscreenCanvas) {
    this.canvas = canvas;
    const context = canvas.getContext("2d");
    if (!context || !("fillRect" in context)) throw new Error("no canvas");
    this.context = context;
  }

  /** @returns whether all of it has to be drawn again */
  place(frame: Size, ratio: number, box: ViewBox): boolean {
    const [width, height] = [Math.max(1, Math.round(frame.width * ratio)), Math.max(1, Math.round(frame.height * ratio))];
    const isSame = this.canvas.width === width && this.canvas.height === height && this.ratio === ratio;
    const { scale, left, top } = this.box;
    if (isSame && scale === box.scale && left === box.left && top === box.top) return false;
    if (!isSame) Object.assign(this.canvas, { width, height });
    this.ratio = ratio;
    this.box = box;
    return true;
  }

  get all(): Area {
    return { left: 0, top: 0, right: this.canvas.width, bottom: this.canvas.height };
  }

  /** Where a box of the page lies; null: it is not in sight. */
  areaOf({ x, y, width, height }: Box): Area | null {
    const { scale, left, top } = this.box;
    const pixels = (value: number, from: number) => (value * scale + from) * this.ratio;
    const area = {
      left: Math.max(0, Math.floor(pixels(x, left)) - MARGIN),
      top: Math.max(0, Math.floor(pixels(y, top)) - MARGIN),
      right: Math.min(this.canvas.width, Math.ceil(pixels(x + width, left)) + MARGIN),
      bottom: Math.min(this.canvas.height, Math.ceil(pixels(y + height, top)) + MARGIN),
    };
    return area.left < area.right && area.top < area.bottom ? area : null;
  }

  /** Empties an area, and draws; what is drawn lies in the area. */
  redraw(area: Area, draw: (context: Context) => void): void {
    this.context.clearRect(...placeOf(area));
    this.draw(draw);
  }

  /**
   * Draws an area again, of which what is drawn reaches out. It is drawn whole elsewhere and copied: a path that is clipped has other pixels at its edges than one
   * that is not, and all who see the page are to see the same.
   */
  replace(area: Area, draw: (context: Context) => void): void {
    const { width, height } = this.canvas;
    this.spare ??= new Layer(document.createElement("canvas"));
    const { spare } = this;
    if (spare.canvas.width !== width || spare.canvas.height !== height) Object.assign(spare.canvas, { width, height });
    Object.assign(spare, { ratio: this.ratio, box: this.box });
    spare.redraw(spare.all, draw);
    const place = placeOf(area);
    this.context.clearRect(...place);
    this.context.drawImage(spare.canvas, ...place, ...place);
  }

  /** Draws over what is there. */
  draw(draw: (context: Context) => void): void {
    const { context, ratio, box } = this;
    context.save();
    context.setTransform(box.scale * ratio, 0, 0, box.scale * ratio, box.left * ratio, box.top * ratio);
    draw(context);
    context.restore();
  }
}

function placeOf({ left, top, right, bottom }: Area): [number, number, number, number] {
  return [left, top, right - left, bottom - top];
}

export function united(one: Area | null, other: Area | null): Area | null {
  if (!one || !other) return one ?? other;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

export function areTouching(one: Area, other: Area): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
