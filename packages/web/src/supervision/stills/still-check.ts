/** Says of decoded pictures whether they are black, or the same again and again. It looks at brightness alone: nobody's face is judged. */

/** Darker than a room at night with a screen in it. */
const BLACK_BELOW = 14;
const FLAT_BELOW = 6;
/** Even a picture of an empty chair has noise in it. */
const SAME_BELOW = 0.35;
/** So many key frames in a row are the same: 15 seconds and more. */
const FROZEN_AFTER = 3;

export type PictureFault = "black" | "frozen" | null;

/** Keeps what it needs of the pictures before. */
export class StillCheck {
  private before: Uint8Array | null = null;
  private same = 0;

  /** @param pixels RGBA, of a few hundred pixels; @returns what is wrong with the picture */
  look(pixels: Uint8ClampedArray): PictureFault {
    const next = brightness(pixels);
    const { before } = this;
    this.same = before && difference(before, next) < SAME_BELOW ? this.same + 1 : 0;
    this.before = next;
    const mean = meanOf(next);
    if (mean < BLACK_BELOW && spreadOf(next, mean) < FLAT_BELOW) return "black";
    return this.same >= FROZEN_AFTER ? "frozen" : null;
  }
}

/** Rec. 601 luma of each pixel. */
function brightness(pixels: Uint8ClampedArray): Uint8Array {
  const found = new Uint8Array(pixels.length >> 2);
  for (let i = 0; i < found.length; i++) {
    const at = i * 4;
    found[i] = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
  }
  return found;
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function spreadOf(values: Uint8Array, mean: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}

function difference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / Math.max(1, a.length);
}
