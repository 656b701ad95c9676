/**
 * Computes where the two copies of a watermark stand. They are always half of the room apart in both directions, so that every half of the
 * picture has one, and they move on a path that comes everywhere.
 */

export type Size = { readonly width: number; readonly height: number };
export type Box = Size & { readonly left: number; readonly top: number };
/** Shares of the room for the left upper corner, from 0 to 1. */
export type Position = { readonly x: number; readonly y: number };

/** The room in which copies stand, as shares of the picture. The controls are below it. */
const ROOM = { left: 0.02, right: 0.98, top: 0.04, bottom: 0.86 } as const;
/** A step, as a share of the room. More than half would be a step of the other copy. */
const STEP = { least: 0.1, most: 0.4 } as const;
const FONT_SHARE = 0.03;
const FONT_PIXELS = { least: 11, most: 64 } as const;

/** Where the picture is in an element that keeps the picture's shape (`object-fit: contain`). @param picture 0 × 0: not known yet */
export function videoBox(element: Size, picture: Size): Box {
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, width: element.width, height: element.height };
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (element.width - width) / 2, top: (element.height - height) / 2, width, height };
}

/** In pixels. */
export function fontPixels({ width, height }: Size): number {
  return Math.min(FONT_PIXELS.most, Math.max(FONT_PIXELS.least, Math.sqrt(width * height) * FONT_SHARE));
}

/** Where the other copy stands. */
export function oppositeOf({ x, y }: Position): Position {
  return { x: (x + 0.5) % 1, y: (y + 0.5) % 1 };
}

/** @param random two numbers from 0 to 1 */
export function nextPosition({ x, y }: Position, random: readonly [number, number]): Position {
  const step = (share: number) => STEP.least + share * (STEP.most - STEP.least);
  return { x: (x + step(random[0])) % 1, y: (y + step(random[1])) % 1 };
}

/** The left upper corner of a copy in the picture, in pixels. */
export function cornerOf({ x, y }: Position, picture: Size, copy: Size): { readonly left: number; readonly top: number } {
  const [left, top] = [ROOM.left * picture.width, ROOM.top * picture.height];
  return {
    left: left + x * Math.max(0, ROOM.right * picture.width - copy.width - left),
    top: top + y * Math.max(0, ROOM.bottom * picture.height - copy.height - top),
  };
}
