/**
 * Reads XML (1.0, fifth edition) to plain elements with their lines, without what attacks on parsers need: a document type is refused before any of its entities counts
 * (OWASP ASVS 5.5.2), and depth and elements have bounds. Prefixes of names are left out: the formats here have one vocabulary each.
 */
import { SaxesParser } from "saxes";

export type XmlElement = {
  /** Without the prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
  readonly line: number;
};
export type XmlProblem = { readonly code: "document-type" | "not-well-formed"; readonly line: number };

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 200_000;

type Growing = XmlElement & { readonly children: (XmlElement | string)[] };

class Refused extends Error {
  readonly problem: XmlProblem;
  constructor(problem: XmlProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** The root element, or where the text is no XML. */
export function parseXml(text: string): XmlElement | XmlProblem {
  const parser = new SaxesParser();
  // Hand-written files have it, and HTML knows it.
  parser.ENTITIES["nbsp"] = "\u00A0";
  const refuse = (code: XmlProblem["code"]): never => {
    throw new Refused({ code, line: parser.line });
  };
  let root: Growing | null = null;
  const open: Growing[] = [];
  let elements = 0;
  parser.on("doctype", () => refuse("document-type"));
  parser.on("error", () => refuse("not-well-formed"));
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length === MAX_DEPTH || ++elements > MAX_ELEMENTS) refuse("not-well-formed");
    const plain = Object.entries(attributes).map(([key, value]): [string, string] => [localName(key), value]);
    const element: Growing = { name: localName(name), attributes: new Map(plain), children: [], line: parser.line };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  const addText = (piece: string) => open.at(-1)?.children.push(piece);
  parser.on("text", addText);
  parser.on("cdata", addText);
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  return root ?? { code: "not-well-formed", line: 1 };
}

export function isElement(node: XmlElement | string | XmlProblem): node is XmlElement {
  return typeof node === "object" && "children" in node;
}

/** Elements directly below, of a name or of any. */
export function elementsOf(parent: XmlElement, name?: string): readonly XmlElement[] {
  return parent.children.filter(isElement).filter((element) => name === undefined || element.name === name);
}

/** The first element along the names. */
export function elementAt(parent: XmlElement, ...names: readonly string[]): XmlElement | null {
  let at: XmlElement | null = parent;
  for (const name of names) at = at ? (elementsOf(at, name)[0] ?? null) : null;
  return at;
}

/** All elements below with one of the names, in the order of the document. */
export function descendants(parent: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return elementsOf(parent).flatMap((element) => [
    ...(names.includes(element.name) ? [element] : []),
    ...descendants(element, ...names),
  ]);
}

/** All text below. */
export function textIn(parent: XmlElement | null): string {
  return parent?.children.map((child) => (isElement(child) ? textIn(child) : child)).join("") ?? "";
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
