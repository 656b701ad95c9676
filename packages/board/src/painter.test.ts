import assert from "node:assert/strict";
import { test } from "node:test";
import { Outlines } from "./outline.ts";
import { type Canvas, drawBackground, drawItem, drawItems, linesOf, PALETTE } from "./painter.ts";
import { tracePath } from "./path-data.ts";
import type { Content, Item } from "./shapes.ts";

/** Notes what is drawn. Letters are 10 units wide. */
function notebook(): { readonly canvas: Canvas<string>; readonly calls: string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...fields: readonly unknown[]) =>
      void calls.push(`${name} ${fields.map((one) => (typeof one === "number" ? Math.round(one) : one)).join(" ")}`.trim());
  const names = [
    "save",
    "restore",
    "translate",
    "scale",
    "beginPath",
    "ellipse",
    "stroke",
    "fillRect",
    "fillText",
    "drawImage",
    "moveTo",
    "lineTo",
    "quadraticCurveTo",
    "bezierCurveTo",
    "closePath",
  ] as const;
  const methods = Object.fromEntries(names.map((name) => [name, note(name)])) as Pick<Canvas<string>, (typeof names)[number]>;
  const canvas: Canvas<string> = {
    ...methods,
    fillStyle: "",
    strokeStyle: "",
    lineWidth: 1,
    lineCap: "",
    lineJoin: "",
    globalAlpha: 1,
    font: "",
    textBaseline: "",
    fill: () => void calls.push(`fill ${canvas.fillStyle} ${canvas.globalAlpha}`),
    measureText: (text) => ({ width: [...text].length * 10 }),
  };
  return { canvas, calls };
}

const item = (content: Content, change: Partial<Item> = {}): Item => ({
  id: "aaaa.1",
  content,
  dx: 0,
  dy: 0,
  scale: 1,
  deleted: false,
  ...change,
});
const box = { x: 100, y: 200, width: 300, height: 80 };
const painting = {
  outlines: new Outlines(),
  image: (material: string, page: number) => (material === "m1" ? `${material}/${page}` : null),
};

function drawn(one: Item): string[] {
  const { canvas, calls } = notebook();
  drawItem(canvas, one, painting);
  return calls;
}

test("a stroke is one filled path, and a marker lets what is below shine through", () => {
  const points = Array.from({ length: 300 }, (_, i) => ({ x: i * 10, y: 0, pressure: 0.5, at: i }));
  const stroke = { type: "stroke", tool: "pen", color: "blue", width: 20, points, ended: true } as const;
  const calls = drawn(item(stroke));
  assert.equal(calls.filter((call) => call.startsWith("moveTo")).length, 4);
  assert.deepEqual(
    calls.filter((call) => call.startsWith("fill")),
    [`fill ${PALETTE.blue} 1`],
  );
  const marker = drawn(item({ ...stroke, tool: "marker" }, { id: "aaaa.2" } as Partial<Item>));
  assert.deepEqual(
    marker.filter((call) => call.startsWith("fill")),
    [`fill ${PALETTE.blue} 0.4`],
  );
});

test("what was deleted is not drawn; what was moved is drawn there", () => {
  const picture = { type: "picture", material: "m1", page: 2, ...box } as const;
  assert.deepEqual(drawn(item(picture, { deleted: true })), []);
  assert.deepEqual(drawn(item(picture, { dx: 5, dy: 6, scale: 2 })), [
    ...["save", "translate 105 206", "scale 2 2", "translate -100 -200", "drawImage m1/2 100 200 300 80", "restore"],
  ]);
  assert.deepEqual(drawn(item({ ...picture, material: "not here yet" })), ["save", "restore"]);
});

test("an arrow has its head where it ends", () => {
  const arrow = { type: "shape", shape: "arrow", color: "red", stroke: 12, ...box, height: 0, width: -300 } as const;
  assert.deepEqual(drawn(item(arrow)), [
    ...[
      "save",
      "beginPath",
      "moveTo 100 200",
      "lineTo -200 200",
      "moveTo -146 174",
      "lineTo -200 200",
      "lineTo -146 226",
      "stroke",
      "restore",
    ],
  ]);
  const ellipse = drawn(item({ ...arrow, shape: "ellipse", height: -80 }));
  assert.ok(ellipse.includes("ellipse -50 160 150 40 0 0 6"));
});

test("a text is broken between words, between ideographs, and inside of what is too long", () => {
  const measure = (text: string) => [...text].length * 10;
  assert.deepEqual(linesOf("one two three", 80, measure), ["one two", "three"]);
  assert.deepEqual(linesOf("分数的加法 x", 30, measure), ["分数的", "加法", "x"]);
  assert.deepEqual(linesOf("aaaaaaaaaa b", 40, measure), ["aaaa", "aaaa", "aa b"]);
  assert.deepEqual(linesOf("a\n\nb", 40, measure), ["a", "", "b"]);
  assert.deepEqual(linesOf("never broken", 0, measure), ["never broken"]);
  const calls = drawn(item({ type: "text", text: "one\ntwo", color: "black", size: 100, ...box }));
  assert.deepEqual(calls.slice(1, -1), ["fillText one 100 200", "fillText two 100 335"]);
});

test("a formula is drawn from its box's corner", () => {
  const calls = drawn(item({ type: "formula", tex: "x", paths: "M0 0h10v-5z", color: "black", ...box }));
  const path = ["moveTo 0 0", "lineTo 10 0", "lineTo 10 -5", "closePath"];
  assert.deepEqual(calls, ["save", "translate 100 200", "beginPath", ...path, `fill ${PALETTE.black} 1`, "restore"]);
});

test("path data is read as the standard says", () => {
  const { canvas, calls } = notebook();
  tracePath(canvas, "M10-5 20,30l1e1.5Q1 2 3 4T9 9t1 1C1 1 2 2 3 3S5 5 6 6s1 1 2 2zm1 1 2 2H7V8");
  assert.deepEqual(calls, [
    ...[
      "moveTo 10 -5",
      "lineTo 20 30",
      "lineTo 30 31",
      "quadraticCurveTo 1 2 3 4",
      "quadraticCurveTo 5 6 9 9",
      "quadraticCurveTo 13 12 10 10",
    ],
    ...["bezierCurveTo 1 1 2 2 3 3", "bezierCurveTo 4 4 5 5 6 6", "bezierCurveTo 7 7 7 7 8 8", "closePath"],
    ...["moveTo 11 -4", "lineTo 13 -2", "lineTo 7 -2", "lineTo 7 8"],
  ]);
  for (const broken of ["", "5 5", "M", "M1", "M1 2 L x", "ZZZ", "M1 2 3 L4 5"]) tracePath(notebook().canvas, broken);
});

test("a page is white, with a grid or lines to write on", () => {
  const rules = (background: "blank" | "grid" | "lines") => {
    const { canvas, calls } = notebook();
    drawBackground(canvas, background, 3600);
    drawItems(canvas, [], painting);
    return calls.length;
  };
  assert.deepEqual([rules("blank"), rules("lines"), rules("grid")], [1, 1 + 11, 1 + 17 + 31]);
});
