/** Says what an icon is. */

/** A path on a grid of 24 px, with lines of 1.75 px and round ends, as in the attribute `d` of SVG. It begins with an absolute move. */
export type IconDrawing = `M${string}`;
