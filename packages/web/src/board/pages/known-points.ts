/**
 * Leaves out points that a page has already. The server joins what is written between two of its messages, and the fold of a page that a newcomer gets may lie in
 * the middle of it. Operations that are not points do no harm when they are done twice, in their order.
 */
import { decodePoints, encodePoints, type ItemId, type Operation, ORIGIN, type Page, type Point } from "@lectern/board";

/** @param operations some of which the page may have, from the first one on */
export function withoutKnown(page: Pick<Page, "item">, operations: readonly Operation[]): readonly Operation[] {
  const strokes = new Map<ItemId, Stroke>();
  for (const operation of operations) {
    const [letter, id] = operation;
    if (letter !== "s" && letter !== "p") continue;
    const content = page.item(id)?.content;
    if (content?.type !== "stroke" || content.ended) continue;
    const stroke = strokes.get(id) ?? { known: content.points, text: "", isWhole: letter === "s", skipped: 0 };
    strokes.set(id, { ...stroke, text: stroke.text + textOf(operation) });
  }
  for (const [id, stroke] of strokes) strokes.set(id, { ...stroke, skipped: overlapOf(stroke) });
  return operations.map((operation) => {
    const [letter, id] = operation;
    const stroke = typeof id === "string" ? strokes.get(id) : undefined;
    if ((letter !== "s" && letter !== "p") || !stroke) return operation;
    const { known, skipped } = stroke;
    const points = decodePoints(textOf(operation), letter === "s" ? ORIGIN : known.at(-1 - skipped)) ?? [];
    const more = points.slice(skipped);
    strokes.set(id, { ...stroke, known: [...known, ...more], skipped: Math.max(0, skipped - points.length) });
    return ["p", id, encodePoints(more, known.at(-1)), letter === "s" ? operation[6] : operation[3]];
  });
}

/** A stroke that the page has begun, and the points of it that come, one text after the other. */
type Stroke = {
  readonly known: readonly Point[];
  readonly text: string;
  /** The text begins with the stroke. */
  readonly isWhole: boolean;
  /** Points of the text that are known, and are still to be left out. */
  readonly skipped: number;
};

function textOf(operation: Extract<Operation, readonly ["s" | "p", ...unknown[]]>): string {
  return operation[0] === "s" ? operation[5] : operation[2];
}

/** How many of the text's first points are the last ones that are known. */
function overlapOf({ known, text, isWhole }: Stroke): number {
  const count = decodePoints(text, ORIGIN)?.length ?? 0;
  if (isWhole) return Math.min(count, known.length);
  for (let overlap = Math.min(count, known.length - 1); overlap > 0; overlap--) {
    const begin = known.length - overlap;
    const points = decodePoints(text, known[begin - 1]) ?? [];
    if (known.slice(begin).every((point, i) => isSame(point, points[i]))) return overlap;
  }
  return 0;
}

function isSame(one: Point, other: Point | undefined): boolean {
  return one.x === other?.x && one.y === other.y && one.pressure === other.pressure && one.at === other.at;
}
