/** Provides the pictures in the documents: which page in which form each of them is. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Form, formName } from "./forms.ts";
import type { ShownPage } from "./pages.ts";
import { isOnSheets, writeSheet, writeSingle } from "./sheets.ts";

const DOCS = join(import.meta.dirname, "../../docs/images");
const SHEET_QUALITY = 60;

const desktop: Form = { device: "desktop", language: "en", theme: "light" };
const phone: Form = { ...desktop, device: "phone" };
const SINGLES: readonly (readonly [image: string, page: string, form: Form])[] = [
  ["class-desktop", "class-board", desktop],
  ["class-entry", "class-entry", phone],
  ["class-live", "class-live", phone],
  ["class-tv", "class-live", { ...desktop, device: "television" }],
  ["console-dark", "console-timetable", { device: "desktop", language: "zh", theme: "dark" }],
  ["console-drawer", "console-person", desktop],
  ["console-first-run", "first-run", desktop],
  ["console-home", "console-home", desktop],
  ["console-people", "console-people-menu", desktop],
  ["console-phone", "console-timetable", phone],
  ["console-timetable", "console-timetable", desktop],
  ["studio-before", "studio-before", desktop],
  ["studio-live", "studio-live", desktop],
  ["studio-recordings", "studio-recordings", desktop],
];

/** Whether the documents show the page in this form. */
export function isInDocs({ name, isKept }: ShownPage, form: Form): boolean {
  const isSingle = SINGLES.some(([, page, one]) => page === name && formName(one) === formName(form));
  return isSingle || (isKept === true && isOnSheets(form));
}

/** @param directory of the pictures that were taken */
export async function writeDocsImages(browser: Browser, directory: string, pages: readonly ShownPage[]): Promise<void> {
  mkdirSync(join(DOCS, "pages"), { recursive: true });
  for (const { name, isKept } of pages)
    if (isKept)
      await writeSheet(browser, directory, name, join(DOCS, "pages", `${name}.webp`), { format: "webp", quality: SHEET_QUALITY });
  for (const [image, page, form] of SINGLES)
    await writeSingle(browser, directory, `${page}-${formName(form)}`, form.device, join(DOCS, `${image}.webp`));
}
