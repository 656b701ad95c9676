/** Makes materials of the slides of a published recording of BigBlueButton: pictures of pages in both sizes, as conversions make them, and a PDF in the place of the upload. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCanvas, type Image, loadImage, PDFDocument, type SKRSContext2D } from "@napi-rs/canvas";
import { type MaterialFile, PAGE_WIDTHS } from "../../contracts/materials/material-messages.ts";
import type { ImportedMaterial, ImportedPage } from "../../contracts/recordings/imported-lesson.ts";
import { newId } from "../../platform/id.ts";
import { materialsOf } from "../materials/material-files.ts";
import { readPicture } from "./published-files.ts";
import { MAX_SLIDES, type PublishedLesson, type PublishedSlides } from "./published-lesson.ts";
import type { ImportedSlides } from "./published-room.ts";

const QUALITY = 84;
/** Of a page of the PDF, in points: as wide as a slide of PowerPoint. */
const PDF_WIDTH = 960;
const BLANK = { width: 1600, height: 900 } as const;
/** A page is no higher than three times its width. */
const MAX_RATIO = 3;
const MAX_TEXT = 20_000;

/** @param dataDir where materials are kept */
export async function makeSlides(lesson: PublishedLesson, dataDir: string): Promise<ImportedSlides> {
  const made = new Map<string, ImportedMaterial>();
  for (const [i, slides] of lesson.slides.entries()) {
    if (slides.files.length === 0) continue;
    const title = lesson.slides.length === 1 ? lesson.title : `${lesson.title} (${i + 1})`;
    made.set(slides.id, await makeMaterial(slides, title, dataDir));
  }
  return made;
}

async function makeMaterial({ files, texts }: PublishedSlides, title: string, dataDir: string): Promise<ImportedMaterial> {
  const id = newId();
  const folder = join(materialsOf(dataDir), id);
  await mkdir(folder, { recursive: true });
  const pdf = new PDFDocument({ title, creator: "Lectern" });
  const pages: ImportedPage[] = [];
  let pictureBytes = 0;
  for (const [i, file] of files.slice(0, MAX_SLIDES).entries()) {
    const n = i + 1;
    const bytes = file === "" ? null : await readPicture(file);
    const slide = bytes && (await loadImage(bytes).catch(() => null));
    const { width, height } = slide ? sizeOf(slide) : BLANK;
    for (const size of ["large", "small"] as const) {
      const picture = await pictureOf(slide, width, height, Math.min(width, PAGE_WIDTHS[size]));
      pictureBytes += picture.length;
      const name: MaterialFile = `${size}-${n}.webp`;
      await writeFile(join(folder, name), picture);
    }
    // The library's type names the browser's context, which takes other images.
    const context = pdf.beginPage(PDF_WIDTH, (PDF_WIDTH * height) / width) as unknown as SKRSContext2D;
    if (slide) context.drawImage(slide, 0, 0, PDF_WIDTH, (PDF_WIDTH * height) / width);
    pdf.endPage();
    pages.push({ n, text: (texts[i] ?? "").slice(0, MAX_TEXT), width, height });
  }
  const original = pdf.close();
  await writeFile(join(folder, "original" satisfies MaterialFile), original);
  return { id, title, filename: `${title.replace(/[\\/]/g, "-")}.pdf`, kind: "pdf", size: original.length, pictureBytes, pages };
}

/** Of the large picture. No picture becomes larger than it is. */
function sizeOf({ width, height }: Image): { readonly width: number; readonly height: number } {
  if (!(width > 0) || !(height > 0)) return BLANK;
  const scale = Math.min(1, PAGE_WIDTHS.large / width, (MAX_RATIO * PAGE_WIDTHS.large) / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** On white: slides may be transparent. */
async function pictureOf(slide: Image | null, width: number, height: number, shown: number): Promise<Buffer> {
  const canvas = createCanvas(Math.round(shown), Math.max(1, Math.round((height * shown) / width)));
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (slide) context.drawImage(slide, 0, 0, canvas.width, canvas.height);
  return await canvas.encode("webp", QUALITY);
}
