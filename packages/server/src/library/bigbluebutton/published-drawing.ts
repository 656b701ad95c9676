/** Makes operations of the board of what was drawn in a published recording of BigBlueButton: forms of SVG become strokes, shapes and texts in the palette's colours. */
import { type Color, encodePoints, type Item, type ItemId, LIMITS, type Operation, type Point, tracePath } from "@lectern/board";
import { attributeOf } from "../materials/xml-text.ts";
import { type DrawnState, numbersOf } from "./published-shapes.ts";

/** From the unit of a slide's drawings to that of the board's pages. */
export type Placement = { readonly scale: number; readonly dx: number; readonly dy: number };

type TimedOperation = { readonly at: number; readonly operation: Operation };

type Content = Exclude<Item["content"], { readonly type: "stroke" }>;
type Form = { readonly stroke: readonly Point[]; readonly color: Color; readonly width: number } | { readonly content: Content };

type Place = { readonly x: number; readonly y: number };

/** What the palette's colours look like. */
const PALETTE: readonly (readonly [Color, number, number, number])[] = [
  ["black", 0, 0, 0],
  ["blue", 0, 0, 255],
  ["red", 255, 0, 0],
  ["green", 0, 160, 0],
  ["orange", 255, 136, 0],
  ["purple", 136, 0, 204],
  ["yellow", 255, 255, 0],
  ["white", 255, 255, 255],
];
const THICKEST = 1000;
const PRESSURE = 0.5;
/** Pieces of a curve. */
const CURVE_STEPS = 8;

/** The states of one drawing as operations; empty: it cannot be drawn here, as a picture of a poll. @param states in their order @param newId of the next item */
export function operationsOf(states: readonly DrawnState[], place: Placement, newId: () => ItemId): readonly TimedOperation[] {
  const made: TimedOperation[] = [];
  let last: { readonly id: ItemId; readonly form: Form } | null = null;
  for (const [i, state] of states.entries()) {
    const form = formOf(state, place);
    if (form === null || (state.undone !== null && state.undone <= state.from)) continue;
    const say = (operation: Operation): unknown => made.push({ at: state.from, operation });
    const ended = i === states.length - 1 ? 1 : 0;
    const change: Operation | null = last && changeOf(last.id, last.form, form, ended);
    if (last && change) say(change);
    else {
      // The last state of a pen is smoothed, and another line than those before.
      if (last) say(["d", [last.id]]);
      const id = newId();
      if ("content" in form) say(["i", id, form.content]);
      else say(["s", id, "pen", form.color, form.width, encodePoints(form.stroke), ended]);
      last = { id, form };
    }
    last = { id: last.id, form };
  }
  const undone = states.at(-1)?.undone ?? null;
  if (last && undone !== null) made.push({ at: undone, operation: ["d", [last.id]] });
  return made;
}

/** Null: it is another item. */
function changeOf(id: ItemId, before: Form, after: Form, ended: 0 | 1): Operation | null {
  if ("content" in after)
    return "content" in before && before.content.type === after.content.type ? ["t", id, after.content] : null;
  if ("content" in before) return null;
  const more = continuationOf(before.stroke, after.stroke);
  return more && ["p", id, encodePoints(more, before.stroke.at(-1)), ended];
}

/** The points that come after those that are there; null: the beginning is another. */
function continuationOf(before: readonly Point[], after: readonly Point[]): readonly Point[] | null {
  if (after.length < before.length) return null;
  return before.every((point, i) => point.x === after[i]?.x && point.y === after[i]?.y) ? after.slice(before.length) : null;
}

