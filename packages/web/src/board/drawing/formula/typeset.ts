/**
 * Typesets a formula of TeX as path data, with MathJax at the author's side alone: viewers need no typesetter. It is the largest part of the
 * drawing tools, and is loaded with the first formula.
 */
import { LIMITS } from "@lectern/board";
import { LiteElement } from "mathjax-full/js/adaptors/lite/Element.js";
import { liteAdaptor } from "mathjax-full/js/adaptors/liteAdaptor.js";
import { RegisterHTMLHandler } from "mathjax-full/js/handlers/html.js";
import "mathjax-full/js/input/tex/ams/AmsConfiguration.js";
import "mathjax-full/js/input/tex/mhchem/MhchemConfiguration.js";
import { TeX } from "mathjax-full/js/input/tex.js";
import { mathjax } from "mathjax-full/js/mathjax.js";
import { SVG } from "mathjax-full/js/output/svg.js";
import { type Clip, type Placement, placed, rectanglePath, UNMOVED, within } from "./path-data.ts";

export type Typeset = { readonly paths: string; readonly width: number; readonly height: number };
/** `depth`: how far it reaches below the line of the letters around it. */
export type TypesetInline = Typeset & { readonly depth: number };
/** `mistake`: what is wrong with the TeX, in MathJax's words. `letters`: some that its font does not have, such as Chinese ones. */
export type TypesetResult = Typeset | { readonly problem: "mistake" | "letters" | "too-long"; readonly detail: string };

/** MathJax measures in thousandths of an em. */
const EM = 1000;

/** A formula in a text is no larger: a line of many letters, a tall matrix. */
const MAX_INLINE_EM = 200;

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const page = mathjax.document("", {
  InputJax: new TeX({ packages: ["base", "ams", "mhchem"] }),
  OutputJax: new SVG({ fontCache: "none" }),
});

/** @param size of the letters, in units */
export function typeset(tex: string, size: number): TypesetResult {
  const result = typesetAs(tex, size, true);
  if ("problem" in result) return result;
  const { depth: _, ...formula } = result;
  return formula;
}

/** In a line of text. @param size of the letters, in units; null: it is no formula, is huge, or its letters are not in the font */
export function typesetInline(tex: string, size: number, isDisplay = false): TypesetInline | null {
  const result = typesetAs(tex, size, isDisplay);
  if ("problem" in result) return null;
  // `\rule{99999em}{99999em}` would push the page away from below the reader.
  return Math.max(result.width, result.height, Math.abs(result.depth)) > MAX_INLINE_EM * size ? null : result;
}

function typesetAs(tex: string, size: number, isDisplay: boolean): TypesetInline | Exclude<TypesetResult, Typeset> {
  const root = page.convert(tex, { display: isDisplay }) as LiteElement;
  const svg = elementsOf(root).find(({ kind }) => kind === "svg");
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(svg?.attributes["viewBox"]);
  const mistake = findError(root);
  if (!svg || mistake !== null) return { problem: "mistake", detail: mistake ?? "" };
  const scale = size / EM;
  const collected: string[] = [];
  const onto: Placement = { scaleX: scale, scaleY: scale, x: -left * scale, y: -top * scale };
  try {
    for (const child of elementsOf(svg)) collect(child, onto, collected);
  } catch (error) {
    return { problem: "letters", detail: error instanceof Error ? error.message : "" };
  }
  const paths = collected.join("");
  if (paths.length > LIMITS.pathsLength || tex.length > LIMITS.textLength) return { problem: "too-long", detail: "" };
  return { paths, width: Math.ceil(width * scale), height: Math.ceil(height * scale), depth: Math.ceil((top + height) * scale) };
}

/** @throws Error with the letters that have no path */
function collect(element: LiteElement, outer: Placement, paths: string[], clip: Clip | null = null): void {
  const { kind, attributes } = element;
  const placement = within(outer, placementOf(element));
  const number = (name: string) => Number(attributes[name] ?? 0);
  if (kind === "path") paths.push(placed(String(attributes["d"] ?? ""), placement, clip));
  else if (kind === "rect")
    paths.push(placed(rectanglePath(number("x"), number("y"), number("width"), number("height")), placement));
  else if (kind === "text") throw new Error(adaptor.textContent(element));
  const inner = kind === "svg" ? clipOf(element, placement) : clip;
  for (const child of elementsOf(element)) collect(child, placement, paths, inner);
}

/** Groups have translations and scales; pieces of tall brackets are pictures of their own, with a part of a glyph. */
function placementOf({ kind, attributes }: LiteElement): Placement {
  let placement = UNMOVED;
  for (const [, name, list = ""] of String(attributes["transform"] ?? "").matchAll(/(translate|scale)\(([^)]*)\)/g)) {
    const [first = 0, second] = numbersOf(list);
    const next =
      name === "scale" ? { ...UNMOVED, scaleX: first, scaleY: second ?? first } : { ...UNMOVED, x: first, y: second ?? 0 };
    placement = within(placement, next);
  }
  if (kind !== "svg") return placement;
  const [left = 0, top = 0, width = 1, height = 1] = numbersOf(attributes["viewBox"]);
  const number = (name: string, otherwise: number) => Number.parseFloat(String(attributes[name] ?? otherwise));
  const [scaleX, scaleY] = [number("width", width) / width, number("height", height) / height];
  return within(placement, { scaleX, scaleY, x: number("x", 0) - left * scaleX, y: number("y", 0) - top * scaleY });
}

/** What a picture inside of the formula shows. */
function clipOf({ attributes }: LiteElement, { scaleX, scaleY, x, y }: Placement): Clip {
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(attributes["viewBox"]);
  const [ends, rows] = [[left, left + width].map((one) => one * scaleX + x), [top, top + height].map((one) => one * scaleY + y)];
  return { left: Math.min(...ends), right: Math.max(...ends), top: Math.min(...rows), bottom: Math.max(...rows) };
}

function findError(element: LiteElement): string | null {
  const own = element.attributes["data-mjx-error"];
  if (typeof own === "string") return own;
  for (const child of elementsOf(element)) {
    const found = findError(child);
    if (found !== null) return found;
  }
  return null;
}

function elementsOf({ children }: LiteElement): LiteElement[] {
  return children.filter((child) => child instanceof LiteElement);
}

function numbersOf(list: unknown): number[] {
  return String(list ?? "")
    .split(/[\s,]+/)
    .filter((text) => text !== "")
    .map(Number);
}
