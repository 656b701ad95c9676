/** Writes a PDF of the board in a worker thread (`board-pdf.ts`): drawing holds its loop. */
import { parentPort, workerData } from "node:worker_threads";
import { PAGE_WIDTH } from "@lectern/board";
import { PDFDocument } from "@napi-rs/canvas";
import type { PdfAnswer, PdfRequest } from "./board-pdf.ts";
import { drawSheet, type ServerCanvas } from "./board-sheet.ts";

/** Of a page, in points: as wide as a slide of PowerPoint. */
const WIDTH = 960;

const port = parentPort;
if (!port) throw new Error("this file runs only in a worker thread");
const pdf = new PDFDocument({ title: String(workerData), creator: "Lectern" });

port.on("message", async (sheet: PdfRequest) => {
  if (sheet === null) return answer(pdf.close());
  // The library's type names the browser's context, which takes other images.
  const canvas = pdf.beginPage(WIDTH, (WIDTH * sheet.height) / PAGE_WIDTH) as unknown as ServerCanvas;
  await drawSheet(canvas, sheet, WIDTH);
  pdf.endPage();
  answer(null);
});

function answer(message: PdfAnswer): void {
  port?.postMessage(message);
}
