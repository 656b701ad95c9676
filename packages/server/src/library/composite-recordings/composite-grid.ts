/** Determines where each person is in a lesson's picture. */
import type { Span } from "./composite-tracks.ts";

export const COMPOSITE = { width: 1280, height: 720, fps: 25 } as const;

/** Pixels of the picture, all even: half of them are those of its colours. */
export type Tile = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** As many people are seen in one picture. */
export const MAX_TILES = 16;

/**
 * The place of each person, from 0 on. Who returns has the same place; a place is free for somebody else when its person has left for good.
 * @param people when each was there, in the order of the first time
 * @returns null for who comes when all places are taken
 */
export function tilePositionsOf(people: readonly (readonly Span[])[]): (number | null)[] {
  const freeFrom: number[] = [];
  return people.map((spans) => {
    const [first, last] = [spans[0], spans.at(-1)];
    if (!first || !last) return null;
    const free = freeFrom.findIndex((from) => from <= first.from);
    const place = free < 0 ? freeFrom.length : free;
    if (place >= MAX_TILES) return null;
    freeFrom[place] = last.to;
    return place;
  });
}

/** The tiles of so many places, row by row. A last row that is not full is in the middle. */
export function tilesOf(count: number): Tile[] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const [width, height] = [even(COMPOSITE.width / columns), even(COMPOSITE.height / rows)];
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = even((COMPOSITE.width - inRow * width) / 2);
    return { x: left + (i % columns) * width, y: row * height, width, height };
  });
}

function even(pixels: number): number {
  return 2 * Math.floor(pixels / 2);
}
