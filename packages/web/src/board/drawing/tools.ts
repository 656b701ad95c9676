/** Provides the tools of the board, and what is chosen for each: kept on the device, so that the next lesson begins with the same pen. */
import { COLORS, type Color, type Tool as InkTool, type ShapeKind } from "@lectern/board";
import { isBody, parseJson } from "@lectern/room";
import { keepValue, keptValue } from "../../session/kept-values.ts";

export type DrawingTool = InkTool | ShapeKind | "eraser" | "text" | "formula" | "select" | "laser" | "hand";

/** In the order of the tool row; those of a student come first. */
export const STUDENT_TOOLS: readonly DrawingTool[] = [
  "pen",
  "marker",
  "eraser",
  "line",
  "arrow",
  "rectangle",
  "ellipse",
  "text",
  "select",
];
export const TEACHER_TOOLS: readonly DrawingTool[] = [...STUDENT_TOOLS, "formula", "laser", "hand"];
export const SHAPES: readonly DrawingTool[] = ["line", "arrow", "rectangle", "ellipse"];

/** The keys that choose them while the page has the focus. */
export const TOOL_KEYS: Readonly<Record<string, DrawingTool>> = {
  p: "pen",
  m: "marker",
  e: "eraser",
  l: "line",
  a: "arrow",
  r: "rectangle",
  o: "ellipse",
  t: "text",
  f: "formula",
  v: "select",
  i: "laser",
  h: "hand",
};

/** Thin, medium and thick: of lines and of letters, in units. */
export const THICKNESSES = ["thin", "medium", "thick"] as const;
export type Thickness = (typeof THICKNESSES)[number];

const LINE_WIDTHS: Readonly<Record<Thickness, number>> = { thin: 10, medium: 18, thick: 36 };
const MARKER_WIDTHS: Readonly<Record<Thickness, number>> = { thin: 60, medium: 100, thick: 160 };
const LETTER_SIZES: Readonly<Record<Thickness, number>> = { thin: 130, medium: 190, thick: 300 };
/** How far from the pointer the eraser reaches, in pixels. */
export const ERASER_REACH: Readonly<Record<Thickness, number>> = { thin: 5, medium: 10, thick: 20 };

export function widthOf(tool: DrawingTool, thickness: Thickness): number {
  if (tool === "marker") return MARKER_WIDTHS[thickness];
  return tool === "text" || tool === "formula" ? LETTER_SIZES[thickness] : LINE_WIDTHS[thickness];
}

export function hasColor(tool: DrawingTool): boolean {
  return !["eraser", "laser", "hand"].includes(tool);
}

export function hasThickness(tool: DrawingTool): boolean {
  return !["select", "laser", "hand"].includes(tool);
}

/** What a person has chosen. */
export type Choice = {
  readonly tool: DrawingTool;
  readonly colors: Readonly<Record<string, Color>>;
  readonly thicknesses: Readonly<Record<string, Thickness>>;
};

const KEY = "lectern.board-tools";
/** A marker is seen best in yellow. */
const FIRST: Choice = { tool: "pen", colors: { marker: "yellow" }, thicknesses: {} };

export function colorOf({ tool, colors }: Choice): Color {
  return colors[groupOf(tool)] ?? "black";
}

export function thicknessOf({ tool, thicknesses }: Choice): Thickness {
  return thicknesses[groupOf(tool)] ?? "medium";
}

export function withColor(choice: Choice, color: Color): Choice {
  return { ...choice, colors: { ...choice.colors, [groupOf(choice.tool)]: color } };
}

export function withThickness(choice: Choice, thickness: Thickness): Choice {
  return { ...choice, thicknesses: { ...choice.thicknesses, [groupOf(choice.tool)]: thickness } };
}

/** The marker and the eraser have choices of their own; the others share one. */
function groupOf(tool: DrawingTool): string {
  return tool === "marker" || tool === "eraser" || tool === "text" || tool === "formula" ? tool : "pen";
}

export function keptChoice(): Choice {
  const kept = parseJson(keptValue("device", KEY) ?? "");
  if (!isBody(kept)) return FIRST;
  const pick = <T extends string>(value: unknown, known: readonly T[]): Record<string, T> => {
    const entries = isBody(value) ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.flatMap(([group, one]): [string, T][] => known.flatMap((name) => (name === one ? [[group, name]] : []))),
    );
  };
  return {
    ...FIRST,
    colors: { ...FIRST.colors, ...pick(kept["colors"], COLORS) },
    thicknesses: pick(kept["thicknesses"], THICKNESSES),
  };
}

export function keepChoice({ colors, thicknesses }: Choice): void {
  keepValue("device", KEY, JSON.stringify({ colors, thicknesses }));
}
