/** Reads operations of unknown origin, and says what they concern. What comes out is within the bounds of `LIMITS`, and in the form in which it is stored. */
import { decodePoints, MAX_COORDINATE } from "./points.ts";
import {
  type Background,
  type Box,
  type Color,
  type Content,
  type Formula,
  type ItemId,
  LIMITS,
  type Operation,
  PAGE_WIDTH,
  type PageId,
  type Picture,
  type Shape,
  type ShapeKind,
  type Text,
  type Tool,
} from "./shapes.ts";

export const TOOLS: readonly Tool[] = ["pen", "marker"];
export const SHAPE_KINDS: readonly ShapeKind[] = ["line", "arrow", "rectangle", "ellipse"];
export const COLORS: readonly Color[] = ["black", "blue", "red", "green", "orange", "purple", "yellow", "white"];
export const BACKGROUNDS: readonly Background[] = ["blank", "grid", "lines"];

const ITEM_ID = /^[a-z0-9]{4}\.[1-9]\d{0,8}$/;
const TAG = /^[a-z0-9]{4}$/;
const PAGE_ID = /^[1-9]\d{0,5}\.[1-9]\d{0,3}$/;
const MATERIAL = /^[\w-]{1,64}$/;
/** SVG 2, section 9.3: path data without arcs, which typesetters do not use. */
const PATHS = /^[MmLlHhVvCcSsQqTtZz0-9eE\s,.+-]*$/;
/** Control characters but line ends, and overrides of writing direction (UAX #9, section 2). */
const UNSEEN = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;
const SCALE = { least: 0.05, most: 50 };
/** In units, of pens, lines and letters. */
const THICKEST = 1000;
const MAX_PAGE_NUMBER = 10_000;

/** Why an operation is none, in plain words. */
export type InvalidOperation = { readonly mistake: string };

export function isPageId(value: unknown): value is PageId {
  return typeof value === "string" && PAGE_ID.test(value);
}

export function isTag(value: unknown): value is string {
  return typeof value === "string" && TAG.test(value);
}

/** The tag of an item's id: what tells whose it is. */
export function tagOf(id: ItemId): string {
  return id.slice(0, id.indexOf("."));
}

/** The set and the number of a page. */
export function partsOfPage(id: PageId): { readonly set: number; readonly number: number } {
  const [set, number] = id.split(".");
  return { set: Number(set), number: Number(number) };
}

export function pageIdOf(set: number, number: number): PageId {
  return `${set}.${number}`;
}

/** All operations of an action, or the first mistake. */
export function parseOperations(values: unknown): readonly Operation[] | InvalidOperation {
  if (!Array.isArray(values) || values.length === 0) return wrong("`ops` is a list of operations");
  if (values.length > LIMITS.operationsOfAction) return wrong(`more than ${LIMITS.operationsOfAction} operations`);
  const operations: Operation[] = [];
  for (const value of values) {
    const operation = parseOperation(value);
    if ("mistake" in operation) return operation;
    operations.push(operation);
  }
  return operations;
}

/** @param readsPoints false: the points of a stroke are any text. A page leaves out those that are none. Default: true */
export function parseOperation(value: unknown, readsPoints = true): Operation | InvalidOperation {
  if (!Array.isArray(value)) return wrong("an operation is a list");
  const [letter, id, ...fields]: readonly unknown[] = value;
  if (letter === "x") return value.length === 1 ? ["x"] : wrong("`x` has no fields");
  if (letter === "d" || letter === "u")
    return isIds(id) && fields.length === 0 ? [letter, [...id]] : wrong(`\`${letter}\` has a list of ids`);
  if (!isItemId(id)) return wrong("an id is `TAG.NUMBER`");
  switch (letter) {
    case "s":
      return strokeOf(id, fields, readsPoints);
    case "p":
      return morePointsOf(id, fields, readsPoints);
    case "i": {
      const content = contentOf(fields[0]);
      return "mistake" in content || fields.length !== 1 ? wrong(errorOf(content)) : ["i", id, content];
    }
    case "t": {
      const color = colorOf(fields[0]);
      const content = color ?? contentOf(fields[0]);
      if (fields.length !== 1 || (typeof content !== "string" && "mistake" in content)) return wrong(errorOf(content));
      return ["t", id, content];
    }
    case "m":
      return moveOf(id, fields);
    default:
      return wrong("unknown operation");
  }
}

