import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints, PAGE_HEIGHT } from "@lectern/board";
import { createCanvas } from "@napi-rs/canvas";
import type { BoardSheet } from "../../contracts/rooms/board-sheet.ts";
import { boardPdf } from "./board-pdf.ts";
import { drawSheet } from "./board-sheet.ts";

const POINTS = encodePoints([0, 1, 2, 3].map((i) => ({ x: 800 + 400 * i, y: 1000, pressure: 0.5, at: 20 * i })));

function sheet(more: Partial<BoardSheet> = {}): BoardSheet {
  return {
    height: PAGE_HEIGHT,
    ground: { background: "grid" },
    pictures: new Map(),
    operations: [
      ["s", "abcd.1", "pen", "red", 40, POINTS, 1],
      ["i", "abcd.2", { type: "text", text: "第一课 Hello", color: "black", size: 200, x: 400, y: 2000, width: 3000, height: 400 }],
    ],
    ...more,
  };
}

function slide(color: string): Uint8Array {
  const canvas = createCanvas(400, 300);
  const context = canvas.getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 400, 300);
  return canvas.toBuffer("image/webp");
}

/** The color in the middle of a square of the page, which is drawn 640 wide. */
async function colorsAt(of: BoardSheet, ...places: readonly (readonly [number, number])[]): Promise<string[]> {
  const canvas = createCanvas(640, 360);
  const context = canvas.getContext("2d");
  await drawSheet(context, of, 640);
  return places.map(([x, y]) => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    return [red, green, blue].map((part) => (part > 200 ? "1" : part < 80 ? "0" : "-")).join("");
  });
}

test("a page is drawn with its slide in the middle, and with what was written on it", async () => {
  assert.deepEqual(await colorsAt(sheet(), [120, 100], [630, 350]), ["100", "111"], "the stroke, and paper");
  const onSlide = sheet({ ground: { slide: slide("#00ff00") } });
  assert.deepEqual(await colorsAt(onSlide, [10, 180], [320, 300]), ["111", "010"], "paper beside the slide, and the slide");
});

test("a PDF has each page in its order, and letters as letters", { timeout: 60_000 }, async () => {
  const pdf = await boardPdf(
    "代数",
    (async function* () {
      yield sheet();
      yield sheet({ ground: { slide: slide("#0000ff") } });
    })(),
  );
  const text = pdf.toString("latin1");
  assert.match(text, /^%PDF-1/);
  assert.equal(text.match(/\/Type \/Page\b/g)?.length, 2);
  assert.match(text, /\/Subtype \/(?:CIDFontType2|Type3|TrueType|Type0)/);
});

test("a slide that cannot be read, and pages that cannot be had, end it with the error", { timeout: 60_000 }, async () => {
  await assert.rejects(
    boardPdf(
      "",
      (async function* () {
        yield sheet({ ground: { slide: new Uint8Array([1, 2, 3]) } });
      })(),
    ),
  );
  await assert.rejects(
    boardPdf(
      "",
      // biome-ignore lint/correctness/useYield: it fails before its first page.
      (async function* () {
        throw new Error("the database is down");
      })(),
    ),
    /the database is down/,
  );
});
