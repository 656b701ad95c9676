/** Draws pages on a 2D context, of which it wants so little that a browser's canvas, a server's and a test's all do. */
import { cornerOf, type Outlines, type Polygon } from "./outline.ts";
import { type PathTarget, tracePath } from "./path-data.ts";
import { type Background, type Color, type Formula, type Item, PAGE_WIDTH, type Shape, type Stroke, type Text } from "./shapes.ts";

/** The part of a `CanvasRenderingContext2D` that drawing needs. `Image`: what it draws pictures from. */
export type Canvas<Image> = PathTarget & {
  fillStyle: string | object;
  strokeStyle: string | object;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  globalAlpha: number;
  font: string;
  textBaseline: string;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  scale(x: number, y: number): void;
  beginPath(): void;
  ellipse(x: number, y: number, radiusX: number, radiusY: number, rotation: number, start: number, end: number): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  drawImage(image: Image, x: number, y: number, width: number, height: number): void;
};

export type Painting<Image> = {
  readonly outlines: Pick<Outlines, "of">;
  /** Null: it is not here yet. */
  readonly image: (material: string, page: number) => Image | null;
};

/** Colors that are read on white, also by people who do not tell red from green: they differ in lightness. */
export const PALETTE: Readonly<Record<Color, string>> = {
  black: "#1b1b1f",
  blue: "#1864d6",
  red: "#d6202c",
  green: "#1f8a3b",
  orange: "#f08a00",
  purple: "#7b3fc4",
  yellow: "#ffd400",
  white: "#ffffff",
};

const PAPER = "#ffffff";
const RULES = "#dfe3ea";
/** The distance of a grid's lines, and of lines to write on, in units. */
const SPACING = { grid: 200, lines: 300 } as const;
const RULE_WIDTH = 4;
const MARKER_ALPHA = 0.4;
const FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
/** Of letters' size. */
const LINE_HEIGHT = 1.35;
/** The head of an arrow: how long, by the thickness of its line, and how far open. */
const ARROW = { length: 5, least: 60, angle: Math.PI / 7 } as const;

/** The empty page, in units. */
export function drawBackground<Image>(canvas: Canvas<Image>, background: Background, height: number): void {
  canvas.fillStyle = PAPER;
  canvas.fillRect(0, 0, PAGE_WIDTH, height);
  if (background === "blank") return;
  canvas.fillStyle = RULES;
  const spacing = SPACING[background];
  for (let y = spacing; y < height; y += spacing) canvas.fillRect(0, y - RULE_WIDTH / 2, PAGE_WIDTH, RULE_WIDTH);
  if (background === "lines") return;
  for (let x = spacing; x < PAGE_WIDTH; x += spacing) canvas.fillRect(x - RULE_WIDTH / 2, 0, RULE_WIDTH, height);
}

export function drawItems<Image>(canvas: Canvas<Image>, items: readonly Item[], painting: Painting<Image>): void {
  for (const item of items) drawItem(canvas, item, painting);
}

/** Draws an item, unless it was deleted. */
export function drawItem<Image>(canvas: Canvas<Image>, item: Item, { outlines, image }: Painting<Image>): void {
  if (item.deleted) return;
  const { content } = item;
  canvas.save();
  place(canvas, item);
  switch (content.type) {
    case "stroke":
      drawStroke(canvas, content, outlines.of(item.id, content));
      break;
    case "shape":
      drawShape(canvas, content);
      break;
    case "text":
      drawText(canvas, content);
      break;
    case "formula":
      drawFormula(canvas, content);
      break;
    case "picture": {
      const found = image(content.material, content.page);
      if (found !== null) canvas.drawImage(found, content.x, content.y, content.width, content.height);
    }
  }
  canvas.restore();
}

function place<Image>(canvas: Canvas<Image>, { content, dx, dy, scale }: Item): void {
  if (dx === 0 && dy === 0 && scale === 1) return;
  const { x, y } = cornerOf(content);
  canvas.translate(x + dx, y + dy);
  canvas.scale(scale, scale);
  canvas.translate(-x, -y);
}

function drawStroke<Image>(canvas: Canvas<Image>, { tool, color }: Stroke, outline: readonly Polygon[]): void {
  canvas.fillStyle = PALETTE[color];
  canvas.globalAlpha *= tool === "marker" ? MARKER_ALPHA : 1;
  // One path: where pieces overlap, and where a marker crosses itself, it is filled once.
  canvas.beginPath();
  for (const polygon of outline) tracePolygon(canvas, polygon);
  canvas.fill();
}

