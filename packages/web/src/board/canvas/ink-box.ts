/** Determines where an item's ink is: beyond its box lie the width of a pen that is pressed, the head of an arrow, and the ends of letters. */
import { type Box, boxOf, type Item } from "@lectern/board";

export function inkOf(item: Item): Box {
  const { content, scale } = item;
  const { x, y, width, height } = boxOf(item);
  const margin = scale * beyondBox(content);
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** In units of the item. */
function beyondBox(content: Item["content"]): number {
  if (content.type === "stroke") return content.width;
  if (content.type === "shape") return content.shape === "arrow" ? Math.max(60, 5 * content.stroke) : 0;
  return content.type === "text" ? content.size : 0;
}
