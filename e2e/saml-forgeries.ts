/** Lists responses of SAML that must not sign anybody in: what an attacker can make of a true one, and what a wrong or careless identity provider sends. */
import { X509Certificate } from "node:crypto";
import { encrypt } from "xml-encryption";
import { pemOf } from "../packages/server/src/school/people/sign-on/saml/certificates.ts";
import type { ServiceKey } from "../packages/server/src/school/people/sign-on/saml/service-key.ts";
import {
  type AuthnRequest,
  assertionXml,
  encode,
  FORMAT,
  responseXml,
  type SamlIdentityProvider,
  type Says,
  sign,
  signAssertion,
} from "./saml-identity-provider.ts";

export type Forgery = {
  readonly idp: SamlIdentityProvider;
  readonly request: AuthnRequest;
  /** Of nobody that the service knows. */
  readonly otherKey: ServiceKey;
  /** Of the service: base64 of DER. */
  readonly serviceCertificate: string;
};

const SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1";
const RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const RSA_1_5 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
const GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

/** What an honest provider would have signed, with one thing changed. */
const SIGNED: Readonly<Record<string, readonly [RegExp, (forgery: Forgery) => Partial<Says>]>> = {
  "another issuer": [/the assertion is by https:\/\/evil/, () => ({ issuer: "https://evil.example/entity" })],
  "the audience of another service": [/audience mismatch/, () => ({ audience: "https://evil.example/metadata" })],
  "an empty audience": [/no Audience value/, () => ({ audience: "" })],
  "the address of another service": [
    /its recipient is https:\/\/evil/,
    () => ({ recipient: "https://evil.example/sign-on/1/callback" }),
  ],
  "the address of another provider of this server": [
    /its recipient is http.*[01]\/callback/,
    ({ request }) => ({ recipient: request.address.replace(/(.)\/callback$/, (_, last) => `${last === "0" ? 1 : 0}/callback`) }),
  ],
  "sent to another address": [/was sent to https:\/\/evil/, () => ({ destination: "https://evil.example/acs" })],
  "the answer to another request": [
    /the response answers _0123456789/,
    () => ({ inResponseTo: "_0123456789", responseInResponseTo: "_0123456789" }),
  ],
  "the answer to another request within": [/it answers _0123456789/, () => ({ inResponseTo: "_0123456789" })],
  "the answer to another request outside": [/the response answers _0123456789/, () => ({ responseInResponseTo: "_0123456789" })],
  "the answer to no request": [/the response answers no request/, () => ({ inResponseTo: "", responseInResponseTo: "" })],
  "the answer to no request within": [/it answers no request/, () => ({ inResponseTo: "" })],
  expired: [/expired/, () => ({ notOnOrAfter: -120, notBefore: -600 })],
  "a confirmation that has expired": [/counts: it has expired/, () => ({ confirmedUntil: -120 })],
  "of the future": [/not yet valid/, () => ({ notBefore: 120, notOnOrAfter: 600 })],
  "issued half an hour ago": [/not of just now/, () => ({ issued: -1800 })],
  "issued in half an hour": [/not of just now/, () => ({ issued: 1800 })],
  "a confirmation for holders of a key": [
    /its method is not bearer/,
    () => ({ method: "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" }),
  ],
  "a condition that is not known": [/a condition that is not known/, () => ({ conditionsXml: "<saml:Condition/>" })],
  "two audience restrictions of which one is another's": [
    /audience mismatch/,
    () => ({
      conditionsXml: "<saml:AudienceRestriction><saml:Audience>https://evil.example</saml:Audience></saml:AudienceRestriction>",
    }),
  ],
  "without a proof of who the person is": [/does not say that the person proved/, () => ({ authnXml: "" })],
  "a session that is over": [
    /session at the identity provider is over/,
    ({ request, idp }) => ({
      authnXml: `<saml:AuthnStatement AuthnInstant="${new Date().toISOString()}" SessionNotOnOrAfter="2020-01-01T00:00:00Z"/>`,
      audience: idp.says(request, "victim").audience,
    }),
  ],
  "a person without a name": [/no NameID/, () => ({ nameIdXml: "" })],
  "a name for this sign-in only": [
    /transient/,
    () => ({ nameIdXml: `<saml:NameID Format="${FORMAT}transient">_x1</saml:NameID>` }),
  ],
  "two names": [/several NameID/, () => ({ nameIdXml: "<saml:NameID>victim</saml:NameID><saml:NameID>other</saml:NameID>" })],
  "elements within a name": [/elements where a text belongs/, () => ({ nameIdXml: "<saml:NameID>vic<b>t</b>im</saml:NameID>" })],
  "a status of failure": [/status:Responder/, () => ({ status: "urn:oasis:names:tc:SAML:2.0:status:Responder" })],
};

