/**
 * Reads `shapes.svg` of a published recording of BigBlueButton: when each slide was shown, and what was drawn on it. An `image` is a slide for a time, a `g` of the class
 * `canvas` has what was drawn while that image was there, and each `g` of the class `shape` is one state of a drawing.
 */
import { attributeOf, type XmlTag, xmlTags } from "../materials/xml-text.ts";

/** A slide for a time. */
export type ShownImage = {
  readonly id: string;
  /** Seconds of the recording. */
  readonly from: number;
  readonly to: number;
  /** Below the recording's folder. */
  readonly file: string;
  /** In the unit of drawings. */
  readonly width: number;
  readonly height: number;
};

/** A state of a drawing; the next one of the same name takes its place. */
export type DrawnState = {
  /** The `id` of an image. */
  readonly image: string;
  /** The same for all states of one drawing. */
  readonly drawing: string;
  /** Seconds of the recording. */
  readonly from: number;
  /** When it was undone or cleared; null: never. */
  readonly undone: number | null;
  /** CSS of the group. */
  readonly style: ReadonlyMap<string, string>;
  /** The element with the form, and the text inside. */
  readonly form: XmlTag;
  readonly text: string;
};

export type PublishedShapes = { readonly images: readonly ShownImage[]; readonly states: readonly DrawnState[] };

const FORMS: ReadonlySet<string> = new Set(["path", "line", "circle", "polyline", "polygon", "foreignObject", "image", "rect"]);

export function readShapes(svg: string): PublishedShapes {
  const images: ShownImage[] = [];
  const states: DrawnState[] = [];
  let image = "";
  let group: XmlTag | null = null;
  let form: XmlTag | null = null;
  let text = "";
  const depth = { all: 0, shape: 0 };
  for (const tag of xmlTags(svg)) {
    if (tag.name === "g") {
      if (!tag.isEmpty) depth.all++;
      if (classOf(tag) === "canvas") image = attributeOf(tag, "image") ?? "";
      else if (classOf(tag) === "shape") [group, form, text, depth.shape] = [tag, null, "", depth.all];
    } else if (tag.name === "/g") {
      if (group && form && depth.all === depth.shape) states.push(stateOf(image, group, form, text));
      if (depth.all === depth.shape) group = null;
      depth.all--;
    } else if (tag.name === "image" && group === null) images.push(...imagesOf(tag));
    else if (group && FORMS.has(tag.name)) form ??= tag;
    if (group && form?.name === "foreignObject")
      text += (tag.name === "br" || tag.name === "br/" ? "\n" : "") + (isIndentation(tag.text) ? "" : tag.text);
  }
  return { images: images.toSorted((a, b) => a.from - b.from), states };
}

function isIndentation(text: string): boolean {
  return text.includes("\n") && text.trim() === "";
}

function classOf(tag: XmlTag): string | null {
  return attributeOf(tag, "class");
}

/** Old versions name several times in one image. */
function imagesOf(tag: XmlTag): ShownImage[] {
  const [starts, ends] = [numbersOf(attributeOf(tag, "in")), numbersOf(attributeOf(tag, "out"))];
  const file = attributeOf(tag, "xlink:href") ?? attributeOf(tag, "href");
  const id = attributeOf(tag, "id");
  const [width = 0] = numbersOf(attributeOf(tag, "width"));
  const [height = 0] = numbersOf(attributeOf(tag, "height"));
  if (file === null || id === null || width <= 0 || height <= 0) return [];
  return starts.map((from, i) => ({ id, from, to: Math.max(from, ends[i] ?? from), file, width, height }));
}

function stateOf(image: string, group: XmlTag, form: XmlTag, text: string): DrawnState {
  const [from = 0] = numbersOf(attributeOf(group, "timestamp"));
  const [undone = -1] = numbersOf(attributeOf(group, "undo"));
  const style = new Map(
    (attributeOf(group, "style") ?? "").split(";").flatMap((rule) => {
      const [name = "", value = ""] = rule.split(":").map((part) => part.trim());
      return name === "" ? [] : [[name, value] as const];
    }),
  );
  const drawing = attributeOf(group, "shape") ?? attributeOf(group, "id") ?? "";
  return { image, drawing, from, undone: undone < 0 ? null : undone, style, form, text: text.trim() };
}

export function numbersOf(text: string | null): number[] {
  return (text ?? "")
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map(Number)
    .filter(Number.isFinite);
}
