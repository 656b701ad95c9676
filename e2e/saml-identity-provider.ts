/**
 * Runs a small identity provider of SAML 2.0 for tests: metadata, and a sign-in page that posts a signed response for the account in its address. It signs
 * with real keys, and says whatever a test wants it to, also what no honest one would.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { inflateRawSync } from "node:zlib";
import { DOMParser } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { makeServiceKey, type ServiceKey } from "../packages/server/src/school/people/sign-on/saml/service-key.ts";

const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
export const FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

/** What a request of the service provider says. */
export type AuthnRequest = {
  readonly id: string;
  readonly issuer: string;
  readonly address: string;
  readonly forceAuthn: boolean;
  readonly relayState: string;
  readonly isSigned: boolean;
};

/** What an assertion says; times in seconds from now. */
export type Says = {
  readonly assertionId: string;
  readonly responseId: string;
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
  readonly destination: string;
  readonly inResponseTo: string;
  /** In the response only. Default: the same. */
  readonly responseInResponseTo: string;
  readonly issued: number;
  readonly notBefore: number;
  readonly notOnOrAfter: number;
  readonly confirmedUntil: number;
  readonly authenticated: number;
  readonly method: string;
  readonly nameIdXml: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly conditionsXml: string;
  readonly authnXml: string | null;
  readonly status: string;
};

export class SamlIdentityProvider {
  readonly accounts = new Map<string, Readonly<Record<string, readonly string[]>>>();
  readonly requests: AuthnRequest[] = [];
  key: ServiceKey;
  entityId = "";
  origin = "";
  /** What the page posts; a test may forge it. */
  respond: (request: AuthnRequest, account: string) => string = (request, account) => this.response(request, account);

  constructor(key: ServiceKey) {
    this.key = key;
  }

