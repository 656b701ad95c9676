/**
 * Computes where the two copies of a watermark stand in a downloaded file, as the player does (`packages/player/src/watermark/watermark-positions.ts`):
 * half of the room apart in both directions, each for 20 to 40 s at one place, on a path that comes everywhere.
 */

export type Size = { readonly width: number; readonly height: number };
/** The left upper corners of the copies, in pixels, from a time on. Seconds. */
export type WatermarkStay = { readonly from: number; readonly to: number; readonly corners: readonly Corner[] };
export type Corner = { readonly left: number; readonly top: number };
/** Shares of the room, from 0 to 1. */
type Position = { readonly x: number; readonly y: number };

/** The room, as shares of the picture. */
const ROOM = { left: 0.02, right: 0.98, top: 0.04, bottom: 0.96 } as const;
/** A step, as a share of the room. More than half would be a step of the other copy. */
const STEP = { least: 0.1, most: 0.4 } as const;
const STAY_SECONDS = { least: 20, most: 40 } as const;
const FONT_SHARE = 0.03;
const FONT_PIXELS = { least: 11, most: 64 } as const;
/** The file may be longer than is known. */
const BEYOND_SECONDS = 3600;

export function fontPixels({ width, height }: Size): number {
  return Math.min(FONT_PIXELS.most, Math.max(FONT_PIXELS.least, Math.sqrt(width * height) * FONT_SHARE));
}

/**
 * The stays of a whole file, without a gap.
 * @param copy the size of the text; @param random gives numbers from 0 to 1: nobody can tell beforehand where the text will be
 */
export function watermarkStays(seconds: number, picture: Size, copy: Size, random: () => number): readonly WatermarkStay[] {
  const stays: WatermarkStay[] = [];
  let place: Position = { x: random(), y: random() };
  for (let from = 0; from < seconds + BEYOND_SECONDS; ) {
    const to = from + STAY_SECONDS.least + random() * (STAY_SECONDS.most - STAY_SECONDS.least);
    const opposite = { x: (place.x + 0.5) % 1, y: (place.y + 0.5) % 1 };
    stays.push({ from, to, corners: [place, opposite].map((at) => cornerOf(at, picture, copy)) });
    place = { x: (place.x + step(random())) % 1, y: (place.y + step(random())) % 1 };
    from = to;
  }
  return stays;
}

function step(share: number): number {
  return STEP.least + share * (STEP.most - STEP.least);
}

function cornerOf({ x, y }: Position, picture: Size, copy: Size): Corner {
  const [left, top] = [ROOM.left * picture.width, ROOM.top * picture.height];
  return {
    left: Math.round(left + x * Math.max(0, ROOM.right * picture.width - copy.width - left)),
    top: Math.round(top + y * Math.max(0, ROOM.bottom * picture.height - copy.height - top)),
  };
}
