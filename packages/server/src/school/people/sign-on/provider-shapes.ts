/** Defines what the API takes and returns about the providers of single sign-on of a school. */
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import { PROVIDER_KINDS } from "../../foundation/store/sign-on-tables.ts";
import { CLAIM_ROLES } from "./protocol/claims.ts";
import { isSelfChosen } from "./protocol/directory-claims.ts";
import { errorsOfKind } from "./provider-kinds.ts";
import { certificateOf } from "./saml/certificates.ts";
import { MAX_CERTIFICATES, MAX_ENTITY_ID } from "./saml/identity-provider.ts";

const kind = z.enum(PROVIDER_KINDS).describe("The protocol: OpenID Connect, SAML 2.0 or CAS 3.0. It stays.");
const ISSUER =
  "OpenID Connect: the issuer's address; `/.well-known/openid-configuration` below it describes the provider. SAML: the entity id of the identity " +
  "provider. CAS: the address of the server, before `/login`.";
const issuer = text(MAX_ENTITY_ID).describe(ISSUER);
const scopes = z
  .string()
  .max(500)
  .regex(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, fieldText.key("openid-scopes"));
const roleMap = z
  .record(z.string().min(1).max(200), z.enum(CLAIM_ROLES))
  .refine((map) => Object.keys(map).length <= 500, fieldText.key("too-many-roles"))
  .describe(
    "The role for each value of the claim. Where several match, the first of administrator, teacher, assistant, supervisor, student counts.",
  );
const DEFAULT_ROLES = ["teacher", "assistant", "student", "supervisor"] as const;
const defaultRole = z.enum(DEFAULT_ROLES).nullable().describe("Of new people whose claims name no role; null: they are refused.");
const claimName = z.string().max(200);
const ROLE_CLAIM = "The claim or attribute with a person's roles, such as `groups`; a dot leads into an object. Empty: none.";
const COURSE_CLAIM = "The claim or attribute with the names of a person's courses. Empty: claims change no memberships.";
const EXTERNAL_ID_CLAIM =
  "The claim or attribute with the id that a person has in the school's own system (`externalId`), by which an account of the directory or of an import " +
  "becomes theirs; `sub` is the subject. Empty: none does.";
const externalIdClaim = claimName
  .refine((name) => !isSelfChosen(name), fieldText.key("self-chosen-claim"))
  .describe(EXTERNAL_ID_CLAIM);
const claimNames = z
  .strictObject({ login: claimName.default(""), name: claimName.default(""), email: claimName.default("") })
  .describe("The claims or attributes with login, name and mail address of new people. Empty: the usual ones of the protocol.");
const publicOrigin = z
  .url({ protocol: /^https?$/, error: fieldText.key("origin") })
  .max(200)
  .refine((url) => URL.canParse(url) && new URL(url).origin === url, fieldText.key("origin"));
const PUBLIC_ORIGIN =
  "The origin by which a provider of SAML or CAS knows this server. It never follows the Host header of a request, because what these providers issue " +
  "counts at one address only. Empty for OpenID Connect.";

const address = z.url({ protocol: /^https?$/, error: fieldText.key("web-address") }).max(2000);
const certificates = z
  .array(
    z
      .string()
      .max(20_000)
      .refine((one) => certificateOf(one) !== null, fieldText.key("certificate")),
  )
  .max(MAX_CERTIFICATES)
  .describe(
    "With which the identity provider signs: PEM or base64, of RSA keys of 2048 bits or more. Several while it changes its key.",
  );
const metadataUrl = z
  .union([z.literal(""), address])
  .describe(
    "Where the identity provider's metadata is; it is read again every ten minutes. Empty: by `ssoUrl` and `certificates`.",
  );
const ssoUrl = z.union([z.literal(""), address]).describe("Where people sign in, by the redirect binding.");
const signRequests = z.boolean().describe("Whether requests are signed.");
const unsolicited = z
  .boolean()
  .describe(
    "Whether people may begin at the identity provider. A page can then sign somebody in as another person without their knowing.",
  );
const subjectAttribute = claimName.describe(
  "The attribute that identifies a person for good, such as `urn:oasis:names:tc:SAML:attribute:subject-id`. Empty: a persistent NameID.",
);
const entityId = text(MAX_ENTITY_ID).describe("Of this server at the identity provider.");

