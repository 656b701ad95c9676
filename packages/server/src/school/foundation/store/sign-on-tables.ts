/** Defines types of the tables of single sign-on, second factors and passkeys, for Kysely. */
import type { ColumnType, Generated } from "kysely";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";

/** A provider of single sign-on: OpenID Connect. */
export type ProviderTable = {
  readonly id: string;
  readonly school_id: string;
  name: string;
  issuer: string;
  client_id: string;
  /** Encrypted (`stored-secrets.ts`); empty: a public client. */
  client_secret: string;
  /** Separated by spaces. */
  scopes: string;
  /** Empty: every new person gets the default role. */
  role_claim: string;
  /** The role for each value of the claim. */
  role_map: Json<Readonly<Record<string, string>>>;
  /** Of people whose claims name no role; null: they are refused. */
  default_role: "teacher" | "assistant" | "student" | "supervisor" | null;
  /** Empty: claims change no memberships. */
  course_claim: string;
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

/** A person as a provider knows them. */
export type IdentityTable = {
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

export type SecondFactorTable = {
  readonly user_id: string;
  /** Base32; encrypted (`stored-secrets.ts`). */
  secret: string;
  confirmed_at: MaybeInstant;
  /** The time step of the last accepted code: each code works once. */
  last_step: Generated<number>;
  created_at: Created;
};

export type RecoveryCodeTable = {
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
export type UsedNonceTable = { readonly nonce_hash: string; readonly expires_at: Instant };
