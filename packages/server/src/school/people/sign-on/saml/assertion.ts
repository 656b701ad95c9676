/**
 * Checks what a signed assertion says: by whom, for whom, in answer to what, and until when (SAML Profiles 2.0, section 4.1.4.3; Core, section 2.5).
 * It gets only the bytes that the signature covers. The library checks some of this too; what it leaves out, such as the recipient, is here.
 */
import { isJustIssued } from "../protocol/protocol.ts";
import {
  attributeOf,
  childrenOf,
  elementsIn,
  isElement,
  maybeChild,
  onlyChild,
  parseXml,
  textOf,
  type XmlElement,
} from "../protocol/strict-xml.ts";
import { ASSERTION, BEARER, ENTITY } from "./saml-names.ts";

/** How far the clocks of both sides may differ. */
export const CLOCK_SKEW_MS = 60_000;
const MAX_VALUES = 500;
/** XML Schema's dateTime, in UTC (Core, section 1.3.3). */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

export type Expected = {
  /** The entity id of the identity provider. */
  readonly issuer: string;
  /** The entity id of this server there. */
  readonly audience: string;
  /** The address to which it was to be sent. */
  readonly recipient: string;
  /** The request; empty: none, the person began at the identity provider. */
  readonly inResponseTo: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type NameId = { readonly value: string; readonly format: string; readonly qualifier: string };
export type Statements = {
  readonly assertionId: string;
  readonly nameId: NameId | null;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** When the person proved who they are. */
  readonly authenticatedAt: Date;
};

/** @throws Error with what is wrong */
export async function readAssertion(xml: string, expected: Expected): Promise<Statements> {
  const assertion = await parseXml(xml, { comments: false });
  if (!isElement(assertion, ASSERTION, "Assertion")) throw new Error("what is signed is no assertion");
  const assertionId = attributeOf(assertion, "ID");
  if (attributeOf(assertion, "Version") !== "2.0" || assertionId === "") throw new Error("the assertion has no id or version");
  const issuer = onlyChild(assertion, ASSERTION, "Issuer");
  if (textOf(issuer) !== expected.issuer) throw new Error(`the assertion is by ${textOf(issuer)}`);
  if (!["", ENTITY].includes(attributeOf(issuer, "Format"))) throw new Error("the issuer is no entity id");
  if (!isJustIssued(instantOf(assertion, "IssueInstant") / 1000, expected.now)) throw new Error("the assertion is not of just now");
  const subject = onlyChild(assertion, ASSERTION, "Subject");
  checkConfirmation(subject, expected);
  checkConditions(onlyChild(assertion, ASSERTION, "Conditions"), expected);
  const authenticatedAt = checkAuthentication(assertion, expected.now);
  const nameId = maybeChild(subject, ASSERTION, "NameID");
  return { assertionId, nameId: nameId && nameIdOf(nameId), attributes: attributesOf(assertion), authenticatedAt };
}

/** Of several confirmations one is enough (Profiles, section 4.1.4.2). */
function checkConfirmation(subject: XmlElement, { recipient, inResponseTo, now }: Expected): void {
  const confirmations = childrenOf(subject, ASSERTION, "SubjectConfirmation");
  const errors = confirmations.map((confirmation): string | null => {
    if (attributeOf(confirmation, "Method") !== BEARER) return "its method is not bearer";
    const data = maybeChild(confirmation, ASSERTION, "SubjectConfirmationData");
    if (!data) return "it has no data";
    if (attributeOf(data, "Recipient") !== recipient) return `its recipient is ${attributeOf(data, "Recipient")}`;
    if (attributeOf(data, "InResponseTo") !== inResponseTo)
      return `it answers ${attributeOf(data, "InResponseTo") || "no request"}`;
    if (attributeOf(data, "NotOnOrAfter") === "") return "it has no end";
    return timeError(data, now);
  });
  if (!errors.includes(null)) throw new Error(`no confirmation of the subject counts: ${errors.join(", ") || "there is none"}`);
}

/** A condition that is not known makes the assertion count for nobody (Core, section 2.5.1.1). */
function checkConditions(conditions: XmlElement, { audience, now }: Expected): void {
  const error = timeError(conditions, now);
  if (error) throw new Error(`the conditions: ${error}`);
  const restrictions = childrenOf(conditions, ASSERTION, "AudienceRestriction");
  const known = [...restrictions, ...["OneTimeUse", "ProxyRestriction"].flatMap((name) => childrenOf(conditions, ASSERTION, name))];
  if (known.length !== elementsIn(conditions).length) throw new Error("the assertion has a condition that is not known");
  const isForUs = (restriction: XmlElement) =>
    childrenOf(restriction, ASSERTION, "Audience").some((one) => textOf(one) === audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs)) throw new Error("the assertion is for another audience");
}

function checkAuthentication(assertion: XmlElement, now: number): Date {
  const statements = childrenOf(assertion, ASSERTION, "AuthnStatement");
  const times = statements.map((statement) => {
    if (attributeOf(statement, "SessionNotOnOrAfter") !== "" && instantOf(statement, "SessionNotOnOrAfter") + CLOCK_SKEW_MS <= now)
      throw new Error("the session at the identity provider is over");
    return instantOf(statement, "AuthnInstant");
  });
  if (times.length === 0) throw new Error("the assertion does not say that the person proved who they are");
  return new Date(Math.min(now, Math.max(...times)));
}

/** What is wrong with NotBefore and NotOnOrAfter of an element; null: nothing. */
function timeError(element: XmlElement, now: number): string | null {
  if (attributeOf(element, "NotBefore") !== "" && instantOf(element, "NotBefore") - CLOCK_SKEW_MS > now)
    return "it does not count yet";
  if (attributeOf(element, "NotOnOrAfter") !== "" && instantOf(element, "NotOnOrAfter") + CLOCK_SKEW_MS <= now)
    return "it has expired";
  return null;
}

/** Milliseconds since 1970. @throws Error where the attribute is no time */
function instantOf(element: XmlElement, name: string): number {
  const text = attributeOf(element, name);
  const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`${name} of ${element.localName} is no time in UTC`);
  return time;
}

function nameIdOf(nameId: XmlElement): NameId {
  return { value: textOf(nameId), format: attributeOf(nameId, "Format"), qualifier: attributeOf(nameId, "NameQualifier") };
}

/** Attributes by their names, and by their friendly names where no other has that name. */
function attributesOf(assertion: XmlElement): Readonly<Record<string, readonly string[]>> {
  const all = childrenOf(assertion, ASSERTION, "AttributeStatement").flatMap((one) => childrenOf(one, ASSERTION, "Attribute"));
  const byName = new Map<string, readonly string[]>();
  for (const key of ["Name", "FriendlyName"]) {
    const named = new Map<string, readonly string[]>();
    for (const attribute of all) {
      const name = attributeOf(attribute, key);
      if (name === "" || byName.has(name)) continue;
      named.set(name, [...(named.get(name) ?? []), ...valuesOf(attribute)].slice(0, MAX_VALUES));
    }
    for (const [name, values] of named) byName.set(name, values);
  }
  return Object.fromEntries(byName);
}

/** Values that are texts; a persistent id within an attribute is its text (eduPersonTargetedID). */
function valuesOf(attribute: XmlElement): readonly string[] {
  return childrenOf(attribute, ASSERTION, "AttributeValue").flatMap((value) => {
    const [inner, ...others] = elementsIn(value);
    if (inner === undefined) return [textOf(value)];
    return others.length === 0 && isElement(inner, ASSERTION, "NameID") ? [textOf(inner)] : [];
  });
}