/** Curves through the middles of the edges make the polygon smooth. */
function tracePolygon(target: PathTarget, polygon: Polygon): void {
  if (polygon.length < 6) return;
  const [firstX = 0, firstY = 0] = polygon;
  let [, , x = 0, y = 0] = polygon;
  target.moveTo((firstX + x) / 2, (firstY + y) / 2);
  for (let i = 4; i < polygon.length; i += 2) {
    const nextX = polygon[i] ?? 0;
    const nextY = polygon[i + 1] ?? 0;
    target.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    x = nextX;
    y = nextY;
  }
  target.quadraticCurveTo(x, y, (x + firstX) / 2, (y + firstY) / 2);
  const [, , secondX = 0, secondY = 0] = polygon;
  target.quadraticCurveTo(firstX, firstY, (firstX + secondX) / 2, (firstY + secondY) / 2);
  target.closePath();
}

function drawShape<Image>(canvas: Canvas<Image>, shape: Shape): void {
  const { x, y, width, height } = shape;
  Object.assign(canvas, { strokeStyle: PALETTE[shape.color], lineWidth: shape.stroke, lineCap: "round", lineJoin: "round" });
  canvas.beginPath();
  if (shape.shape === "ellipse") {
    canvas.ellipse(x + width / 2, y + height / 2, Math.abs(width) / 2, Math.abs(height) / 2, 0, 0, 2 * Math.PI);
  } else if (shape.shape === "rectangle") {
    canvas.moveTo(x, y);
    for (const [cx, cy] of [
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ] as const)
      canvas.lineTo(cx, cy);
    canvas.closePath();
  } else {
    canvas.moveTo(x, y);
    canvas.lineTo(x + width, y + height);
    if (shape.shape === "arrow") traceArrowHead(canvas, shape);
  }
  canvas.stroke();
}

function traceArrowHead(target: PathTarget, { x, y, width, height, stroke }: Shape): void {
  const length = Math.min(Math.hypot(width, height), Math.max(ARROW.least, ARROW.length * stroke));
  const back = Math.atan2(-height, -width);
  const [tipX, tipY] = [x + width, y + height];
  target.moveTo(tipX + length * Math.cos(back - ARROW.angle), tipY + length * Math.sin(back - ARROW.angle));
  target.lineTo(tipX, tipY);
  target.lineTo(tipX + length * Math.cos(back + ARROW.angle), tipY + length * Math.sin(back + ARROW.angle));
}

function drawText<Image>(canvas: Canvas<Image>, { text, color, size, x, y, width }: Text): void {
  Object.assign(canvas, { fillStyle: PALETTE[color], font: fontOf(size), textBaseline: "top" });
  const lines = linesOf(text, width, (part) => canvas.measureText(part).width);
  for (const [i, line] of lines.entries()) canvas.fillText(line, x, y + i * size * LINE_HEIGHT);
}

/** The font of a text, for a field to write it in as well. */
export function fontOf(size: number): string {
  return `${size}px ${FONT}`;
}

/** How high a text is, in units. */
export function heightOfLines(count: number, size: number): number {
  return count * size * LINE_HEIGHT;
}

/** Breaks a text into lines no wider than a box: between words, between ideographs, and inside of what is too long. A width of 0 breaks nothing. */
export function linesOf(text: string, width: number, measure: (text: string) => number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => (width === 0 ? [paragraph] : brokenLines(paragraph, width, measure)));
}

/** Spaces, words, and single letters of scripts that are written without spaces. */
const WORDS = /\s+|[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+|./gu;

function brokenLines(paragraph: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [word] of paragraph.matchAll(WORDS)) {
    if (measure(line + word) <= width) {
      line += word;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    line = "";
    for (const letter of word.trim() === "" ? "" : word) {
      if (line !== "" && measure(line + letter) > width) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return [...lines, line.trimEnd()];
}

function drawFormula<Image>(canvas: Canvas<Image>, { paths, color, x, y }: Formula): void {
  canvas.fillStyle = PALETTE[color];
  canvas.translate(x, y);
  canvas.beginPath();
  tracePath(canvas, paths);
  canvas.fill();
}
