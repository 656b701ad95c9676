/** Names the namespaces, identifiers and algorithms of SAML 2.0, XML Signature and XML Encryption that this server knows. */

export const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
export const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
export const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
export const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";
export const ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#";

export const REDIRECT_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
export const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
export const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
/** Statuses by which an identity provider says that this person may not come in (Core, section 3.2.2.2). */
export const DENIED: readonly string[] = [
  "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
  "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
  "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
];
/** Names a person for one sign-in only (Core, section 8.3.8). */
export const TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
export const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
export const ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/** Without SHA-1, whose collisions can be computed. */
export const SIGNATURE_METHODS: readonly string[] = [
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
  "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
];
export const DIGEST_METHODS: readonly string[] = [
  "http://www.w3.org/2001/04/xmlenc#sha256",
  "http://www.w3.org/2001/04/xmlenc#sha512",
];
/** Others could leave out of the signature what is read afterwards. */
export const TRANSFORMS: readonly string[] = [
  "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
  "http://www.w3.org/2001/10/xml-exc-c14n#",
  "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
];
/** Without RSA 1.5, whose padding lets a sender guess the key (XML Encryption 1.1, section 5.5.1). */
export const KEY_ENCRYPTIONS: readonly string[] = [
  "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
  "http://www.w3.org/2009/xmlenc11#rsa-oaep",
];
/** CBC is what Entra ID and ADFS send; what it holds counts by its signature only. */
export const DATA_ENCRYPTIONS: readonly string[] = [
  "http://www.w3.org/2009/xmlenc11#aes128-gcm",
  "http://www.w3.org/2009/xmlenc11#aes256-gcm",
  "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
  "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
];
