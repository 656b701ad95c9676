/** Reads the answer of a CAS server to a ticket (CAS Protocol 3.0, section 2.5 and appendix A). */
import {
  attributeOf,
  elementsIn,
  isElement,
  maybeChild,
  onlyChild,
  parseXml,
  textOf,
  type XmlElement,
} from "../protocol/strict-xml.ts";

const CAS = "http://www.yale.edu/tp/cas";
const MAX_VALUES = 500;

export type CasAnswer =
  | { readonly user: string; readonly attributes: Readonly<Record<string, readonly string[]>> }
  /** The code, such as INVALID_TICKET, and the words of the server. */
  | { readonly failure: string };

/** @throws Error where it is no such answer */
export async function readServiceResponse(xml: string): Promise<CasAnswer> {
  const response = await parseXml(xml, { comments: true });
  if (!isElement(response, CAS, "serviceResponse")) throw new Error("the answer is not of CAS");
  // A document that says both says nothing.
  const [statement, ...others] = elementsIn(response);
  if (!statement || others.length > 0) throw new Error("the answer says not exactly one thing");
  if (isElement(statement, CAS, "authenticationFailure"))
    return { failure: `${attributeOf(statement, "code")} ${textOf(statement)}`.trim().slice(0, 300) };
  if (!isElement(statement, CAS, "authenticationSuccess")) throw new Error("the answer is no success and no failure");
  if (maybeChild(statement, CAS, "proxies")) throw new Error("the ticket was issued to another service, which passes it on");
  const attributes = maybeChild(statement, CAS, "attributes");
  return { user: textOf(onlyChild(statement, CAS, "user")), attributes: attributes ? attributesOf(attributes) : {} };
}

function attributesOf(element: XmlElement): Readonly<Record<string, readonly string[]>> {
  const attributes = new Map<string, readonly string[]>();
  for (const child of elementsIn(element)) {
    const name = child.localName ?? "";
    if (child.namespaceURI !== CAS || elementsIn(child).length > 0) continue;
    attributes.set(name, [...(attributes.get(name) ?? []), textOf(child)].slice(0, MAX_VALUES));
  }
  return Object.fromEntries(attributes);
}
