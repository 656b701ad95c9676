/** Reads the body of a QTI item (2.1, information model, 7.3): its text, with gaps where text is entered, and the interaction that is answered. */
import { isElement, type XmlElement } from "./xml.ts";

export type QtiBody = {
  /** With `{{n}}` for the nth text entry, from 1. */
  readonly text: string;
  readonly entries: readonly XmlElement[];
  /** Choices, matches, orders, long texts and uploads. */
  readonly interactions: readonly XmlElement[];
  /** For those who mark. */
  readonly rubric: string;
  readonly hasFiles: boolean;
};

const BLOCKS = ["p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "prompt"];
/** Stands before and after a block. XML has no such character. */
const BOUNDARY = "\f";
const FILES = ["img", "object", "audio", "video", "picture", "svg", "include"];

export function readBody(body: XmlElement): QtiBody {
  const reader = new BodyReader();
  reader.readAll(body);
  const { pieces, entries, interactions, rubrics, hasFiles } = reader;
  return { text: cleaned(pieces.join("")), entries, interactions, rubric: rubrics.join("\n"), hasFiles };
}

/** The text of an option, a prompt or a feedback. */
export function plainText(element: XmlElement): string {
  return readBody(element).text;
}

class BodyReader {
  readonly pieces: string[] = [];
  readonly entries: XmlElement[] = [];
  readonly interactions: XmlElement[] = [];
  readonly rubrics: string[] = [];
  hasFiles = false;

  readAll(parent: XmlElement): void {
    for (const child of parent.children)
      if (isElement(child)) this.#read(child);
      else this.pieces.push(child.replace(/[ \t\r\n]+/g, " "));
  }

  #read(element: XmlElement): void {
    const { name } = element;
    if (name === "rubricBlock") {
      this.rubrics.push(plainText(element));
    } else if (name === "textEntryInteraction") {
      this.entries.push(element);
      this.pieces.push(`{{${this.entries.length}}}`);
    } else if (name.endsWith("Interaction")) {
      this.interactions.push(element);
      for (const prompt of element.children.filter(isElement)) if (prompt.name === "prompt") this.#readBlock(prompt);
    } else if (name === "br") {
      this.pieces.push("\n");
    } else if (FILES.includes(name)) {
      this.hasFiles = true;
    } else if (BLOCKS.includes(name)) {
      this.#readBlock(element);
    } else this.readAll(element);
  }

  #readBlock(element: XmlElement): void {
    this.pieces.push(BOUNDARY);
    this.readAll(element);
    this.pieces.push(BOUNDARY);
  }
}

/** Several boundaries of blocks are one line break; spaces that were kept on purpose are no-break spaces. */
function cleaned(text: string): string {
  const lines = text.replace(/(?: ?\f)+ ?/g, "\n").split("\n");
  return lines
    .map((line) => line.replace(/ {2,}/g, " ").replace(/^ | $/g, "").replaceAll("\u00A0", " "))
    .join("\n")
    .trim();
}
