/** Defines what each tool does between the pointer's going down and its going up. */
import {
  type Box,
  boxOf,
  type Color,
  type Item,
  type ItemId,
  isTouched,
  LIMITS,
  type Operation,
  type Sample,
  type Shape,
  type ShapeKind,
} from "@lectern/board";
import type { BoardCanvas } from "../canvas/board-canvas.ts";
import type { Context } from "../canvas/layer.ts";
import type { DrawingSession } from "./drawing-session.ts";
import type { Gesture, Spot } from "./pointer-input.ts";

export type DrawingContext = {
  readonly session: DrawingSession;
  readonly canvas: BoardCanvas;
  /** How many units a pixel of the screen has. */
  readonly pixel: () => number;
};

/** @param reach in units */
export function eraserGesture({ session }: DrawingContext, reach: number, first: Sample): Gesture {
  const erased: ItemId[] = [];
  let from: Spot = first;
  const erase = (to: Spot): void => {
    const hit = session.changeable().filter((item) => isTouched(item, from, to, reach));
    from = to;
    if (hit.length === 0) return;
    const ids = hit.map(({ id }) => id);
    erased.push(...ids);
    session.sendHere(listed("d", ids));
  };
  erase(first);
  return {
    move: (samples) => {
      for (const sample of samples) erase(sample);
    },
    end: () => session.keepInverse(listed("u", erased)),
    cancel: () => session.sendHere(listed("u", erased)),
  };
}

/** Smaller ones are presses that were not meant to draw, in pixels. */
const LEAST = 4;

export function shapeGesture(
  { session, canvas, pixel }: DrawingContext,
  shape: ShapeKind,
  color: Color,
  stroke: number,
  first: Sample,
): Gesture {
  let box: Box = boxBetween(first, first);
  const overlay = (): void =>
    canvas.setOverlay((context) => {
      const item: Item = { id: "", content: shapeOf(box), dx: 0, dy: 0, scale: 1, deleted: false };
      canvas.drawOver(context, item);
    });
  const shapeOf = (to: Box): Shape => ({ type: "shape", shape, color, stroke, ...to });
  return {
    move: (samples) => {
      const last = samples.at(-1);
      if (last) box = boxBetween(first, last);
      overlay();
    },
    end: () => {
      canvas.setOverlay(null);
      if (Math.hypot(box.width, box.height) >= LEAST * pixel()) session.put(shapeOf(straightened(box, shape)));
      canvas.drawNow();
    },
    cancel: () => canvas.setOverlay(null),
  };
}

/** Selects what is pressed, or what lies in the box that is drawn; moves or enlarges what is selected. */
export function selectGesture({ session, canvas, pixel }: DrawingContext, first: Sample): Gesture {
  const selected = session.selected();
  const frame = frameOf(selected);
  if (frame && isNear(cornerOf(frame), first, HANDLE * 1.6 * pixel()))
    return transformGesture(session, selected, enlarging(frame, first));
  const hit = session.changeable().findLast((item) => isTouched(item, first, first, REACH * pixel()));
  const isInside = frame !== null && contains(frame, first);
  if (!isInside && hit) session.select([hit.id]);
  if (isInside || hit) return transformGesture(session, session.selected(), moving(first));
  session.select([]);
  let box = boxBetween(first, first);
  return {
    move: (samples) => {
      const last = samples.at(-1);
      if (last) box = boxBetween(first, last);
      canvas.setOverlay((context, one) => drawMarquee(context, upright(box), one));
    },
    end: () => {
      canvas.setOverlay(null);
      const area = upright(box);
      const inside = session.changeable().filter((item) => isWithin(boxOf(item), area));
      session.select(inside.map(({ id }) => id));
    },
    cancel: () => canvas.setOverlay(null),
  };
}

/** Of the square that enlarges what is selected, in pixels. */
const HANDLE = 9;
/** How near to an item a press means it, in pixels. */
const REACH = 6;
const SCALE = { least: 0.1, most: 20 } as const;

/** What a place of the pointer makes of an item. */
type Transform = (item: Item, to: Spot) => Operation;