/** What is made of the bytes. */
const MADE: Readonly<Record<string, readonly [RegExp, (forgery: Forgery) => string | Promise<string>]>> = {
  unsigned: [
    /Invalid signature/,
    ({ idp, request }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, assertionXml(says));
    },
  ],
  "signed with another key": [
    /Invalid signature/,
    ({ idp, request, otherKey }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, signAssertion(assertionXml(says), otherKey));
    },
  ],
  "signed with another key, whose certificate comes with it": [
    /Invalid signature/,
    ({ idp, request, otherKey }) => {
      const says = idp.says(request, "victim");
      const info = `<KeyInfo><X509Data><X509Certificate>${otherKey.certificate}</X509Certificate></X509Data></KeyInfo>`;
      const signed = signAssertion(assertionXml(says), otherKey).replace("</Signature>", `${info}</Signature>`);
      return responseXml(says, signed);
    },
  ],
  "the response signed, the assertion not": [
    /Invalid signature/,
    ({ idp, request }) => {
      const says = idp.says(request, "victim");
      return sign(responseXml(says, assertionXml(says)), "Response", idp.key);
    },
  ],
  "signed with SHA-1": [
    /rsa-sha1 is not accepted/,
    ({ idp, request }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, signAssertion(assertionXml(says), idp.key, { signature: RSA_SHA1 }));
    },
  ],
  "a digest of SHA-1": [
    /#sha1 is not accepted/,
    ({ idp, request }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, signAssertion(assertionXml(says), idp.key, { digest: SHA1 }));
    },
  ],
  "the name changed after the signature": [
    /Invalid signature/,
    (forgery) => honest(forgery, "attacker").replace(">attacker<", ">victim<"),
  ],
  "an attribute changed after the signature": [
    /Invalid signature/,
    (forgery) => honest(forgery, "attacker").replace(">pupils<", ">heads<"),
  ],
  "the audience changed after the signature": [
    /Invalid signature/,
    (forgery) => {
      const { idp, request } = forgery;
      const says = { ...idp.says(request, "victim"), audience: "https://other.example" };
      return responseXml(says, signAssertion(assertionXml(says), idp.key)).replace("https://other.example", request.issuer);
    },
  ],
  "the signature taken away": [
    /Invalid signature/,
    (forgery) => honest(forgery, "victim").replace(/<Signature.*<\/Signature>/s, ""),
  ],
  "the signature of another assertion": [
    /Invalid signature/,
    (forgery) => {
      const [signature = ""] = /<Signature.*<\/Signature>/s.exec(honest(forgery, "attacker")) ?? [];
      return honest(forgery, "victim").replace(/<Signature.*<\/Signature>/s, () => signature);
    },
  ],
  "an empty signature": [
    /Invalid signature/,
    (forgery) => honest(forgery, "victim").replace(/<SignatureValue>.*<\/SignatureValue>/s, "<SignatureValue/>"),
  ],
  // XSW 1 to 8 of "On Breaking SAML" (Somorovsky et al., USENIX Security 2012), as far as they are of assertions.
  "wrapped: a forged assertion before the signed one": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed }) => forged + signed),
  ],
  "wrapped: a forged assertion after the signed one": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed }) => signed + forged),
  ],
  "wrapped: the signed assertion in a forged one": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed }) => forged.replace("</saml:Assertion>", `${signed}</saml:Assertion>`)),
  ],
  "wrapped: the signature in a forged one, with the signed one in the signature": [
    /exactly one assertion/,
    (forgery) =>
      wrapped(forgery, ({ forged, signed, signature }) => {
        const bare = signed.replace(signature, "");
        const holding = signature.replace("</Signature>", `<Object>${bare}</Object></Signature>`);
        return forged.replace("</saml:Issuer>", `</saml:Issuer>${holding}`);
      }),
  ],
  "wrapped: the signed one in extensions": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed }) => `<samlp:Extensions>${signed}</samlp:Extensions>${forged}`),
  ],
  "wrapped: both with one id": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed, says }) => forged.replace(/ID="[^"]*"/, `ID="${says.assertionId}"`) + signed),
  ],
  "wrapped: the signed one in another namespace's Assertion": [
    /exactly one assertion/,
    (forgery) => wrapped(forgery, ({ forged, signed }) => `${forged}<x:Wrapper xmlns:x="urn:x">${signed}</x:Wrapper>`),
  ],
  "the response of the signed assertion in a forged response": [
    /exactly one assertion/,
    (forgery) => {
      const says = forgery.idp.says(forgery.request, "victim");
      return responseXml(says, assertionXml(says) + honest(forgery, "attacker"));
    },
  ],
  "a comment that cuts the name short": [
    /a comment/,
    ({ idp, request }) => {
      const says = { ...idp.says(request, "victim"), nameIdXml: "<saml:NameID>victim.evil</saml:NameID>" };
      return responseXml(says, signAssertion(assertionXml(says), idp.key)).replace("victim.evil", "victim<!---->.evil");
    },
  ],
  "a processing instruction that cuts the name short": [
    /a processing instruction/,
    ({ idp, request }) => {
      const says = { ...idp.says(request, "victim"), nameIdXml: "<saml:NameID>victim.evil</saml:NameID>" };
      return responseXml(says, signAssertion(assertionXml(says), idp.key)).replace("victim.evil", "victim<?x?>.evil");
    },
  ],
  "a document type": [/a document type/, (forgery) => `<!DOCTYPE samlp:Response>${honest(forgery, "victim")}`],
  "an entity of a file": [
    /a document type/,
    (forgery) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${honest(forgery, "victim").replace(">victim<", ">&x;<")}`,
  ],
  "a bomb of entities": [
    /a document type/,
    (forgery) => {
      const levels = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("");
      return `<!DOCTYPE r [<!ENTITY e0 "lol">${levels}]>${honest(forgery, "victim").replace(">victim<", ">&e12;<")}`;
    },
  ],
  "an entity that is not known": [/entity not found/, (forgery) => honest(forgery, "victim").replace(">victim<", ">&victim;<")],
  "a transform by XSLT": [
    /xslt-19991116 is not accepted/,
    (forgery) =>
      honest(forgery, "victim").replace(
        'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>',
        'Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></Transforms>',
      ),
  ],
  "elements 20,000 deep": [/no response of SAML 2.0/, () => `${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`],
  "not well-formed": [/not well-formed/, (forgery) => honest(forgery, "victim").slice(0, -1)],
  "a request instead of a response": [
    /no response of SAML 2.0/,
    () => '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"/>',
  ],
  "a response of SAML 1.1": [
    /no response of SAML 2.0/,
    () => '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" MajorVersion="1"/>',
  ],
  "an encrypted assertion without a signature": [
    /Invalid signature/,
    async ({ idp, request, serviceCertificate }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, await encryptAssertion(assertionXml(says), serviceCertificate));
    },
  ],
  "an encrypted assertion, signed with another key": [
    /Invalid signature/,
    async ({ idp, request, serviceCertificate, otherKey }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, await encryptAssertion(signAssertion(assertionXml(says), otherKey), serviceCertificate));
    },
  ],
  "encrypted for another": [
    /rsa routines/,
    async ({ idp, request, otherKey }) => {
      const says = idp.says(request, "victim");
      return responseXml(says, await encryptAssertion(signAssertion(assertionXml(says), idp.key), otherKey.certificate));
    },
  ],
  "a key encrypted with RSA 1.5": [
    /rsa-1_5 is not accepted/,
    async ({ idp, request, serviceCertificate }) => {
      const says = idp.says(request, "victim");
      const signed = signAssertion(assertionXml(says), idp.key);
      return responseXml(says, await encryptAssertion(signed, serviceCertificate, { key: RSA_1_5 }));
    },
  ],
  "two assertions in one encryption": [
    /no assertion was encrypted/,
    async (forgery) => {
      const { idp, request, serviceCertificate } = forgery;
      const says = idp.says(request, "victim");
      const both = signAssertion(assertionXml(idp.says(request, "attacker")), idp.key).replace(
        "</saml:Assertion>",
        `${assertionXml(says)}</saml:Assertion>`,
      );
      return responseXml(says, await encryptAssertion(both, serviceCertificate));
    },
  ],
};

type Listed = {
  readonly what: string;
  /** Why it is refused, as the log says. */
  readonly reason: RegExp;
  /** Makes SAMLResponse. */
  readonly forge: (forgery: Forgery) => Promise<string>;
};

export const FORGERIES: readonly Listed[] = [
  ...Object.entries(SIGNED).map(([what, [reason, changed]]) => ({
    what,
    reason,
    forge: async (forgery: Forgery) => forgery.idp.response(forgery.request, "victim", changed(forgery)),
  })),
  ...Object.entries(MADE).map(([what, [reason, make]]) => ({
    what,
    reason,
    forge: async (forgery: Forgery) => encode(await make(forgery)),
  })),
  { what: "no base64", reason: /no SAMLResponse in base64/, forge: async () => "<samlp:Response/>" },
  { what: "nothing", reason: /no SAMLResponse in base64/, forge: async () => "" },
  { what: "too large", reason: /too large/, forge: async () => encode(`<a>${"x".repeat(210_000)}</a>`) },
  {
    what: "no UTF-8",
    reason: /not valid for encoding utf-8/,
    forge: async () => Buffer.from([0x3c, 0x61, 0xff, 0x3e]).toString("base64"),
  },
];

/** As the identity provider would send it. */
function honest({ idp, request }: Forgery, account: string): string {
  return Buffer.from(idp.response(request, account), "base64").toString();
}

type Pieces = { readonly forged: string; readonly signed: string; readonly signature: string; readonly says: Says };

/** A response in which an attacker has put a forged assertion of the victim beside a signed one of the attacker's own. */
function wrapped({ idp, request }: Forgery, content: (pieces: Pieces) => string): string {
  const says = idp.says(request, "attacker");
  const signed = signAssertion(assertionXml(says), idp.key);
  const [signature = ""] = /<Signature.*<\/Signature>/s.exec(signed) ?? [];
  return responseXml(says, content({ forged: assertionXml(idp.says(request, "victim")), signed, signature, says }));
}

type Encryption = { readonly key?: typeof OAEP | typeof RSA_1_5; readonly data?: typeof GCM | typeof CBC };

/** For the key of a certificate (base64 of DER). Default: by RSA-OAEP and AES-GCM. */
export async function encryptAssertion(
  xml: string,
  certificate: string,
  { key = OAEP, data = GCM }: Encryption = {},
): Promise<string> {
  const pem = pemOf(certificate);
  const options = {
    rsa_pub: new X509Certificate(pem).publicKey.export({ format: "pem", type: "spki" }),
    pem,
    encryptionAlgorithm: data,
    keyEncryptionAlgorithm: key,
    disallowEncryptionWithInsecureAlgorithm: false,
    warnInsecureAlgorithm: false,
  };
  const encrypted = await new Promise<string>((resolve, reject) =>
    encrypt(xml, options, (error: Error | null, result?: string) => (error ? reject(error) : resolve(result ?? ""))),
  );
  return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${encrypted}</saml:EncryptedAssertion>`;
}
