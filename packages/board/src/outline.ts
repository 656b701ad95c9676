/**
 * Determines where items are on their page: outlines of strokes by `perfect-freehand`, boxes, and what lies under a pointer. An outline is made in
 * pieces of a fixed number of points, so that a stroke that grows costs its last piece only, however long it is.
 */
import { getStroke } from "perfect-freehand";
import type { Box, Item, ItemId, Point, Shape, Stroke } from "./shapes.ts";

/** A polygon as x, y, x, y, …; in the page's units. */
export type Polygon = readonly number[];

/** Points of a piece, and how many of the piece before it begins with: the smoothing has settled by then. */
const PIECE = 96;
const OVERLAP = 8;
/** How much of a pen's width the pressure decides; a marker has a broad tip of one width. */
const THINNING = { pen: 0.6, marker: 0 } as const;
const SMOOTHING = 0.5;
/** How much the line is pulled towards the points before: handwriting stays readable, a trembling hand is released. */
const STREAMLINE = 0.35;

/** The outline of a stroke: polygons that overlap, to be filled as one path by the nonzero rule. */
export function outlineOf(stroke: Stroke): readonly Polygon[] {
  const pieces: Polygon[] = [];
  for (let from = 0; from < Math.max(1, stroke.points.length); from += PIECE) pieces.push(pieceOf(stroke, from));
  return pieces;
}

/** Outlines of the strokes of a page, which are made once, also while strokes grow. */
export class Outlines {
  private readonly known = new Map<
    ItemId,
    { readonly count: number; readonly whole: readonly Polygon[]; readonly pieces: readonly Polygon[] }
  >();

  /** @param id of the stroke: with the same id, points are only added */
  of(id: ItemId, stroke: Stroke): readonly Polygon[] {
    const known = this.known.get(id);
    const count = stroke.points.length;
    if (known?.count === count) return known.pieces;
    const whole = known?.whole.slice(0, Math.floor(count / PIECE)) ?? [];
    while ((whole.length + 1) * PIECE <= count) whole.push(pieceOf(stroke, whole.length * PIECE));
    const pieces = withRest(whole, stroke);
    this.known.set(id, { count, whole, pieces });
    return pieces;
  }

  /** Of strokes in hand. @param newest how many points of a stroke will give way to others */
  live(newest: (id: ItemId) => number): Pick<Outlines, "of"> {
    return { of: (id, stroke) => this.ofLive(id, stroke, stroke.points.length - newest(id)) };
  }

  /** Whether the outline of all of its points is made. */
  has(id: ItemId, { points }: Stroke): boolean {
    return this.known.get(id)?.count === points.length;
  }

  forget(id: ItemId): void {
    this.known.delete(id);
  }

  clear(): void {
    this.known.clear();
  }

  /** @param kept how many of its points stay */
  private ofLive(id: ItemId, stroke: Stroke, kept: number): readonly Polygon[] {
    if (kept === stroke.points.length) return this.of(id, stroke);
    const count = kept - (kept % PIECE);
    const whole = count === 0 ? [] : this.of(id, { ...stroke, points: stroke.points.slice(0, count) });
    return withRest(whole, stroke);
  }
}

/** @param whole the pieces that its first points fill */
function withRest(whole: readonly Polygon[], stroke: Stroke): readonly Polygon[] {
  const pieces = [...whole];
  while (pieces.length * PIECE < Math.max(1, stroke.points.length)) pieces.push(pieceOf(stroke, pieces.length * PIECE));
  return pieces;
}

/** @param from the index of a point, a multiple of the length of pieces */
function pieceOf({ points, tool, width }: Stroke, from: number): Polygon {
  const part = points
    .slice(Math.max(0, from - OVERLAP), from + PIECE)
    .map(({ x, y, pressure }): [number, number, number] => [x, y, pressure]);
  const outline = getStroke(part, {
    size: width,
    thinning: THINNING[tool],
    smoothing: SMOOTHING,
    streamline: STREAMLINE,
    simulatePressure: false,
    last: true,
  });
  return outline.flat();
}

/** Where a point of an item's content is on the page. */
export function placed({ content, dx, dy, scale }: Item, x: number, y: number): { readonly x: number; readonly y: number } {
  const corner = cornerOf(content);
  return { x: corner.x + (x - corner.x) * scale + dx, y: corner.y + (y - corner.y) * scale + dy };
}

/** What stays where it is when an item is enlarged: a stroke's first point, another item's corner. */
export function cornerOf(content: Item["content"]): { readonly x: number; readonly y: number } {
  return content.type === "stroke" ? (content.points[0] ?? { x: 0, y: 0 }) : content;
}