function formOf({ form, drawing, style, text }: DrawnState, place: Placement): Form | null {
  const number = (name: string): number => numbersOf(attributeOf(form, name))[0] ?? 0;
  const color = colorOf(style.get("stroke") === "none" ? style.get("fill") : (style.get("stroke") ?? style.get("color")));
  const width = thicknessOf(numbersOf((style.get("stroke-width") ?? "").replace("px", ""))[0] ?? 2, place);
  const box = (x: number, y: number, w: number, h: number) => ({
    ...rounded(placed({ x, y }, place)),
    width: Math.round(w * place.scale),
    height: Math.round(h * place.scale),
  });
  switch (form.name) {
    case "circle":
      return {
        stroke: [pointAt({ x: number("cx"), y: number("cy") }, place)],
        color,
        width: thicknessOf(2 * number("r"), place),
      };
    case "line":
      return {
        content: {
          type: "shape",
          shape: "line",
          color,
          stroke: width,
          ...box(number("x1"), number("y1"), number("x2") - number("x1"), number("y2") - number("y1")),
        },
      };
    case "foreignObject": {
      const size = thicknessOf(numbersOf((style.get("font-size") ?? "").replace("px", ""))[0] ?? 18, place);
      if (text === "") return null;
      const shown = text.slice(0, LIMITS.textLength);
      return {
        content: { type: "text", text: shown, color, size, ...box(number("x"), number("y"), number("width"), number("height")) },
      };
    }
    case "polyline":
    case "polygon": {
      const pairs = numbersOf(attributeOf(form, "points"));
      const places = Array.from({ length: Math.floor(pairs.length / 2) }, (_, i) => ({
        x: pairs[2 * i] ?? 0,
        y: pairs[2 * i + 1] ?? 0,
      }));
      const [first] = places;
      return strokeOf(form.name === "polygon" && first ? [...places, first] : places, color, width, place);
    }
    case "path": {
      const data = attributeOf(form, "d") ?? "";
      if (/ellipse\d*$/.test(drawing)) return ellipseOf(data, color, width, box);
      if (data.includes("A")) return null;
      const places = tracedBy(data);
      if (/rect\d*$/.test(drawing)) return rectangleOf(places, color, width, box);
      return strokeOf(places, color, width, place);
    }
    default:
      return null;
  }
}

type BoxOf = (x: number, y: number, width: number, height: number) => { x: number; y: number; width: number; height: number };

/** `M left,middle A rx ry …`, four arcs. */
function ellipseOf(data: string, color: Color, stroke: number, box: BoxOf): Form | null {
  const [left, middle, rx, ry] = numbersOf(data.replace(/[MAZ]/g, " "));
  if (left === undefined || middle === undefined || rx === undefined || ry === undefined) return null;
  return { content: { type: "shape", shape: "ellipse", color, stroke, ...box(left, middle - ry, 2 * rx, 2 * ry) } };
}

function rectangleOf(places: readonly Place[], color: Color, stroke: number, box: BoxOf): Form | null {
  if (places.length < 3) return null;
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    content: { type: "shape", shape: "rectangle", color, stroke, ...box(left, top, Math.max(...xs) - left, Math.max(...ys) - top) },
  };
}

function strokeOf(places: readonly Place[], color: Color, width: number, place: Placement): Form | null {
  if (places.length === 0) return null;
  return { stroke: places.slice(0, LIMITS.pointsOfStroke).map((one) => pointAt(one, place)), color, width };
}

function tracedBy(data: string): readonly Place[] {
  const places: Place[] = [];
  const last = (): Place => places.at(-1) ?? { x: 0, y: 0 };
  const curve = (at: (t: number) => Place): void => {
    for (let i = 1; i <= CURVE_STEPS; i++) places.push(at(i / CURVE_STEPS));
  };
  const blend = (t: number, ...values: readonly number[]): number => {
    const [a = 0, ...rest] = values;
    if (rest.length === 0) return a;
    return (1 - t) * blend(t, ...values.slice(0, -1)) + t * blend(t, ...rest);
  };
  tracePath(
    {
      moveTo: (x, y) => void places.push({ x, y }),
      lineTo: (x, y) => void places.push({ x, y }),
      quadraticCurveTo: (cx, cy, x, y) => {
        const from = last();
        curve((t) => ({ x: blend(t, from.x, cx, x), y: blend(t, from.y, cy, y) }));
      },
      bezierCurveTo: (ax, ay, bx, by, x, y) => {
        const from = last();
        curve((t) => ({ x: blend(t, from.x, ax, bx, x), y: blend(t, from.y, ay, by, y) }));
      },
      closePath: () => {
        const [first] = places;
        if (first) places.push(first);
      },
    },
    data,
  );
  return places;
}

function placed({ x, y }: Place, { scale, dx, dy }: Placement): Place {
  return { x: x * scale + dx, y: y * scale + dy };
}

function rounded({ x, y }: Place): Place {
  return { x: Math.round(x), y: Math.round(y) };
}

function pointAt(at: Place, place: Placement): Point {
  return { ...rounded(placed(at, place)), pressure: PRESSURE, at: 0 };
}

function thicknessOf(width: number, { scale }: Placement): number {
  return Math.min(THICKEST, Math.max(1, Math.round(width * scale)));
}

/** The nearest one of the palette. */
function colorOf(css: string | undefined): Color {
  const [, hex = "000000"] = /^#([\da-f]{6})$/i.exec(css ?? "") ?? [];
  const channels = [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  const distance = ([, ...own]: (typeof PALETTE)[number]): number =>
    own.reduce((sum, value, i) => sum + (value - (channels[i] ?? 0)) ** 2, 0);
  return PALETTE.reduce((best, one) => (distance(one) < distance(best) ? one : best))[0];
}