function transformGesture(session: DrawingSession, items: readonly Item[], transform: Transform): Gesture {
  const before = items.map(({ id, dx, dy, scale }): Operation => ["m", id, dx, dy, scale]);
  let hasMoved = false;
  return {
    move: (samples) => {
      const last = samples.at(-1);
      if (!last) return;
      const operations = items.map((item) => transform(item, last));
      if (!hasMoved && operations.every((one, i) => JSON.stringify(one) === JSON.stringify(before[i]))) return;
      hasMoved = true;
      session.sendHere(operations);
    },
    end: () => {
      if (hasMoved) session.keepInverse(before);
    },
    cancel: () => {
      if (hasMoved) session.sendHere(before);
    },
  };
}

function moving(from: Spot): Transform {
  return ({ id, dx, dy, scale }, to) => ["m", id, Math.round(dx + to.x - from.x), Math.round(dy + to.y - from.y), scale];
}

/** About the first corner of what is selected. */
function enlarging(frame: Box, from: Spot): Transform {
  const length = Math.max(1, Math.hypot(from.x - frame.x, from.y - frame.y));
  return (item, to) => {
    const wanted = Math.hypot(to.x - frame.x, to.y - frame.y) / length;
    const by = Math.min(SCALE.most, Math.max(SCALE.least, item.scale * wanted)) / item.scale;
    const box = boxOf(item);
    // Every place of the item moves away from the corner as its box does.
    const [x, y] = [frame.x + (box.x - frame.x) * by, frame.y + (box.y - frame.y) * by];
    const scaled = boxOf({ ...item, scale: item.scale * by });
    return ["m", item.id, Math.round(item.dx + x - scaled.x), Math.round(item.dy + y - scaled.y), round(item.scale * by)];
  };
}

/** Draws the frame of what is selected. */
export function selectionOverlay(items: readonly Item[]): ((context: Context, pixel: number) => void) | null {
  const frame = frameOf(items);
  if (!frame) return null;
  return (context, pixel) => {
    drawMarquee(context, frame, pixel);
    const corner = cornerOf(frame);
    const size = HANDLE * pixel;
    Object.assign(context, { fillStyle: "#fff", strokeStyle: SELECTION, lineWidth: 2 * pixel });
    context.fillRect(corner.x - size / 2, corner.y - size / 2, size, size);
    context.strokeRect(corner.x - size / 2, corner.y - size / 2, size, size);
  };
}

const SELECTION = "#1864d6";

function drawMarquee(context: Context, { x, y, width, height }: Box, pixel: number): void {
  Object.assign(context, { strokeStyle: SELECTION, lineWidth: 1.5 * pixel });
  context.setLineDash([5 * pixel, 4 * pixel]);
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
}

export function frameOf(items: readonly Item[]): Box | null {
  const boxes = items.map(boxOf);
  if (boxes.length === 0) return null;
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** As many operations as the ids need. */
export function listed(letter: "d" | "u", ids: readonly ItemId[]): Operation[] {
  const operations: Operation[] = [];
  const most = LIMITS.idsOfOperation;
  for (let i = 0; i < ids.length; i += most) operations.push([letter, ids.slice(i, i + most)]);
  return operations;
}

function cornerOf({ x, y, width, height }: Box): Spot {
  return { x: x + width, y: y + height };
}

function boxBetween(from: Spot, to: Spot): Box {
  const [x, y] = [Math.round(from.x), Math.round(from.y)];
  return { x, y, width: Math.round(to.x) - x, height: Math.round(to.y) - y };
}

function upright({ x, y, width, height }: Box): Box {
  return { x: Math.min(x, x + width), y: Math.min(y, y + height), width: Math.abs(width), height: Math.abs(height) };
}

/** Lines that are nearly level or upright are meant to be. */
function straightened(box: Box, shape: ShapeKind): Box {
  if (shape !== "line" && shape !== "arrow") return upright(box);
  const { width, height } = box;
  if (Math.abs(height) < Math.abs(width) / 30) return { ...box, height: 0 };
  return Math.abs(width) < Math.abs(height) / 30 ? { ...box, width: 0 } : box;
}

function contains({ x, y, width, height }: Box, place: Spot): boolean {
  return place.x >= x && place.x <= x + width && place.y >= y && place.y <= y + height;
}

function isWithin(inner: Box, outer: Box): boolean {
  return contains(outer, inner) && contains(outer, cornerOf(inner));
}

function isNear(one: Spot, other: Spot, distance: number): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) <= distance;
}

function round(scale: number): number {
  return Math.round(scale * 1000) / 1000;
}
