/** Converts one uploaded file into the pictures and texts of its pages: scan, inspect, convert, and take what the sandbox has made. */
import { constants } from "node:fs";
import { chown, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type {
  ConversionTask,
  ConvertedPage,
  MaterialFile,
  MaterialKind,
  MaterialNotice,
} from "../../contracts/materials/material-messages.ts";
import { readFrom } from "../files/disk.ts";
import { missingFonts } from "./fonts.ts";
import type { FormatLimits, Inspected } from "./formats.ts";
import { convertImageFile, imageSizeOf } from "./image-step.ts";
import { inspectFile } from "./inspect-file.ts";
import { MAX_PICTURE_BYTES, type MaterialFiles } from "./material-files.ts";
import { convertOffice } from "./office-step.ts";
import { type PageSizePoints, pdfPages, pixelSize, renderPages } from "./pdf-step.ts";
import { MaterialFailure } from "./problem.ts";
import type { SandboxJob } from "./sandbox.ts";
import { type Scanner, scanFile } from "./scanner.ts";

export type ConversionOptions = {
  readonly task: ConversionTask;
  readonly job: SandboxJob;
  readonly files: MaterialFiles;
  readonly scanner: Scanner;
  readonly maxPages: number;
  readonly formats: FormatLimits;
  /** How many pages there will be. */
  readonly onTotal: (pages: number) => void;
  readonly onPage: (page: ConvertedPage) => void;
};

export type Converted = {
  readonly kind: MaterialKind;
  readonly pages: number;
  readonly notices: readonly MaterialNotice[];
  readonly bytes: number;
};

type Made = { bytes: number };

const MAX_TEXT = 20_000;
const MAX_TEXT_BYTES = 4 * MAX_TEXT;

/** @throws MaterialFailure; Interrupted */
export async function convertMaterial(options: ConversionOptions): Promise<Converted> {
  const { task, job, files, scanner, formats } = options;
  const source = join(job.folder, "source");
  if (!(await files.fetchOriginal(task.id, source, task.size))) throw new MaterialFailure("upload-lost", task.id);
  await scanFile(scanner, source);
  const inspected = await inspectFile(source, formats);
  if (job.user !== 0) await chown(source, job.user, job.user);
  if (inspected.kind === "image") return await convertImage(options, inspected);
  return await convertPages(options, inspected, source);
}

async function convertImage(options: ConversionOptions, picture: Inspected & { readonly kind: "image" }): Promise<Converted> {
  options.onTotal(1);
  await convertImageFile(options.job, picture.format, picture);
  const made = { bytes: 0 };
  await takePage(options, made, 1, imageSizeOf(picture), "");
  return { kind: "image", pages: 1, notices: [], bytes: made.bytes };
}

async function convertPages(
  options: ConversionOptions,
  inspected: Exclude<Inspected, { readonly kind: "image" }>,
  source: string,
): Promise<Converted> {
  const { job, maxPages, onTotal } = options;
  const pdf = join(job.folder, "source.pdf");
  let notes: readonly string[] = [];
  const notices: MaterialNotice[] = [];
  if (inspected.kind === "pdf") await rename(source, pdf);
  else {
    const { format, fonts } = inspected;
    ({ notes } = inspected);
    const isSlides = format === "pptx" || format === "odp";
    if (isSlides && notes.length === 0) throw new MaterialFailure("nothing-in-it", "no slides that are shown");
    if (notes.length > maxPages) throw new MaterialFailure("too-many-pages", String(notes.length));
    notices.push(...inspected.notices);
    if ((await missingFonts(fonts)).length > 0) notices.push("fonts-replaced");
    await rename(source, `${source}.${format}`);
    await convertOffice(job, format);
  }
  const sizes = await pdfPages(job, maxPages);
  onTotal(sizes.length);
  // A document whose pages are not its slides has no notes of pages.
  const noteOf = (page: number) => (notes.length === sizes.length ? (notes[page - 1] ?? "") : "");
  const made = { bytes: 0 };
  let taken: Promise<void> = Promise.resolve();
  const pixels = sizes.map(pixelSize);
  await renderPages(job, pixels, (page) => {
    const size = pixels[page - 1];
    if (!size) return;
    taken = taken.then(() => takePage(options, made, page, size, noteOf(page)));
    taken.catch(() => {});
  });
  await taken;
  return { kind: inspected.kind, pages: sizes.length, notices, bytes: made.bytes };
}

/** Takes what the sandbox has made of a page. */
async function takePage(
  { task, job, files, onPage }: ConversionOptions,
  made: Made,
  n: number,
  { width, height }: PageSizePoints,
  notes: string,
): Promise<void> {
  for (const size of ["large", "small"] as const) {
    const name: MaterialFile = `${size}-${n}.webp`;
    const bytes = await readMade(join(job.folder, "out", name), MAX_PICTURE_BYTES);
    if (!bytes || !isWebP(bytes)) throw new MaterialFailure("damaged", `no picture ${name}`);
    await files.putPage(task.id, name, bytes);
    made.bytes += bytes.length;
  }
  const text = (await readMade(join(job.folder, "out", `text-${n}.txt`), MAX_TEXT_BYTES))?.toString() ?? "";
  onPage({ n, text: plainText(text), notes: plainText(notes), width, height });
}

/** A file that a program in the sandbox has made: a link, a device or a pipe in its place is none. */
async function readMade(path: string, maxBytes: number): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (!file) return null;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.nlink !== 1) return null;
    return await readFrom(file, 0, Buffer.alloc(Math.min(stats.size, maxBytes)));
  } finally {
    await file.close();
  }
}

function isWebP(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
}

/** Without characters that a database or a page cannot show; a form feed ends a page of pdftotext. */
function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim()
    .slice(0, MAX_TEXT)
    .toWellFormed();
}
