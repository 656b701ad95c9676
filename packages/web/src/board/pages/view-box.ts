/**
 * Determines where a page lies in its frame: as large as it fits, and the part of it that the teacher shows. Places of the frame are CSS pixels,
 * those of the page units.
 */
import { PAGE_WIDTH, type ShownView } from "@lectern/board";

export type Size = { readonly width: number; readonly height: number };
export type View = NonNullable<ShownView["view"]>;
/** A unit is `scale` pixels; the page's corner lies at (left, top). */
export type ViewBox = { readonly scale: number; readonly left: number; readonly top: number };

/** Where the page is drawn, for what draws over it. Frame and box are in CSS pixels, of which each is `ratio` of the screen's. */
export type CanvasViewport = { readonly frame: Size; readonly ratio: number; readonly box: ViewBox; readonly pageHeight: number };

export const MAX_ZOOM = 8;

/** @param pageHeight in units; @param view null: all of the page */
export function viewBox(frame: Size, pageHeight: number, view: View | null): ViewBox {
  const fit = Math.min(frame.width / PAGE_WIDTH, frame.height / pageHeight);
  const { x, y, scale: zoom } = view ?? wholePage(pageHeight);
  const scale = fit * zoom;
  return { scale, left: frame.width / 2 - x * scale, top: frame.height / 2 - y * scale };
}

export function wholePage(pageHeight: number): View {
  return { x: PAGE_WIDTH / 2, y: pageHeight / 2, scale: 1 };
}

/** Of a place in the frame. */
export function unitsAt({ scale, left, top }: ViewBox, x: number, y: number): { readonly x: number; readonly y: number } {
  return { x: (x - left) / scale, y: (y - top) / scale };
}

/** Enlarges about a place of the frame, which stays where it is. Never smaller than all of the page, and never beside it. */
export function zoomAt(frame: Size, pageHeight: number, view: View | null, by: number, at: { x: number; y: number }): View | null {
  const before = view ?? wholePage(pageHeight);
  const scale = Math.min(MAX_ZOOM, Math.max(1, before.scale * by));
  const fixed = unitsAt(viewBox(frame, pageHeight, view), at.x, at.y);
  const pixels = viewBox(frame, pageHeight, { ...before, scale }).scale;
  const x = fixed.x + (frame.width / 2 - at.x) / pixels;
  const y = fixed.y + (frame.height / 2 - at.y) / pixels;
  return held(frame, pageHeight, { x, y, scale });
}

/** @param dx how far the page is pulled, in pixels */
export function panBy(frame: Size, pageHeight: number, view: View | null, dx: number, dy: number): View | null {
  const before = view ?? wholePage(pageHeight);
  const { scale } = viewBox(frame, pageHeight, before);
  return held(frame, pageHeight, { ...before, x: before.x - dx / scale, y: before.y - dy / scale });
}

/** Null: all of the page. */
function held(frame: Size, pageHeight: number, { x, y, scale }: View): View | null {
  if (scale <= 1.001) return null;
  const pixels = viewBox(frame, pageHeight, { x, y, scale }).scale;
  return {
    x: Math.round(within(x, frame.width / 2 / pixels, PAGE_WIDTH)),
    y: Math.round(within(y, frame.height / 2 / pixels, pageHeight)),
    scale: Math.round(scale * 1000) / 1000,
  };
}

/** The middle of what is seen: half of it reaches to both sides. Where all of the length is seen, it lies in the middle. */
function within(middle: number, half: number, length: number): number {
  return half * 2 >= length ? length / 2 : Math.min(length - half, Math.max(half, middle));
}
