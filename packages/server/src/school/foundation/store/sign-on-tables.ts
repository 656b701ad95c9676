/** Defines types of the tables of single sign-on, second factors and passkeys, for Kysely. */
import type { ColumnType, Generated } from "kysely";
import type { Created, Instant, Json, MaybeInstant, MaybeJson } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** The protocols by which providers say who somebody is: OpenID Connect, SAML 2.0, CAS 3.0. */
export const PROVIDER_KINDS = ["oidc", "saml", "cas"] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** What a provider calls a person's login, name and mail address; empty or missing: by one of the usual names. */
export type ClaimNames = { readonly login?: string; readonly name?: string; readonly email?: string };

/** What SAML needs besides the entity id of the identity provider, which is the issuer. */
export type SamlSettings = {
  /** The entity id of this server at the identity provider. It never follows the Host header: assertions are for it alone. */
  readonly entityId: string;
  /** Where the identity provider describes itself; empty: by what follows. */
  readonly metadataUrl: string;
  /** Where people sign in, by the redirect binding. */
  readonly ssoUrl: string;
  /** With which the identity provider may sign: base64 of DER. */
  readonly certificates: readonly string[];
  /** Of this server, for the key in `client_secret`: base64 of DER. */
  readonly ownCertificate: string;
  readonly signRequests: boolean;
  /** Whether people may begin at the identity provider. */
  readonly unsolicited: boolean;
  /** The attribute that identifies a person for good; empty: NameID. */
  readonly subjectAttribute: string;
};

/** A provider of single sign-on. */
export type ProviderTable = {
  readonly id: string;
  readonly school_id: string;
  readonly kind: ColumnType<ProviderKind, ProviderKind | undefined, never>;
  name: string;
  /** Of OpenID Connect. SAML: the entity id of the identity provider. CAS: the address of the server, before `/login`. */
  issuer: string;
  /** Empty for SAML and CAS. */
  client_id: string;
  /** Encrypted (`stored-secrets.ts`). Empty: a public client, or CAS. SAML: this server's private key, as PEM. */
  client_secret: string;
  /** Separated by spaces; empty for SAML and CAS. */
  scopes: string;
  claim_names: ColumnType<ClaimNames, ClaimNames | undefined, ClaimNames>;
  /** Null for other kinds. */
  saml: MaybeJson<SamlSettings>;
  /** The origin by which SAML and CAS know this server; empty for OpenID Connect: the one of each request, which its provider compares. */
  public_origin: ColumnType<string, string | undefined, string>;
  /** Empty: every new person gets the default role. */
  role_claim: string;
  /** The role for each value of the claim. */
  role_map: Json<Readonly<Record<string, string>>>;
  /** Of people whose claims name no role; null: they are refused. */
  default_role: "teacher" | "assistant" | "student" | "supervisor" | null;
  /** Empty: claims change no memberships. */
  course_claim: string;
  /** Has the external id of a person, by which an account of the directory becomes theirs; empty: none does. */
  external_id_claim: Generated<string>;
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

/** A person as a provider knows them. */
type IdentityTable = {
  readonly school_id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly user_id: string;
  /** By which its person removes it. */
  readonly id: Generated<string>;
  /** The provider that signed the person in first; null in rows of older versions. */
  readonly provider_id: ColumnType<string | null, string | null | undefined, never>;
  readonly created_at: Created;
};

type SecondFactorTable = {
  readonly user_id: string;
  /** Base32; encrypted (`stored-secrets.ts`). */
  secret: string;
  confirmed_at: MaybeInstant;
  /** The time step of the last accepted code: each code works once. */
  last_step: Generated<number>;
  created_at: Created;
};

type RecoveryCodeTable = {
  readonly user_id: string;
  readonly code_hash: string;
};

/** A credential of WebAuthn. */
export type PasskeyTable = {
  readonly id: string;
  readonly user_id: string;
  /** As the authenticator names it; base64url. */
  readonly credential_id: string;
  /** COSE; base64url. */
  readonly public_key: string;
  /** How often the authenticator says that it has signed; 0 where it does not count. */
  sign_count: number;
  /** How a browser reaches the authenticator, such as `internal` or `usb`. */
  readonly transports: Json<readonly string[]>;
  name: string;
  readonly created_at: Created;
  used_at: MaybeInstant;
};

/** Of launches, of sign-on and of passkeys: what answered to them counts once. The table has the name from when only launches had it. */
type UsedNonceTable = { readonly nonce_hash: string; readonly expires_at: Instant };

export type SignOnTables = {
  providers: ProviderTable;
  identities: IdentityTable;
  second_factors: SecondFactorTable;
  recovery_codes: RecoveryCodeTable;
  passkeys: PasskeyTable;
  lti_nonces: UsedNonceTable;
};

export const SIGN_ON_PRIVACY = {
  providers: { erasure: "school", atRest: "school" },
  identities: { erasure: "erased", atRest: { issuer: "figures", subject: "personal", provider_id: "figures" } },
  second_factors: { erasure: "erased", atRest: "digests" },
  recovery_codes: { erasure: "erased", atRest: "digests" },
  passkeys: { erasure: "erased", atRest: "digests" },
  lti_nonces: { erasure: "school", atRest: "digests" },
} as const satisfies PrivacyOf<SignOnTables>;
