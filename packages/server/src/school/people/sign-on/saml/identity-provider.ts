/** Reads the metadata of an identity provider: its entity id, where people sign in, and with which keys it signs (SAML Metadata 2.0, section 2.4). */
import { outboundFetch } from "../protocol/outbound-fetch.ts";
import { pageAddress } from "../protocol/protocol.ts";
import { attributeOf, childrenOf, isElement, onlyChild, parseXml, textOf, type XmlElement } from "../protocol/strict-xml.ts";
import { certificateOf } from "./certificates.ts";
import { METADATA, REDIRECT_BINDING, SIGNATURE } from "./saml-names.ts";

/** What this server needs to know of an identity provider. */
export type IdentityProvider = {
  /** Its entity id. */
  readonly issuer: string;
  /** For the redirect binding. */
  readonly ssoUrl: string;
  /** Base64 of DER. */
  readonly certificates: readonly string[];
  readonly wantsSignedRequests: boolean;
};

export const MAX_CERTIFICATES = 10;
/** SAML Core 2.0, section 8.3.6. */
export const MAX_ENTITY_ID = 1024;

/** @throws Error with the reason */
export async function fetchMetadata(address: string, networks: readonly string[]): Promise<IdentityProvider> {
  const headers = { accept: "application/samlmetadata+xml, application/xml, text/xml" };
  const answer = await outboundFetch(new URL(address), { method: "GET", headers }, networks);
  if (!answer.ok) throw new Error(`its metadata is not there: status ${answer.status}`);
  return await readMetadata(await answer.text());
}

/** @throws Error with the reason */
export async function readMetadata(xml: string, now = Date.now()): Promise<IdentityProvider> {
  const entity = entityOf(await parseXml(xml, { comments: true }));
  const issuer = attributeOf(entity, "entityID");
  if (issuer === "" || issuer.length > MAX_ENTITY_ID) throw new Error("the metadata has no entityID");
  const validUntil = attributeOf(entity, "validUntil");
  if (validUntil !== "" && !(Date.parse(validUntil) > now)) throw new Error(`the metadata was valid until ${validUntil}`);
  const role = onlyChild(entity, METADATA, "IDPSSODescriptor");
  const services = childrenOf(role, METADATA, "SingleSignOnService");
  const service = services.find((one) => attributeOf(one, "Binding") === REDIRECT_BINDING);
  if (!service) throw new Error("the metadata names no address for the redirect binding");
  const certificates = childrenOf(role, METADATA, "KeyDescriptor")
    .filter((key) => attributeOf(key, "use") !== "encryption")
    .flatMap((key) => [...key.getElementsByTagNameNS(SIGNATURE, "X509Certificate")])
    .map((one) => certificateOf(textOf(one)))
    .filter((one) => one !== null);
  if (certificates.length === 0) throw new Error("the metadata has no certificate of an RSA key of 2048 bits or more");
  return {
    issuer,
    ssoUrl: pageAddress(attributeOf(service, "Location")).href,
    certificates: [...new Set(certificates)].slice(0, MAX_CERTIFICATES),
    wantsSignedRequests: ["true", "1"].includes(attributeOf(role, "WantAuthnRequestsSigned")),
  };
}

/** The one identity provider of a document. @throws Error where there are several, as in the metadata of a federation */
function entityOf(root: XmlElement): XmlElement {
  if (isElement(root, METADATA, "EntityDescriptor")) return root;
  if (!isElement(root, METADATA, "EntitiesDescriptor")) throw new Error("the document is no metadata of SAML 2.0");
  const [entity, ...others] = childrenOf(root, METADATA, "EntityDescriptor").filter(
    (one) => childrenOf(one, METADATA, "IDPSSODescriptor").length > 0,
  );
  if (!entity || others.length > 0) throw new Error("the metadata has not exactly one identity provider");
  return entity;
}