/** The same operations on items with other tags. @param tags the new ones by the old ones; others stay */
export function retagged(operations: readonly Operation[], tags: ReadonlyMap<string, string>): readonly Operation[] {
  const idOf = (id: ItemId): ItemId => `${tags.get(tagOf(id)) ?? tagOf(id)}${id.slice(id.indexOf("."))}`;
  return operations.map((operation) => withIds(operation, idOf));
}

function withIds(operation: Operation, idOf: (id: ItemId) => ItemId): Operation {
  switch (operation[0]) {
    case "s": {
      const [letter, id, ...fields] = operation;
      return [letter, idOf(id), ...fields];
    }
    case "p":
      return ["p", idOf(operation[1]), operation[2], operation[3]];
    case "i":
      return ["i", idOf(operation[1]), operation[2]];
    case "t":
      return ["t", idOf(operation[1]), operation[2]];
    case "m":
      return ["m", idOf(operation[1]), operation[2], operation[3], operation[4]];
    case "d":
    case "u":
      return [operation[0], operation[1].map(idOf)];
    case "x":
      return operation;
  }
}

/** Longer points stay apart, so that what is joined is never longer than the parser takes. */
const MAX_JOINED = 4096;

/** Operations that follow each other, as fewer: points that are added to the same stroke are one addition. */
export function joined(operations: readonly Operation[]): readonly Operation[] {
  const out: Operation[] = [];
  for (const operation of operations) {
    const last = out.at(-1);
    const both = last && operation[0] === "p" ? withPoints(last, operation) : null;
    if (both) out[out.length - 1] = both;
    else out.push(operation);
  }
  return out;
}

/** Not to a stroke's beginning: the page may have had a stroke of that id before, and then it begins nothing. */
function withPoints(last: Operation, [, id, text, ended]: Extract<Operation, readonly ["p", ...unknown[]]>): Operation | null {
  const isJoined = last[0] === "p" && last[1] === id && last[3] === 0 && last[2].length + text.length <= MAX_JOINED;
  return isJoined ? ["p", id, last[2] + text, ended] : null;
}

function strokeOf(id: ItemId, fields: readonly unknown[], readsPoints: boolean): Operation | InvalidOperation {
  const [tool, color, width, points, ended] = fields;
  const known = { tool: oneOf(TOOLS, tool), color: colorOf(color), width: whole(width, 1, THICKEST) };
  if (known.tool === null || known.color === null || known.width === null || fields.length !== 5)
    return wrong("tool, color or width of `s`");
  if (!isPoints(points, readsPoints) || !isFlag(ended)) return wrong("points of `s`");
  return ["s", id, known.tool, known.color, known.width, points, ended];
}

function morePointsOf(
  id: ItemId,
  [points, ended, ...others]: readonly unknown[],
  readsPoints: boolean,
): Operation | InvalidOperation {
  return isPoints(points, readsPoints) && isFlag(ended) && others.length === 0 ? ["p", id, points, ended] : wrong("points of `p`");
}

function moveOf(id: ItemId, [dx, dy, scale, ...others]: readonly unknown[]): Operation | InvalidOperation {
  const to = { dx: coordinate(dx), dy: coordinate(dy), scale: number(scale, SCALE.least, SCALE.most) };
  if (to.dx === null || to.dy === null || to.scale === null || others.length > 0) return wrong("numbers of `m`");
  return ["m", id, to.dx, to.dy, Math.round(to.scale * 1000) / 1000];
}

function contentOf(value: unknown): Exclude<Content, { readonly type: "stroke" }> | InvalidOperation {
  if (typeof value !== "object" || value === null) return wrong("an item is an object");
  const fields = value as Readonly<Record<string, unknown>>;
  const content = contentOfType(fields);
  return content ?? wrong(`fields of the item ${typeof fields.type === "string" ? fields.type.slice(0, 20) : ""}`.trimEnd());
}

