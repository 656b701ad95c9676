/** Provides contact sheets: the forms of one page side by side, as one picture, all of them or those in the documents. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { DEVICES, type Device, type Form, formName, LANGUAGES, type Language, THEMES } from "./forms.ts";

const GAP = 12;
/** As high as it says, in pixels. */
type Row = { readonly height: number; readonly forms: readonly Form[] };
/** Of the documents' sheets. */
const DOCS_ROWS: readonly Row[] = [
  {
    height: 560,
    forms: [
      { device: "phone", language: "en", theme: "light" },
      { device: "phone", language: "zh", theme: "dark" },
      { device: "desktop", language: "en", theme: "light" },
    ],
  },
  {
    height: 492,
    forms: [
      { device: "tablet", language: "zh", theme: "light" },
      { device: "desktop", language: "zh", theme: "dark" },
    ],
  },
  { height: 600, forms: [{ device: "television", language: "en", theme: "light" }] },
];

/** Of a sheet with every form: a row for each device. */
const ALL_ROWS: readonly Row[] = (Object.keys(DEVICES) as Device[]).map((device) => ({
  height: DEVICES[device].viewport.height > DEVICES[device].viewport.width ? 640 : 400,
  forms: (Object.keys(LANGUAGES) as Language[]).flatMap((language) => THEMES.map((theme) => ({ device, language, theme }))),
}));

/** Those that are on the documents' sheets. */
export const isOnSheets = (form: Form): boolean =>
  DOCS_ROWS.some(({ forms }) => forms.some((one) => formName(one) === formName(form)));

/** How a sheet is written: as JPEG for looking at it, as WebP for the documents. */
export type SheetFormat = {
  readonly format: "jpeg" | "webp";
  readonly quality: number;
  /** Default: the forms in the documents. */
  readonly isWhole?: boolean;
};

/** Writes the sheet of a page's pictures, as far as they are there. @param directory where the pictures are */
export async function writeSheet(browser: Browser, directory: string, page: string, file: string, how: SheetFormat): Promise<void> {
  const { isWhole = false, ...encoding } = how;
  const rows = (isWhole ? ALL_ROWS : DOCS_ROWS)
    .map(({ height, forms }) => {
      const pictures = forms.flatMap((form) => {
        const path = join(directory, `${page}-${formName(form)}.jpeg`);
        if (!existsSync(path)) return [];
        const { width, height: full } = DEVICES[form.device].viewport;
        const scaled = Math.round((width * height) / full);
        const data = readFileSync(path).toString("base64");
        return [`<img src="data:image/jpeg;base64,${data}" width="${scaled}" height="${height}">`];
      });
      return pictures.length === 0 ? "" : `<div>${pictures.join("")}</div>`;
    })
    .join("");
  if (rows === "") return;
  const tab = await browser.newPage({ viewport: { width: 1600, height: 800 } });
  try {
    await tab.setContent(`<style>body { margin: 0; background: #8f979e } main { display: inline-grid; gap: ${GAP}px; padding: ${GAP}px }
      div { display: flex; gap: ${GAP}px } img { border-radius: 6px }</style><main>${rows}</main>`);
    const box = await tab.locator("main").boundingBox();
    if (!box) throw new Error(`the sheet of ${page} is empty`);
    await writePart(tab, box, file, encoding);
  } finally {
    await tab.close();
  }
}

type Tab = Awaited<ReturnType<Browser["newPage"]>>;

/** Playwright itself writes no WebP. */
async function writePart(
  tab: Tab,
  box: { width: number; height: number },
  file: string,
  how: Omit<SheetFormat, "isWhole">,
): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  const clip = { x: 0, y: 0, width: box.width, height: box.height, scale: 1 };
  const { data } = await session.send("Page.captureScreenshot", { ...how, clip, captureBeyondViewport: true });
  writeFileSync(file, Buffer.from(data, "base64"));
}

/** Writes a picture as WebP. */
export async function writeSingle(
  browser: Browser,
  directory: string,
  name: string,
  device: Form["device"],
  file: string,
): Promise<void> {
  const { width, height } = DEVICES[device].viewport;
  const tab = await browser.newPage({ viewport: { width, height } });
  try {
    const data = readFileSync(join(directory, `${name}.jpeg`)).toString("base64");
    await tab.setContent(`<style>body { margin: 0 } img { display: block }</style><img src="data:image/jpeg;base64,${data}">`);
    await writePart(tab, { width, height }, file, { format: "webp", quality: 70 });
  } finally {
    await tab.close();
  }
}
