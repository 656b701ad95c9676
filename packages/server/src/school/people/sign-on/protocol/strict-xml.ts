/**
 * Parses XML of other services without what attacks on parsers need: a document type with its entities (XXE, entity bombs), processing instructions,
 * and text that is not well-formed (OWASP ASVS 5.5.2). Texts are read whole: neither a comment nor an element can cut a name short.
 */
import type { Element } from "@xmldom/xmldom";

export type XmlElement = Element;
type XmlOptions = {
  /** Whether comments may stand in it. A message that is signed needs none, and a signature does not cover them. */
  readonly comments: boolean;
};

const XML_DECLARATION = /^\uFEFF?\s*<\?xml\s[^?>]*\?>/;
const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const CDATA_NODE = 4;

/** The root element. @throws Error with what is wrong */
export async function parseXml(text: string, { comments }: XmlOptions): Promise<XmlElement> {
  const body = text.replace(XML_DECLARATION, "");
  if (/<!DOCTYPE|<!ENTITY/i.test(body)) throw new Error("the XML has a document type");
  if (body.includes("<?")) throw new Error("the XML has a processing instruction");
  if (!comments && body.includes("<!--")) throw new Error("the XML has a comment");
  const { DOMParser } = await import("@xmldom/xmldom");
  const refuse = (level: string, message: string) => {
    throw new Error(`the XML is not well-formed: ${level}: ${message.slice(0, 200)}`);
  };
  const root = new DOMParser({ onError: refuse }).parseFromString(body.trim(), "text/xml").documentElement;
  if (!root) throw new Error("the XML has no element");
  return root;
}

/** The elements directly below. @param namespace in which they are */
export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return elementsIn(parent).filter((child) => isElement(child, namespace, name));
}

/** The one element of a name directly below; null for none. @throws Error for several */
export function maybeChild(parent: XmlElement, namespace: string, name: string): XmlElement | null {
  const [child = null, ...others] = childrenOf(parent, namespace, name);
  if (others.length > 0) throw new Error(`${parent.localName} has several ${name}`);
  return child;
}

/** @throws Error unless there is exactly one */
export function onlyChild(parent: XmlElement, namespace: string, name: string): XmlElement {
  const child = maybeChild(parent, namespace, name);
  if (!child) throw new Error(`${parent.localName} has no ${name}`);
  return child;
}

/** All elements directly below. */
export function elementsIn(parent: XmlElement): readonly XmlElement[] {
  return [...parent.childNodes].filter(isElementNode);
}

/** An element and all below it, however deep. */
export function everyElement(root: XmlElement): readonly XmlElement[] {
  return [root, ...root.getElementsByTagName("*")];
}

export function isElement(element: XmlElement, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** The whole text of an element, without the space around it. @throws Error where it has elements */
export function textOf(element: XmlElement): string {
  if (elementsIn(element).length > 0) throw new Error(`${element.localName} has elements where a text belongs`);
  return [...element.childNodes]
    .filter(({ nodeType }) => nodeType === TEXT_NODE || nodeType === CDATA_NODE)
    .map(({ nodeValue }) => nodeValue ?? "")
    .join("")
    .trim();
}

/** Empty: the element has no such attribute. */
export function attributeOf(element: XmlElement, name: string): string {
  return element.getAttribute(name) ?? "";
}

function isElementNode(node: { readonly nodeType: number }): node is XmlElement {
  return node.nodeType === ELEMENT_NODE;
}
