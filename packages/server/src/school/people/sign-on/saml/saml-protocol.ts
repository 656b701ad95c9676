/**
 * Speaks SAML 2.0 with an identity provider, as its service provider: a request by the redirect binding, a response by the POST binding (Web Browser SSO,
 * SAML Profiles 2.0, section 4.1). The library builds requests and checks signatures; `response.ts` looks before it, `assertion.ts` after it.
 */
import { randomBytes } from "node:crypto";
import type * as NodeSaml from "@node-saml/node-saml";
import type { Provider } from "../../../foundation/store/tables.ts";
import { directoryClaims, subjectOf } from "../protocol/directory-claims.ts";
import type { ProtocolOptions } from "../protocol/protocol.ts";
import { pageAddress, type SignOnProtocol } from "../protocol/protocol.ts";
import { ProviderDescriptions, unreachable } from "../protocol/provider-descriptions.ts";
import { CLOCK_SKEW_MS, readAssertion, type Statements } from "./assertion.ts";
import { pemOf } from "./certificates.ts";
import { fetchMetadata, type IdentityProvider } from "./identity-provider.ts";
import { readResponse } from "./response.ts";
import { PERSISTENT, TRANSIENT } from "./saml-names.ts";

type Endpoints = Pick<IdentityProvider, "issuer" | "ssoUrl" | "certificates">;

export function samlProtocol(options: ProtocolOptions): SignOnProtocol {
  const fetched = new ProviderDescriptions((provider) => fetchEndpoints(provider, options), options.log);
  const endpointsOf = async (provider: Provider): Promise<Endpoints> => {
    const { metadataUrl, ssoUrl, certificates } = settingsOf(provider);
    return metadataUrl === "" ? { issuer: provider.issuer, ssoUrl, certificates } : await fetched.read(provider);
  };
  return {
    begin: async (provider, redirectUri, isFresh) => {
      const endpoints = await endpointsOf(provider);
      const [state, nonce] = [randomBytes(32).toString("base64url"), `_${randomBytes(20).toString("hex")}`];
      const library = await libraryFor(provider, endpoints, redirectUri, {
        forceAuthn: isFresh,
        generateUniqueId: () => nonce,
        ...(settingsOf(provider).signRequests ? { privateKey: privateKeyOf(provider, options) } : {}),
      });
      const url = pageAddress(await library.getAuthorizeUrlAsync(state, undefined, {})).href;
      return { url, state, nonce, verifier: "", redirectUri };
    },
    finish: async (provider, { flow, redirectUri, fields }) => {
      const settings = settingsOf(provider);
      if (!flow && !settings.unsolicited) throw new Error("the sign-on did not begin here");
      const endpoints = await endpointsOf(provider);
      const destination = flow?.redirectUri ?? redirectUri;
      const expectedRequest = flow?.nonce ?? "";
      const privateKey = privateKeyOf(provider, options);
      const { xml, inResponseTo } = await readResponse(fields.get("SAMLResponse"), { destination, privateKey });
      if (inResponseTo !== expectedRequest) throw new Error(`the response answers ${inResponseTo || "no request"}`);
      const library = await libraryFor(provider, endpoints, destination, {});
      const { profile } = await library.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString("base64") });
      const signed = profile?.getAssertionXml?.();
      if (signed === undefined) throw new Error("the response has no assertion that is signed");
      const expected = { issuer: endpoints.issuer, audience: settings.entityId, recipient: destination };
      const statements = await readAssertion(signed, { ...expected, inResponseTo: expectedRequest, now: Date.now() });
      return {
        issuer: `saml:${endpoints.issuer}`,
        subject: personOf(statements, settings.subjectAttribute, endpoints.issuer),
        claims: directoryClaims(statements.attributes),
        provenAt: statements.authenticatedAt,
        usedOnce: [`saml ${endpoints.issuer} ${statements.assertionId}`],
      };
    },
    describe: async (provider) => {
      const { issuer, ssoUrl } = await endpointsOf(provider);
      return { issuer, authorizationEndpoint: ssoUrl };
    },
  };
}

/** The metadata of this server for an identity provider. */
export async function serviceMetadata(provider: Provider, redirectUri: string, options: ProtocolOptions): Promise<string> {
  const { generateServiceProviderMetadata } = await import("@node-saml/node-saml");
  const { entityId, ownCertificate, signRequests } = settingsOf(provider);
  const key = privateKeyOf(provider, options);
  return generateServiceProviderMetadata({
    issuer: entityId,
    callbackUrl: redirectUri,
    identifierFormat: nameIdFormatOf(provider),
    wantAssertionsSigned: true,
    decryptionPvk: key,
    decryptionCert: pemOf(ownCertificate),
    ...(signRequests ? { privateKey: key, publicCerts: pemOf(ownCertificate) } : {}),
    // An id that stays lets an identity provider see that nothing has changed.
    generateUniqueId: () => `_${provider.id}`,
  });
}

function settingsOf({ id, saml }: Provider) {
  if (!saml) throw new Error(`provider ${id} has no settings of SAML`);
  return saml;
}

/** @throws RefusalError provider-away, where its secret cannot be decrypted */
function privateKeyOf(provider: Provider, { storedSecrets, log }: ProtocolOptions): string {
  const key = storedSecrets.decrypt("providers", provider.id, provider.client_secret);
  if (key === null) throw unreachable(log, provider, "its stored private key cannot be decrypted; make the provider again");
  return key;
}

/** @throws Error where it now describes another identity provider, whose people would be others */
async function fetchEndpoints(provider: Provider, { networks }: ProtocolOptions): Promise<Endpoints> {
  const endpoints = await fetchMetadata(settingsOf(provider).metadataUrl, networks());
  if (endpoints.issuer !== provider.issuer) throw new Error(`its metadata is of ${endpoints.issuer}`);
  return endpoints;
}

async function libraryFor(
  provider: Provider,
  { ssoUrl, certificates }: Endpoints,
  callbackUrl: string,
  more: Partial<NodeSaml.SamlConfig>,
): Promise<NodeSaml.SAML> {
  const { SAML } = await import("@node-saml/node-saml");
  const { entityId } = settingsOf(provider);
  return new SAML({
    issuer: entityId,
    audience: entityId,
    callbackUrl,
    entryPoint: ssoUrl,
    idpCert: certificates.map(pemOf),
    identifierFormat: nameIdFormatOf(provider),
    disableRequestedAuthnContext: true,
    signatureAlgorithm: "sha256",
    digestAlgorithm: "sha256",
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: CLOCK_SKEW_MS,
    ...more,
  });
}

/** A person whom an attribute identifies needs no NameID, and not every identity provider has lasting ones. */
function nameIdFormatOf(provider: Provider): string | null {
  return settingsOf(provider).subjectAttribute === "" ? PERSISTENT : null;
}

/** @throws Error where nothing identifies the person for good */
function personOf({ nameId, attributes }: Statements, attribute: string, issuer: string): string {
  if (attribute !== "") {
    const [value, ...others] = (Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined) ?? [];
    if (value === undefined || others.length > 0) throw new Error(`the attribute ${attribute} has not exactly one value`);
    return subjectOf(value);
  }
  if (!nameId) throw new Error("the assertion has no NameID");
  if (nameId.format === TRANSIENT) throw new Error("the NameID is transient: it is another one each time, and names nobody");
  // Core, section 8.3.7: a value is unique within its qualifier, which is the identity provider where there is none.
  const isQualified = nameId.qualifier !== "" && nameId.qualifier !== issuer;
  return subjectOf(isQualified ? `${nameId.qualifier}!${nameId.value}` : nameId.value);
}
