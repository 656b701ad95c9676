/** Decides how large a picture a player can show: automatic quality loads no larger one. */

export type PlayerSize = {
  /** Of the element, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the screen, CSS pixels. */
  readonly screenWidth: number;
  readonly screenHeight: number;
  /** Device pixels for each CSS pixel. */
  readonly ratio: number;
};

type Picture = { readonly width: number; readonly height: number };

/** A picture that is smaller than its place by less than this looks the same. */
const TOLERANCE = 0.95;

/**
 * The largest picture that a player needs: the best of the smallest size that fills its place.
 * @param pictures from the best to the least
 * @return its index; 0 where none is large enough
 */
export function largestNeeded(pictures: readonly Picture[], size: PlayerSize): number {
  const width = Math.min(size.width, size.screenWidth) * size.ratio * TOLERANCE;
  const height = Math.min(size.height, size.screenHeight) * size.ratio * TOLERANCE;
  // An element that is not shown says nothing.
  if (width <= 0 || height <= 0) return 0;
  // The picture keeps its shape, so one of its sides decides.
  const filling = pictures.filter((picture) => picture.width >= width || picture.height >= height);
  const least = Math.min(...filling.map((picture) => picture.width * picture.height));
  return Math.max(
    0,
    pictures.findIndex((picture) => picture.width * picture.height === least),
  );
}

/** The size of an element that is shown now. */
export function sizeOf(element: HTMLElement): PlayerSize {
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    screenWidth: screen.width,
    screenHeight: screen.height,
    ratio: devicePixelRatio,
  };
}