/** The box on the page that an item fills, with the width of its lines. */
export function boxOf(item: Item): Box {
  const { content, scale } = item;
  const { left, top, right, bottom } = edgesOf(content);
  const margin = (content.type === "stroke" ? content.width : content.type === "shape" ? content.stroke : 0) / 2;
  const corner = placed(item, left - margin, top - margin);
  return { ...corner, width: (right - left + 2 * margin) * scale, height: (bottom - top + 2 * margin) * scale };
}

/** Whether an item lies within a distance of a place on the page. */
export function isHit(item: Item, x: number, y: number, distance: number): boolean {
  return isTouched(item, { x, y }, { x, y }, distance);
}

type Place = { readonly x: number; readonly y: number };

/** Whether an item lies within a distance of the way from one place on the page to another: what an eraser has gone over. */
export function isTouched(item: Item, from: Place, to: Place, distance: number): boolean {
  const { content, scale } = item;
  if (!isNear(boxOf(item), from, to, distance)) return false;
  const [one, other] = [unplaced(item, from), unplaced(item, to)];
  const reach = distance / scale;
  switch (content.type) {
    case "stroke":
      return isLineTouched(content.points, one, other, reach + content.width / 2);
    case "shape":
      return isShapeTouched(content, one, other, reach + content.stroke / 2);
    default:
      return isNear(content, one, other, reach);
  }
}

function unplaced({ content, dx, dy, scale }: Item, { x, y }: Place): Place {
  const corner = cornerOf(content);
  return { x: corner.x + (x - dx - corner.x) / scale, y: corner.y + (y - dy - corner.y) / scale };
}

function edgesOf(content: Item["content"]): {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
} {
  if (content.type === "stroke") return edgesOfPoints(content.points);
  const { x, y, width, height } = content;
  return {
    left: Math.min(x, x + width),
    top: Math.min(y, y + height),
    right: Math.max(x, x + width),
    bottom: Math.max(y, y + height),
  };
}

/** Points are a stroke's for good, so their edges are found once. */
const edges = new WeakMap<readonly Point[], ReturnType<typeof edgesOf>>();

function edgesOfPoints(points: readonly Point[]): ReturnType<typeof edgesOf> {
  const known = edges.get(points);
  if (known) return known;
  const [first] = points;
  let [left, top] = [first?.x ?? 0, first?.y ?? 0];
  let [right, bottom] = [left, top];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const found = { left, top, right, bottom };
  edges.set(points, found);
  return found;
}

/** Whether a way comes near a box: by its own box for ways that are short, as a pointer's are. */
function isNear({ x, y, width, height }: Box, from: Place, to: Place, distance: number): boolean {
  const isBeside = Math.max(from.x, to.x) < x - distance || Math.min(from.x, to.x) > x + width + distance;
  const isAbove = Math.max(from.y, to.y) < y - distance || Math.min(from.y, to.y) > y + height + distance;
  return !isBeside && !isAbove;
}

function isLineTouched(points: readonly Place[], from: Place, to: Place, reach: number): boolean {
  let before = points[0];
  for (const point of points) {
    if (before && distanceOf(before, point, from, to) <= reach) return true;
    before = point;
  }
  return false;
}

/** Steps of an ellipse. */
const STEPS = 48;

function isShapeTouched(shape: Shape, from: Place, to: Place, reach: number): boolean {
  return isLineTouched(cornersOf(shape), from, to, reach);
}

function cornersOf({ shape, x, y, width, height }: Shape): readonly Place[] {
  const end = { x: x + width, y: y + height };
  if (shape === "line" || shape === "arrow") return [{ x, y }, end];
  if (shape === "rectangle") return [{ x, y }, { x: end.x, y }, end, { x, y: end.y }, { x, y }];
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / STEPS;
    return { x: x + (width / 2) * (1 + Math.cos(angle)), y: y + (height / 2) * (1 + Math.sin(angle)) };
  });
}

/** The distance between two line segments. */
function distanceOf(a: Place, b: Place, c: Place, d: Place): number {
  if (areCrossing(a, b, c, d)) return 0;
  return Math.min(toSegment(a, c, d), toSegment(b, c, d), toSegment(c, a, b), toSegment(d, a, b));
}

function areCrossing(a: Place, b: Place, c: Place, d: Place): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** On which side of a line a place is. */
function side(a: Place, b: Place, { x, y }: Place): number {
  return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

function toSegment({ x, y }: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}