const samlShape = z
  .object({
    entityId,
    serviceMetadataUrl: z.string().describe("Where the metadata of this server is, for the identity provider."),
    certificate: z.string().describe("Of this server, for signed requests and encrypted assertions; base64 of DER."),
    metadataUrl: z.string(),
    ssoUrl: z.string(),
    certificates: z.array(z.string()),
    signRequests: z.boolean(),
    unsolicited: z.boolean(),
    subjectAttribute: z.string(),
  })
  .meta({ id: "ProviderSaml" });

export const providerShape = z
  .object({
    id,
    schoolId: id,
    kind,
    name: z.string().describe("What people read on the button."),
    issuer: z.string().describe(ISSUER),
    clientId: z.string(),
    hasSecret: z.boolean().describe("Whether a client secret is stored."),
    scopes: z.string(),
    claimNames,
    roleClaim: z.string().describe(ROLE_CLAIM),
    roles: z.record(z.string(), z.string()),
    defaultRole: z.string().nullable(),
    courseClaim: z.string().describe(COURSE_CLAIM),
    externalIdClaim: z.string().describe(EXTERNAL_ID_CLAIM),
    saml: samlShape.nullable().describe("Null for other kinds."),
    publicOrigin: z.string().describe(PUBLIC_ORIGIN),
    enabled: z.boolean(),
    redirectUri: z.string().describe("To register at the provider: the redirect URI, the assertion consumer service, the service."),
    createdAt: time,
    version,
  })
  .meta({ id: "Provider" });
export const newProvider = z
  .strictObject({
    schoolId: id.optional().describe("For operators of several schools."),
    kind: kind.default("oidc"),
    name: text(100),
    issuer,
    clientId: text(500).optional().describe("Of OpenID Connect."),
    clientSecret: z.string().max(1000).optional().describe("Of OpenID Connect. Empty: a public client, which PKCE protects."),
    scopes: scopes.optional().describe("Of OpenID Connect. Default: `openid profile email`."),
    claimNames: claimNames.default({ login: "", name: "", email: "" }),
    roleClaim: claimName.default("").describe(ROLE_CLAIM),
    roles: roleMap.default({}),
    defaultRole: defaultRole.default("student"),
    courseClaim: claimName.default("").describe(COURSE_CLAIM),
    externalIdClaim: externalIdClaim.default(""),
    saml: z
      .strictObject({
        entityId: entityId.optional(),
        metadataUrl: metadataUrl.default(""),
        ssoUrl: ssoUrl.default(""),
        certificates: certificates.default([]),
        signRequests: signRequests.default(false),
        unsolicited: unsolicited.default(false),
        subjectAttribute: subjectAttribute.default(""),
      })
      .optional(),
    publicOrigin: publicOrigin.optional().describe(`${PUBLIC_ORIGIN} Default: the origin of this request.`),
    enabled: z.boolean().default(true),
  })
  .superRefine((body, context) => {
    for (const { path, key } of errorsOfKind(body.kind, body, true))
      context.addIssue({ code: "custom", path: [...path], message: key });
  });
export const changedProvider = z.strictObject({
  name: text(100).optional(),
  issuer: issuer.optional(),
  clientId: text(500).optional(),
  clientSecret: z.string().max(1000).optional(),
  scopes: scopes.optional(),
  claimNames: claimNames.optional(),
  roleClaim: claimName.optional(),
  roles: roleMap.optional(),
  defaultRole: defaultRole.optional(),
  courseClaim: claimName.optional(),
  externalIdClaim: externalIdClaim.optional(),
  saml: z
    .strictObject({
      entityId: entityId.optional(),
      metadataUrl: metadataUrl.optional(),
      ssoUrl: ssoUrl.optional(),
      certificates: certificates.optional(),
      signRequests: signRequests.optional(),
      unsolicited: unsolicited.optional(),
      subjectAttribute: subjectAttribute.optional(),
    })
    .optional(),
  publicOrigin: publicOrigin.optional(),
  enabled: z.boolean().optional(),
});

/** 1 MiB takes the metadata of one identity provider many times. */
const MAX_METADATA = 500_000;
export const samlMetadata = z
  .strictObject({
    metadata: z.string().max(MAX_METADATA).optional().describe("The document."),
    metadataUrl: address.optional().describe("Its address."),
  })
  .refine(({ metadata, metadataUrl: url }) => (metadata === undefined) !== (url === undefined), fieldText.key("one-metadata"));
export const identityProviderShape = z
  .object({ issuer: z.string(), ssoUrl: z.string(), certificates: z.array(z.string()), wantsSignedRequests: z.boolean() })
  .meta({ id: "IdentityProvider" });
