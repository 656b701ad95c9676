/** Gives attributes of directories, which SAML and CAS pass on, the names that OpenID Connect has for them (Core 1.0, section 5.1). */
import type { Claims } from "./claims.ts";

const WS_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

/** As eduPerson and inetOrgPerson (RFC 2798) name them, by name and by OID, and Active Directory in its claims. The first that is there counts. */
const DIRECTORY_NAMES: Readonly<Record<string, readonly string[]>> = {
  preferred_username: [
    "uid",
    "urn:oid:0.9.2342.19200300.100.1.1",
    "sAMAccountName",
    "username",
    "eduPersonPrincipalName",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",
    `${WS_CLAIMS}upn`,
    `${WS_CLAIMS}name`,
  ],
  name: [
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "cn",
    "urn:oid:2.5.4.3",
    "http://schemas.xmlsoap.org/claims/CommonName",
  ],
  given_name: ["givenName", "urn:oid:2.5.4.42", "firstName", `${WS_CLAIMS}givenname`],
  family_name: ["sn", "urn:oid:2.5.4.4", "surname", "lastName", `${WS_CLAIMS}surname`],
  email: ["mail", "urn:oid:0.9.2342.19200300.100.1.3", "emailAddress", `${WS_CLAIMS}emailaddress`],
};

/** Claims that OpenID Connect Core 1.0, section 5.7, does not let identify anybody: a person may set them, or pass them on. */
const SELF_CHOSEN: readonly string[] = [
  ...["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "email", "phone_number"],
  ...["name", "given_name", "family_name", "email"].flatMap((claim) => DIRECTORY_NAMES[claim] ?? []),
];
const SELF_CHOSEN_LOWER = new Set(SELF_CHOSEN.map((name) => name.toLowerCase()));

/** Whether a claim or attribute is a name, a mail address or a number of a phone, and so identifies nobody. */
export function isSelfChosen(name: string): boolean {
  return SELF_CHOSEN_LOWER.has(name.toLowerCase());
}

/** The attributes as they are, one value as a text, and the claims of OpenID Connect beside them. */
export function directoryClaims(attributes: Readonly<Record<string, readonly string[]>>): Claims {
  const claims = Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  for (const [claim, usual] of Object.entries(DIRECTORY_NAMES)) {
    if (Object.hasOwn(claims, claim)) continue;
    const name = usual.find((one) => Object.hasOwn(attributes, one) && attributes[one]?.[0]);
    if (name !== undefined) claims[claim] = attributes[name]?.[0];
  }
  return claims;
}

/** An identifier that a provider gives a person: a text without control characters, which is compared as it is. @throws Error */
export function subjectOf(text: string): string {
  if (!/^[^\p{Cc}\p{Cs}]{1,500}$/u.test(text)) throw new Error("the person has no identifier, or one that is too long");
  return text;
}
