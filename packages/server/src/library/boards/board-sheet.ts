/** Draws a page of the board on a canvas of the server, as browsers draw it: for PDF files, and for pictures. */
import { type Canvas, drawBackground, drawItems, Outlines, PAGE_WIDTH, Page } from "@lectern/board";
import { type Image, loadImage } from "@napi-rs/canvas";
import type { BoardSheet } from "../../contracts/rooms/board-sheet.ts";

export type ServerCanvas = Canvas<Image>;

/** @param width of the page on the canvas, in the canvas's own unit */
export async function drawSheet(
  canvas: ServerCanvas,
  { height, ground, operations, pictures }: BoardSheet,
  width: number,
): Promise<void> {
  const images = new Map<string, Image>();
  for (const [key, bytes] of pictures) images.set(key, await loadImage(bytes));
  const slide = "slide" in ground ? await loadImage(ground.slide) : null;
  canvas.save();
  canvas.scale(width / PAGE_WIDTH, width / PAGE_WIDTH);
  drawBackground(canvas, "background" in ground ? ground.background : "blank", height);
  if (slide) drawSlide(canvas, slide, height);
  drawItems(canvas, Page.of(operations).items(), {
    outlines: new Outlines(),
    image: (material, page) => images.get(`${material}/${page}`) ?? null,
  });
  canvas.restore();
}

/** The picture of a slide on its page, as large as it has room, in the middle. @param height of the page, in units */
export function drawSlide(canvas: ServerCanvas, slide: Image, height: number): void {
  const scale = Math.min(PAGE_WIDTH / slide.width, height / slide.height);
  const [shownWidth, shownHeight] = [slide.width * scale, slide.height * scale];
  canvas.drawImage(slide, (PAGE_WIDTH - shownWidth) / 2, (height - shownHeight) / 2, shownWidth, shownHeight);
}
