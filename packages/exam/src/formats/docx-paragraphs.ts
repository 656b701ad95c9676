/**
 * Reads the paragraphs of a Word document (.docx: ECMA-376 part 1, WordprocessingML, sections 17.3 and 17.9) to plain texts, with the numbers and letters that Word gives
 * to lists. Texts of tables are read in their order; texts that tracked changes took out are not. The archive and its XML have bounds (`unzip.ts`, `xml.ts`).
 */
import type { FileErrorCode } from "./question-file.ts";
import { textOfBytes } from "./question-file.ts";
import { unzip } from "./unzip.ts";
import { descendants, elementAt, elementsOf, isElement, parseXml, type XmlElement } from "./xml.ts";

export type WordParagraph = {
  /** Among all of the document, from 1. */
  readonly number: number;
  /** Lines that were broken by hand have line breaks. */
  readonly text: string;
  /** What Word numbers it with: `3` or `B`. */
  readonly list: string | null;
  /** A title or a heading. */
  readonly isHeading: boolean;
  /** It has a picture or another object. */
  readonly hasFile: boolean;
  /** It has a formula, or raised or lowered letters, which plain text does not have. */
  readonly hasFormula: boolean;
};
export type WordProblem = { readonly code: FileErrorCode; readonly file?: string; readonly line: number | null };

/** `document2.xml` is what some servers write. */
const PARTS = /^word\/(document|styles|numbering)\d{0,3}\.xml$/;
const MAX_PARTS = 10;
/** Unpacked. Text has many elements: a page is some 50 kB. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** Have paragraphs, or parts of one, as if these stood by themselves. */
const TRANSPARENT = new Set([
  ...["tbl", "tr", "tc", "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"],
  ...["hyperlink", "fldSimple", "dir", "bdo", "r", "Choice", "AlternateContent"],
]);
const FILES = new Set(["drawing", "pict", "object"]);
const FORMULAS = new Set(["oMath", "oMathPara"]);

export function readDocx(bytes: Uint8Array): readonly WordParagraph[] | WordProblem {
  const files = unzip(bytes, { isWanted: (name) => PARTS.test(name), maxFiles: MAX_PARTS, maxBytes: MAX_UNPACKED_BYTES });
  if (files === "damaged") return { code: "not-word", line: null };
  if (files === "too-large") return { code: "file-too-large", line: null };
  const parts = new Map<string, XmlElement>();
  for (const [file, content] of files) {
    const root = parseXml(textOfBytes(content)?.replace(/^\uFEFF/, "") ?? "");
    if (!isElement(root)) return { code: root.code, file, line: root.line };
    parts.set(PARTS.exec(file)?.[1] ?? "", root);
  }
  const body = elementAt(parts.get("document") ?? NO_PART, "body");
  if (!body) return { code: "not-word", line: null };
  return paragraphsOf(body, stylesOf(parts.get("styles") ?? NO_PART), new ListNumbers(parts.get("numbering") ?? NO_PART));
}

const NO_PART: XmlElement = { name: "", attributes: new Map(), children: [], line: 0 };

type Style = { readonly isHeading: boolean; readonly numbering: XmlElement | null };

/** By id. Word translates ids of headings, and not their names. */
function stylesOf(styles: XmlElement): ReadonlyMap<string, Style> {
  return new Map(
    elementsOf(styles, "style").map((style) => {
      const isHeading = /^(?:heading \d|title|subtitle)$/i.test(valueAt(style, "name") ?? "");
      return [style.attributes.get("styleId") ?? "", { isHeading, numbering: elementAt(style, "pPr", "numPr") }];
    }),
  );
}

function paragraphsOf(body: XmlElement, styles: ReadonlyMap<string, Style>, lists: ListNumbers): readonly WordParagraph[] {
  const paragraphs: WordParagraph[] = [];
  const read = (parent: XmlElement): void => {
    for (const element of elementsOf(parent))
      if (element.name === "p") {
        const style = styles.get(valueAt(element, "pPr", "pStyle") ?? "");
        const numbering = elementAt(element, "pPr", "numPr") ?? style?.numbering ?? null;
        const content = contentOf(element);
        paragraphs.push({
          ...content,
          number: paragraphs.length + 1,
          // An empty paragraph of a list is numbered by Word all the same.
          list: numbering && lists.next(numbering),
          isHeading: style?.isHeading ?? false,
        });
      } else if (TRANSPARENT.has(element.name)) read(element);
  };
  read(body);
  return paragraphs;
}

