/**
 * Reads the response of an identity provider before its signature is checked: only one that has a single shape, and no algorithm that is weak, gets to
 * the library (SAML Bindings 2.0, section 3.5; Core, section 3.2.2). A response with a second assertion anywhere is refused, so that the one that is
 * signed is the one that is read.
 */
import { SignOnDenied } from "../protocol/protocol.ts";
import {
  attributeOf,
  childrenOf,
  elementsIn,
  everyElement,
  isElement,
  onlyChild,
  parseXml,
  textOf,
  type XmlElement,
} from "../protocol/strict-xml.ts";
import * as names from "./saml-names.ts";

/** With a person's groups a response has some ten kilobytes. */
const MAX_RESPONSE_BYTES = 200_000;
/** One of the response, one of the assertion. */
const MAX_SIGNATURES = 2;
/** XML Schema's NCName, as far as ids of messages use it. */
const MESSAGE_ID = /^[A-Za-z_][\w.-]{0,254}$/;

/** A response with a plain assertion; its signature is not checked yet. */
export type PlainResponse = {
  readonly xml: string;
  /** The request that it answers; empty: none. */
  readonly inResponseTo: string;
};

type ResponseOptions = {
  /** Where it must have been sent to. */
  readonly destination: string;
  /** Of this server; PEM. */
  readonly privateKey: string;
};

/** @param encoded SAMLResponse of the form: base64 @throws SignOnDenied; Error with what is wrong */
export async function readResponse(encoded: string | null, options: ResponseOptions): Promise<PlainResponse> {
  const xml = decode(encoded ?? "");
  const response = await parseXml(xml, { comments: false });
  if (!isElement(response, names.PROTOCOL, "Response")) throw new Error("the message is no response of SAML 2.0");
  if (attributeOf(response, "Version") !== "2.0") throw new Error("the response is not of version 2.0");
  checkStatus(response);
  const destination = attributeOf(response, "Destination");
  if (destination !== "" && destination !== options.destination) throw new Error(`the response was sent to ${destination}`);
  const inResponseTo = attributeOf(response, "InResponseTo");
  if (inResponseTo !== "" && !MESSAGE_ID.test(inResponseTo)) throw new Error("InResponseTo is no id");
  const assertion = onlyAssertion(response);
  if (assertion.localName === "Assertion") {
    checkSignatures(response);
    return { xml, inResponseTo };
  }
  const plain = await decryptAssertion(assertion, options.privateKey);
  // The response's own signature covers what was encrypted. The assertion's counts, and is all that is left.
  const attributes = `ID="_response" Version="2.0"${inResponseTo === "" ? "" : ` InResponseTo="${inResponseTo}"`}`;
  return { xml: `<samlp:Response xmlns:samlp="${names.PROTOCOL}" ${attributes}>${plain}</samlp:Response>`, inResponseTo };
}

function decode(encoded: string): string {
  const base64 = encoded.replace(/\s+/g, "");
  if (base64 === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error("there is no SAMLResponse in base64");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length > MAX_RESPONSE_BYTES) throw new Error("the response is too large");
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function checkStatus(response: XmlElement): void {
  const status = onlyChild(response, names.PROTOCOL, "Status");
  const code = onlyChild(status, names.PROTOCOL, "StatusCode");
  const value = attributeOf(code, "Value");
  if (value === names.SUCCESS) return;
  const [detail] = childrenOf(code, names.PROTOCOL, "StatusCode");
  const [message] = childrenOf(status, names.PROTOCOL, "StatusMessage");
  const codes = [value, detail ? attributeOf(detail, "Value") : ""];
  const words = [...codes, message ? textOf(message) : ""]
    .filter((word) => word !== "")
    .join(" ")
    .slice(0, 500);
  if (codes.some((one) => names.DENIED.includes(one))) throw new SignOnDenied(words);
  throw new Error(`the identity provider answers ${words}`);
}

/** The assertion, plain or encrypted: the only one of the whole document, and a child of the response. */
function onlyAssertion(response: XmlElement): XmlElement {
  const isAssertion = ({ localName }: XmlElement) => localName === "Assertion" || localName === "EncryptedAssertion";
  const [assertion, ...others] = everyElement(response).filter(isAssertion);
  if (!assertion || others.length > 0) throw new Error("the response has not exactly one assertion");
  if (assertion.parentNode !== response || assertion.namespaceURI !== names.ASSERTION)
    throw new Error("the assertion is not where it belongs");
  return assertion;
}

/** Refuses signatures by weak or unusual algorithms, and more of them than there can be. */
function checkSignatures(root: XmlElement): void {
  const all = everyElement(root);
  const of = (namespace: string, name: string) => all.filter((element) => isElement(element, namespace, name));
  const algorithms = (elements: readonly XmlElement[]) => elements.map((element) => attributeOf(element, "Algorithm"));
  if (of(names.SIGNATURE, "Signature").length > MAX_SIGNATURES) throw new Error("the response has too many signatures");
  for (const [found, allowed] of [
    [algorithms(of(names.SIGNATURE, "SignatureMethod")), names.SIGNATURE_METHODS],
    [algorithms(of(names.SIGNATURE, "DigestMethod")), names.DIGEST_METHODS],
    [algorithms(of(names.SIGNATURE, "Transform")), names.TRANSFORMS],
  ] as const) {
    const other = found.find((algorithm) => !allowed.includes(algorithm));
    if (other !== undefined) throw new Error(`the algorithm ${other} is not accepted`);
  }
}

/** @returns the assertion as XML */
async function decryptAssertion(encrypted: XmlElement, privateKey: string): Promise<string> {
  const methods = everyElement(encrypted).filter((element) => isElement(element, names.ENCRYPTION, "EncryptionMethod"));
  for (const method of methods) {
    const ofKey = method.parentNode?.localName === "EncryptedKey";
    const algorithm = attributeOf(method, "Algorithm");
    if (!(ofKey ? names.KEY_ENCRYPTIONS : names.DATA_ENCRYPTIONS).includes(algorithm))
      throw new Error(`the encryption ${algorithm} is not accepted`);
  }
  if (elementsIn(encrypted).length === 0) throw new Error("the encrypted assertion is empty");
  const [{ decrypt }, { XMLSerializer }] = await Promise.all([import("xml-encryption"), import("@xmldom/xmldom")]);
  const xml = new XMLSerializer().serializeToString(encrypted);
  // The methods are checked above, and the library would refuse CBC.
  const options = { key: privateKey, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false };
  const plain = await new Promise<string>((resolve, reject) =>
    decrypt(xml, options, (error, result) => (error ? reject(error) : resolve(result))),
  );
  const assertion = await parseXml(plain, { comments: false });
  const inside = everyElement(assertion).filter(({ localName }) => localName === "Assertion");
  if (!isElement(assertion, names.ASSERTION, "Assertion") || inside.length > 1) throw new Error("no assertion was encrypted");
  checkSignatures(assertion);
  return plain.replace(/^\uFEFF?\s*<\?xml\s[^?>]*\?>/, "");
}
