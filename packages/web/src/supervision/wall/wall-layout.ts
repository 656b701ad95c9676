/** Decides how many tiles of the wall stand on a screen, and in how many columns. Sizes are pixels. */

export const TILE_SIZES = ["small", "middle", "large"] as const;
export type TileSize = (typeof TILE_SIZES)[number];

type WallLayout = {
  readonly columns: number;
  /** How many are asked for and shown at once. */
  readonly tiles: number;
};

/** As in supervision.css. */
export const GAP = 10;
/** Name, number and time below a picture. */
const CAPTION = 54;
const LEAST_WIDTH: Readonly<Record<TileSize, number>> = { small: 116, middle: 170, large: 260 };
const ASPECT = 3 / 4;
/** Of the columns that fit: tiles do not become much larger than they were chosen. */
const LEAST_SHARE = 0.86;
/** Fewer than that and a supervisor would turn pages all the time; on a phone they scroll. */
export const LEAST_TILES = 12;
/** Nobody sees more at once, and the API gives no more. */
export const MOST_TILES = 50;

/** @param width of the wall; @param height that is in sight without scrolling */
export function wallLayout(width: number, height: number, size: TileSize): WallLayout {
  const most = Math.max(2, Math.floor((width + GAP) / (LEAST_WIDTH[size] + GAP)));
  // On a very large screen the tiles grow, and not their number.
  const fitting = range(2, most).filter((columns) => columns * rowsOf(columns, width, height) <= MOST_TILES);
  const largest = fitting.at(-1) ?? 2;
  // A column less may leave less of the screen empty.
  const columns = range(Math.max(2, Math.ceil(largest * LEAST_SHARE)), largest).reduce((best, next) =>
    usedHeight(next, width, height) >= usedHeight(best, width, height) ? next : best,
  );
  const tiles = columns * rowsOf(columns, width, height);
  return { columns, tiles: Math.min(MOST_TILES, Math.max(tiles, wholeRows(columns, LEAST_TILES))) };
}

/** Whole numbers, with both ends. */
function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);
}

function tileHeight(columns: number, width: number): number {
  return ((width - GAP * (columns - 1)) / columns) * ASPECT + CAPTION;
}

function rowsOf(columns: number, width: number, height: number): number {
  return Math.max(1, Math.floor((height + GAP) / (tileHeight(columns, width) + GAP)));
}

function usedHeight(columns: number, width: number, height: number): number {
  return rowsOf(columns, width, height) * (tileHeight(columns, width) + GAP);
}

function wholeRows(columns: number, tiles: number): number {
  return columns * Math.ceil(tiles / columns);
}