function contentOf(paragraph: XmlElement): { text: string; hasFile: boolean; hasFormula: boolean } {
  const pieces: string[] = [];
  let [hasFile, hasFormula] = [false, false];
  const read = (parent: XmlElement): void => {
    if (/^(?:super|sub)script$/.test(valueAt(parent, "rPr", "vertAlign") ?? "")) hasFormula = true;
    for (const element of elementsOf(parent)) {
      const { name } = element;
      if (TRANSPARENT.has(name)) read(element);
      else if (name === "t") pieces.push(stringIn(element).replace(/[\r\n]+/g, " "));
      else if (name === "tab") pieces.push("\t");
      else if (name === "cr" || (name === "br" && /^(?:textWrapping)?$/.test(element.attributes.get("type") ?? "")))
        pieces.push("\n");
      else if (name === "noBreakHyphen") pieces.push("-");
      else if (FILES.has(name)) hasFile = true;
      else if (FORMULAS.has(name)) hasFormula = true;
    }
  };
  read(paragraph);
  return { text: pieces.join(""), hasFile, hasFormula };
}

function stringIn(element: XmlElement): string {
  return element.children.filter((child) => !isElement(child)).join("");
}

type Level = { readonly format: string; readonly start: number };

/** Counts paragraphs of lists as Word does (17.9): lists of one definition count on, a level begins again below a higher one. */
class ListNumbers {
  /** Definitions by the ids of lists, and the lists that begin again. */
  readonly #lists = new Map<string, { readonly definition: string; readonly restarts: ReadonlyMap<string, number> }>();
  readonly #levels = new Map<string, ReadonlyMap<string, Level>>();
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #restarted = new Set<string>();

  constructor(numbering: XmlElement) {
    for (const definition of elementsOf(numbering, "abstractNum")) {
      const levels = elementsOf(definition, "lvl").map((level): [string, Level] => {
        const format = valueAt(level, "numFmt") ?? "decimal";
        return [level.attributes.get("ilvl") ?? "0", { format, start: wholeNumber(valueAt(level, "start"), 1) }];
      });
      this.#levels.set(definition.attributes.get("abstractNumId") ?? "", new Map(levels));
    }
    for (const list of elementsOf(numbering, "num")) {
      const restarts = descendants(list, "lvlOverride").flatMap((override): [string, number][] => {
        const start = valueAt(override, "startOverride");
        return start === null ? [] : [[override.attributes.get("ilvl") ?? "0", wholeNumber(start, 1)]];
      });
      const definition = valueAt(list, "abstractNumId") ?? "";
      this.#lists.set(list.attributes.get("numId") ?? "", { definition, restarts: new Map(restarts) });
    }
  }

  /** @returns null: a bullet, or no list */
  next(numPr: XmlElement): string | null {
    const [id, depth] = [valueAt(numPr, "numId") ?? "0", valueAt(numPr, "ilvl") ?? "0"];
    const list = this.#lists.get(id);
    const level = list && this.#levels.get(list.definition)?.get(depth);
    if (!list || !level) return null;
    const counts = this.#counts.get(list.definition) ?? new Map<string, number>();
    this.#counts.set(list.definition, counts);
    const restart = this.#restarted.has(`${id} ${depth}`) ? undefined : list.restarts.get(depth);
    this.#restarted.add(`${id} ${depth}`);
    const count = restart ?? (counts.get(depth) ?? level.start - 1) + 1;
    for (const other of counts.keys()) if (Number(other) > Number(depth)) counts.delete(other);
    counts.set(depth, count);
    if (level.format === "bullet" || level.format === "none") return null;
    return /Letter$/.test(level.format) ? letterOf(count) : String(count);
  }
}

/** Of the first 26. */
function letterOf(count: number): string | null {
  return count >= 1 && count <= 26 ? String.fromCharCode("A".charCodeAt(0) + count - 1) : null;
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}

/** `w:val` of the element along the names. */
function valueAt(parent: XmlElement, ...names: readonly string[]): string | null {
  return elementAt(parent, ...names)?.attributes.get("val") ?? null;
}
