/** Defines types of the table of answers to repeated requests, for Kysely. */
import type { Created, Json } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** Answers to requests with an Idempotency-Key. */
type IdempotencyTable = {
  readonly actor: string;
  readonly key: string;
  /** The content of the request; a repeated key must come with the same one. */
  readonly fingerprint: string;
  status: number | null;
  body: Json<unknown>;
  readonly created_at: Created;
};

export type IdempotencyTables = { idempotency: IdempotencyTable };

export const IDEMPOTENCY_PRIVACY = {
  idempotency: { erasure: "erased", atRest: "digests" },
} as const satisfies PrivacyOf<IdempotencyTables>;