  metadata(more = ""): string {
    const { certificate } = this.key;
    return `<?xml version="1.0" encoding="UTF-8"?>
<!-- A real one has comments. -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${this.entityId}" ${more}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${this.origin}/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${this.origin}/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;
  }

  /** What an honest one says of an account. */
  says(request: Pick<AuthnRequest, "id" | "issuer" | "address">, account: string): Says {
    const serial = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    return {
      assertionId: `_a${serial}`,
      responseId: `_r${serial}`,
      issuer: this.entityId,
      audience: request.issuer,
      recipient: request.address,
      destination: request.address,
      inResponseTo: request.id,
      responseInResponseTo: request.id,
      issued: 0,
      notBefore: -30,
      notOnOrAfter: 300,
      confirmedUntil: 300,
      authenticated: -5,
      method: "urn:oasis:names:tc:SAML:2.0:cm:bearer",
      nameIdXml: `<saml:NameID Format="${FORMAT}persistent">${account}</saml:NameID>`,
      attributes: this.accounts.get(account) ?? {},
      conditionsXml: "",
      authnXml: null,
      status: "urn:oasis:names:tc:SAML:2.0:status:Success",
    };
  }

  /** A signed response, as base64. */
  response(request: AuthnRequest, account: string, changed: Partial<Says> = {}): string {
    const says = { ...this.says(request, account), ...changed };
    return encode(responseXml(says, signAssertion(assertionXml(says), this.key)));
  }

  readRequest(address: string): AuthnRequest {
    const { searchParams } = new URL(address);
    const xml = inflateRawSync(Buffer.from(searchParams.get("SAMLRequest") ?? "", "base64")).toString();
    const root = new DOMParser().parseFromString(xml, "text/xml").documentElement;
    return {
      id: root?.getAttribute("ID") ?? "",
      issuer: root?.getElementsByTagName("saml:Issuer")[0]?.textContent ?? "",
      address: root?.getAttribute("AssertionConsumerServiceURL") ?? "",
      forceAuthn: root?.getAttribute("ForceAuthn") === "true",
      relayState: searchParams.get("RelayState") ?? "",
      isSigned: searchParams.has("Signature"),
    };
  }

  /** Goes to the address as a browser would. @returns the form that it then posts */
  visit(address: string, account: string): string {
    const request = this.readRequest(address);
    this.requests.push(request);
    return formOf(this.respond(request, account), request.relayState);
  }
}

/** @param host by which browsers know it: `localhost` is another site than 127.0.0.1 */
export async function startIdentityProvider(t: TestContext, host = "127.0.0.1"): Promise<SamlIdentityProvider> {
  const provider = new SamlIdentityProvider(await makeServiceKey());
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", provider.origin);
    if (url.pathname === "/metadata") return void response.setHeader("content-type", "application/xml").end(provider.metadata());
    if (url.pathname === "/page")
      return void response.setHeader("content-type", "text/html").end("<!doctype html><title>A page</title>");
    if (url.pathname !== "/sso") return void response.writeHead(404).end();
    const asked = provider.readRequest(url.href);
    provider.requests.push(asked);
    const account = [...provider.accounts.keys()][0] ?? "nobody";
    const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${value}">`;
    response.setHeader("content-type", "text/html").end(
      `<!doctype html><title>Sign in</title><form method="post" action="${asked.address}">
       ${field("SAMLResponse", provider.respond(asked, account))}${field("RelayState", asked.relayState)}
       <button>Sign in as ${account}</button></form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  provider.origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  provider.entityId = `${provider.origin}/entity`;
  return provider;
}

export function formOf(response: string, relayState: string): string {
  return new URLSearchParams({ SAMLResponse: response, RelayState: relayState }).toString();
}

export function encode(xml: string): string {
  return Buffer.from(xml).toString("base64");
}

export function assertionXml(says: Says): string {
  const answers = says.inResponseTo === "" ? "" : `InResponseTo="${says.inResponseTo}"`;
  const attributes = Object.entries(says.attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join("")}</saml:Attribute>`,
  );
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${says.assertionId}" Version="2.0" IssueInstant="${at(says.issued)}">
<saml:Issuer>${says.issuer}</saml:Issuer>
<saml:Subject>${says.nameIdXml}<saml:SubjectConfirmation Method="${says.method}"><saml:SubjectConfirmationData ${answers} Recipient="${says.recipient}" NotOnOrAfter="${at(says.confirmedUntil)}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="${at(says.notBefore)}" NotOnOrAfter="${at(says.notOnOrAfter)}"><saml:AudienceRestriction><saml:Audience>${says.audience}</saml:Audience></saml:AudienceRestriction>${says.conditionsXml}</saml:Conditions>
${says.authnXml ?? `<saml:AuthnStatement AuthnInstant="${at(says.authenticated)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`}
<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement></saml:Assertion>`;
}

export function responseXml(says: Says, content: string): string {
  const answers = says.responseInResponseTo === "" ? "" : `InResponseTo="${says.responseInResponseTo}"`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${says.responseId}" Version="2.0" IssueInstant="${at(says.issued)}" Destination="${says.destination}" ${answers}>
<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${says.issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="${says.status}"/></samlp:Status>${content}</samlp:Response>`;
}

type Algorithms = { readonly signature?: string; readonly digest?: string; readonly transforms?: readonly string[] };

export function signAssertion(xml: string, key: Pick<ServiceKey, "privateKey">, algorithms: Algorithms = {}): string {
  return sign(xml, "Assertion", key, algorithms);
}

/** Signs the element of a name, and puts the signature after its issuer. */
export function sign(
  xml: string,
  element: "Assertion" | "Response",
  { privateKey }: Pick<ServiceKey, "privateKey">,
  { signature = RSA_SHA256, digest = SHA256, transforms = [ENVELOPED, EXCLUSIVE] }: Algorithms = {},
): string {
  const signer = new SignedXml({ privateKey, signatureAlgorithm: signature, canonicalizationAlgorithm: EXCLUSIVE });
  const xpath = `//*[local-name(.)='${element}']`;
  signer.addReference({ xpath, digestAlgorithm: digest, transforms: [...transforms] });
  signer.computeSignature(xml, { location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" } });
  return signer.getSignedXml();
}

function at(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
