/** Looks into office documents of ZIP files: which program they are of, what of them will be left out, the fonts that they name, and the notes of slides. */
import type { MaterialNotice } from "../../contracts/materials/material-messages.ts";
import { MaterialFailure } from "./problem.ts";
import { odpNotes, pptxNotes, relationsIn } from "./slide-notes.ts";
import { attributeOf, xmlTags } from "./xml-text.ts";
import type { ZipFile } from "./zip.ts";

export type OfficeFormat = "pptx" | "ppt" | "docx" | "doc" | "odp" | "odt";

export type OfficeFacts = {
  /** Of each page that is shown; none for documents. */
  readonly notes: readonly string[];
  readonly notices: readonly MaterialNotice[];
  /** The names of fonts in the document. */
  readonly fonts: readonly string[];
};

const MAX_PART_BYTES = 16 * 1024 * 1024;
/** Parts that are looked through for links and fonts. */
const MAX_PARTS = 700;
const OPEN_DOCUMENTS: Readonly<Record<string, OfficeFormat>> = {
  "application/vnd.oasis.opendocument.presentation": "odp",
  "application/vnd.oasis.opendocument.text": "odt",
};
/** Elements of OOXML and OpenDocument that name a font, with the attributes. */
const FONT_NAMES: readonly (readonly [element: string, ...attributes: string[]])[] = [
  ["a:latin", "typeface"],
  ["a:ea", "typeface"],
  ["w:rFonts", "w:ascii", "w:eastAsia", "w:hAnsi"],
  ["style:font-face", "svg:font-family"],
];

/** @throws MaterialFailure password, unsupported, damaged */
export async function officeFacts(zip: ZipFile): Promise<OfficeFacts & { readonly format: OfficeFormat }> {
  const format = await formatOf(zip);
  const isSlides = format === "pptx" || format === "odp";
  const notes = !isSlides ? [] : format === "pptx" ? await pptxNotes(zip) : await odpNotes(zip);
  return { format, notes, notices: await noticesOf(zip), fonts: await fontsOf(zip) };
}

async function formatOf(zip: ZipFile): Promise<OfficeFormat> {
  const mimetype = await zip.text("mimetype", 200);
  if (mimetype !== null) {
    const manifest = (await zip.text("META-INF/manifest.xml", MAX_PART_BYTES)) ?? "";
    if (manifest.includes("encryption-data")) throw new MaterialFailure("password", "encrypted");
    const format = OPEN_DOCUMENTS[mimetype.trim()];
    if (format) return format;
    throw new MaterialFailure("unsupported", mimetype.slice(0, 80));
  }
  const types = await zip.text("[Content_Types].xml", MAX_PART_BYTES);
  if (types === null) throw new MaterialFailure("unsupported", "a ZIP file of no office program");
  if (zip.find("ppt/presentation.xml")) return "pptx";
  if (zip.find("word/document.xml")) return "docx";
  throw new MaterialFailure("unsupported", "a document of another program");
}

async function noticesOf(zip: ZipFile): Promise<MaterialNotice[]> {
  const hasMacros = zip.entries.some(({ name }) => /(?:^|\/)vbaProject\.bin$|^(?:Basic|Scripts)\/./.test(name));
  return [...(hasMacros ? (["macros-left-out"] as const) : []), ...((await hasLinks(zip)) ? (["links-left-out"] as const) : [])];
}

/** Whether something of the pages lies elsewhere: pictures, objects, templates. A link that a person would click is none of these. */
async function hasLinks(zip: ZipFile): Promise<boolean> {
  const parts = zip.entries.filter(({ name }) => name.endsWith(".rels")).slice(0, MAX_PARTS);
  for (const { name } of parts) {
    for (const { type, isExternal } of relationsIn((await zip.text(name, MAX_PART_BYTES)) ?? "", "").values()) {
      if (isExternal && !type.endsWith("/hyperlink")) return true;
    }
  }
  for (const tag of xmlTags((await zip.text("content.xml", MAX_PART_BYTES)) ?? "")) {
    const isLoaded = ["draw:image", "draw:object", "draw:plugin", "text:section-source", "style:background-image"].includes(
      tag.name,
    );
    if (isLoaded && /^[a-z]+:/i.test(attributeOf(tag, "xlink:href") ?? "")) return true;
  }
  return false;
}

async function fontsOf(zip: ZipFile): Promise<string[]> {
  const parts = zip.entries
    .filter(({ name }) =>
      /^(?:ppt\/slides\/slide\d+\.xml|ppt\/theme\/theme1\.xml|word\/document\.xml|content\.xml|styles\.xml)$/.test(name),
    )
    .slice(0, MAX_PARTS);
  const fonts = new Set<string>();
  for (const { name } of parts) {
    for (const tag of xmlTags((await zip.text(name, MAX_PART_BYTES)) ?? "")) {
      const [, ...attributes] = FONT_NAMES.find(([element]) => element === tag.name) ?? [""];
      for (const attribute of attributes) {
        const font = attributeOf(tag, attribute)?.replace(/^'|'$/g, "") ?? "";
        // `+mn-lt` is a font of the theme.
        if (font !== "" && !font.startsWith("+")) fonts.add(font.slice(0, 100));
      }
    }
  }
  return [...fonts];
}
