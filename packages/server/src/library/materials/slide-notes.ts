/**
 * Reads the speaker's notes of presentations: of PowerPoint files (ECMA-376 part 1, 19.3: presentation, slide and notesSlide parts), and of
 * OpenDocument presentations (OpenDocument 1.3 part 3, 16.17: presentation:notes). In the order of the slides that are shown.
 */
import { posix } from "node:path";
import { attributeOf, xmlTags } from "./xml-text.ts";
import type { ZipFile } from "./zip.ts";

const MAX_PART_BYTES = 16 * 1024 * 1024;
const MAX_NOTES = 20_000;

/** One text for each slide that a converter makes a page of: hidden ones are left out. */
export async function pptxNotes(zip: ZipFile): Promise<string[]> {
  const presentation = await zip.text("ppt/presentation.xml", MAX_PART_BYTES);
  const parts = await relations(zip, "ppt/presentation.xml");
  const notes: string[] = [];
  for (const tag of xmlTags(presentation ?? "")) {
    if (tag.name !== "p:sldId") continue;
    const slide = parts.get(attributeOf(tag, "r:id") ?? "")?.target;
    if (slide === undefined || (await isHidden(zip, slide))) continue;
    const page = [...(await relations(zip, slide)).values()].find(({ type }) => type.endsWith("/notesSlide"));
    const xml = page ? await zip.text(page.target, MAX_PART_BYTES) : null;
    notes.push(xml === null ? "" : bodyText(xml).slice(0, MAX_NOTES));
  }
  return notes;
}

export async function odpNotes(zip: ZipFile): Promise<string[]> {
  const notes: string[] = [];
  let isNotes = false;
  for (const { name, text } of xmlTags((await zip.text("content.xml", MAX_PART_BYTES)) ?? "")) {
    if (name === "draw:page") notes.push("");
    else if (name === "presentation:notes") isNotes = true;
    else if (name === "/presentation:notes") isNotes = false;
    if (!isNotes || notes.length === 0) continue;
    const added = `${text}${name === "/text:p" || name === "text:line-break" ? "\n" : ""}`;
    notes.push(`${notes.pop()}${added}`.slice(0, MAX_NOTES));
  }
  return notes.map((note) => note.trim());
}

type Relation = { readonly type: string; readonly target: string; readonly isExternal: boolean };

/** The parts that a part refers to, by their ids (ECMA-376 part 2, 9.3). */
export async function relations(zip: ZipFile, part: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(part);
  const xml = await zip.text(`${folder}/_rels/${posix.basename(part)}.rels`, MAX_PART_BYTES);
  return relationsIn(xml ?? "", folder);
}

export function relationsIn(xml: string, folder: string): Map<string, Relation> {
  const found = new Map<string, Relation>();
  for (const tag of xmlTags(xml)) {
    if (tag.name !== "Relationship") continue;
    const target = attributeOf(tag, "Target") ?? "";
    found.set(attributeOf(tag, "Id") ?? "", {
      type: attributeOf(tag, "Type") ?? "",
      target: target.startsWith("/") ? target.slice(1) : posix.join(folder, target),
      isExternal: attributeOf(tag, "TargetMode") === "External",
    });
  }
  return found;
}

async function isHidden(zip: ZipFile, slide: string): Promise<boolean> {
  const xml = (await zip.text(slide, MAX_PART_BYTES)) ?? "";
  for (const tag of xmlTags(xml)) if (tag.name === "p:sld") return ["0", "false"].includes(attributeOf(tag, "show") ?? "1");
  return false;
}

/**
 * The paragraphs of the shape that is the placeholder of notes. Programs other than PowerPoint write notes as plain text boxes: where there is no such
 * placeholder, those count. The other placeholders have the number of the slide, the date, a header and a footer.
 */
function bodyText(xml: string): string {
  const texts = { body: "", plain: "", other: "" };
  let kind: keyof typeof texts = "other";
  for (const tag of xmlTags(xml)) {
    if (tag.name === "p:sp") kind = "plain";
    else if (tag.name === "/p:sp") kind = "other";
    else if (tag.name === "p:ph") kind = attributeOf(tag, "type") === "body" ? "body" : "other";
    else if (tag.name === "a:t") texts[kind] += tag.text;
    else if (tag.name === "/a:p" || tag.name === "a:br") texts[kind] += "\n";
  }
  return texts.body.trim() || texts.plain.trim();
}
