/**
 * Makes one vocabulary of QTI 2.1, 2.2 and 3.0: version 3.0 writes `qti-choice-interaction` and `response-identifier` for `choiceInteraction` and `responseIdentifier`.
 */
import { isElement, type XmlElement } from "./xml.ts";

export function withQti2Names(element: XmlElement): XmlElement {
  return {
    name: camelCase(element.name.replace(/^qti-/, "")),
    attributes: new Map([...element.attributes].map(([name, value]) => [camelCase(name), value])),
    children: element.children.map((child) => (isElement(child) ? withQti2Names(child) : child)),
    line: element.line,
  };
}

/** QTI's identifiers do not begin with a digit (2.1, information model, 3.2); ids of papers may. */
export function identifierOf(id: string): string {
  return /^[a-zA-Z]/.test(id) ? id : `_${id}`;
}

export function idOf(identifier: string): string {
  return identifier.startsWith("_") ? identifier.slice(1) : identifier;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