function contentOfType(fields: Readonly<Record<string, unknown>>): Shape | Text | Formula | Picture | null {
  const color = colorOf(fields.color);
  const box = boxOf(fields, fields.type === "shape");
  if (box === null) return null;
  switch (fields.type) {
    case "shape": {
      const [shape, stroke] = [oneOf(SHAPE_KINDS, fields.shape), whole(fields.stroke, 1, THICKEST)];
      return shape && color && stroke !== null ? { type: "shape", shape, color, stroke, ...box } : null;
    }
    case "text": {
      const [text, size] = [textOf(fields.text, LIMITS.textLength), whole(fields.size, 1, THICKEST)];
      return text !== null && color && size !== null ? { type: "text", text, color, size, ...box } : null;
    }
    case "formula": {
      const [tex, paths] = [textOf(fields.tex, LIMITS.textLength), textOf(fields.paths, LIMITS.pathsLength)];
      return tex !== null && paths !== null && PATHS.test(paths) && color ? { type: "formula", tex, paths, color, ...box } : null;
    }
    case "picture": {
      const { material } = fields;
      const page = whole(fields.page, 1, MAX_PAGE_NUMBER);
      return typeof material === "string" && MATERIAL.test(material) && page !== null
        ? { type: "picture", material, page, ...box }
        : null;
    }
    default:
      return null;
  }
}

/** @param isSigned whether width and height may be negative */
function boxOf({ x, y, width, height }: Readonly<Record<string, unknown>>, isSigned: boolean): Box | null {
  const least = isSigned ? -MAX_COORDINATE : 0;
  const box = {
    x: coordinate(x),
    y: coordinate(y),
    width: whole(width, least, MAX_COORDINATE),
    height: whole(height, least, MAX_COORDINATE),
  };
  if (box.x === null || box.y === null || box.width === null || box.height === null) return null;
  return { x: box.x, y: box.y, width: box.width, height: box.height };
}

function isIds(value: unknown): value is readonly ItemId[] {
  return Array.isArray(value) && value.length > 0 && value.length <= LIMITS.idsOfOperation && value.every(isItemId);
}

function isItemId(value: unknown): value is ItemId {
  return typeof value === "string" && ITEM_ID.test(value);
}

/** Enough for the longest stroke; a message ends long before. */
const MAX_POINTS_TEXT = 24 * LIMITS.pointsOfStroke;

function isPoints(value: unknown, readsPoints: boolean): value is string {
  if (typeof value !== "string" || value.length > MAX_POINTS_TEXT) return false;
  return !readsPoints || decodePoints(value, undefined, LIMITS.pointsOfStroke) !== null;
}

function isFlag(value: unknown): value is 0 | 1 {
  // JSON has no negative zero, which would be another value when it is read again.
  return Object.is(value, 0) || value === 1;
}

function coordinate(value: unknown): number | null {
  return whole(value, -MAX_COORDINATE, MAX_COORDINATE);
}

function whole(value: unknown, least: number, most: number): number | null {
  const found = number(value, least, most);
  return found === null ? null : Math.round(found) + 0;
}

function number(value: unknown, least: number, most: number): number | null {
  return typeof value === "number" && value >= least && value <= most ? value : null;
}

function textOf(value: unknown, most: number): string | null {
  return typeof value === "string" && value.length <= most && value.isWellFormed() && !UNSEEN.test(value) ? value : null;
}

function colorOf(value: unknown): Color | null {
  return oneOf(COLORS, value);
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | null {
  return known.find((one) => one === value) ?? null;
}

function wrong(mistake: string): InvalidOperation {
  return { mistake };
}

function errorOf(content: unknown): string {
  const isError = typeof content === "object" && content !== null && "mistake" in content && typeof content.mistake === "string";
  return isError ? String(content.mistake) : "too many fields";
}

/** How thick a pen of the page is by default, in units. */
export const PEN_WIDTHS: Readonly<Record<Tool, number>> = {
  pen: Math.round(PAGE_WIDTH / 500),
  marker: Math.round(PAGE_WIDTH / 120),
};
