/** Determines which lines of a long list are drawn: those in sight and some around them. Heights that were not measured yet are guessed. */

export type VirtualWindow = {
  /** The first line that is drawn. */
  readonly start: number;
  /** After the last one. */
  readonly end: number;
  /** Height of the lines before and after, in pixels. */
  readonly before: number;
  readonly after: number;
};

/** Lines beyond the edges of what is in sight. */
const OVERSCAN = 8;

/** @param heights of all lines, in pixels; @param top how far the list is scrolled; @param height of what is in sight */
export function virtualWindow(heights: readonly number[], top: number, height: number): VirtualWindow {
  const bottom = top + height;
  let offset = 0;
  let first = heights.length;
  let last = 0;
  for (const [i, lineHeight] of heights.entries()) {
    if (offset + lineHeight > top && offset < bottom) {
      first = Math.min(first, i);
      last = i + 1;
    }
    offset += lineHeight;
  }
  // Scrolled beyond the end: the last lines.
  if (last === 0) [first, last] = [heights.length, heights.length];
  const start = Math.max(0, first - OVERSCAN);
  const end = Math.min(heights.length, last + OVERSCAN);
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  return { start, end, before: sum(heights.slice(0, start)), after: sum(heights.slice(end)) };
}
