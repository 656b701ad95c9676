/** Defines types of the tables of the audit log and of its checkpoints, for Kysely. */
import type { Selectable } from "kysely";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type AuditTable = {
  readonly id: string;
  readonly school_id: string | null;
  readonly at: Created;
  /** user, key, guest or system, and which. */
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly ip: string;
  readonly action: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly before: Json<Readonly<Record<string, unknown>> | null>;
  readonly after: Json<Readonly<Record<string, unknown>> | null>;
  /** The checkpoint that it is under; null: not yet. */
  readonly checkpoint?: number | null;
  /** As `contentDigest` has them; null: under no checkpoint yet. The salt goes when the person is erased. */
  readonly salt?: string | null;
  readonly digest?: string | null;
  /** When the names in it were removed. */
  readonly redacted_at?: MaybeInstant;
};

/** A signed head of a chain of digests. */
export type AuditCheckpointTable = {
  /** Empty: the platform's chain. */
  readonly school_id: string;
  /** From 1 on, without a gap. */
  readonly number: number;
  readonly entries: number;
  /** When the newest of its entries was written. */
  readonly newest_at: Instant;
  /** The digest of the checkpoint before. */
  readonly previous: string;
  readonly digest: string;
  /** Of both, base64; empty: the server had no secret. */
  readonly signature: string;
  readonly public_key: string;
  readonly created_at: Created;
  /** When its entries were deleted, because the school keeps them no longer. */
  readonly expired_at: MaybeInstant;
  /** By which key of the server they were, as `expiryText` has it; null: they are there, or the server had no secret. */
  readonly expiry_signature?: string | null;
  readonly expiry_key?: string | null;
  /** When its entries were sent to the receiver of the audit log. */
  readonly exported_at?: MaybeInstant;
};

export type AuditTables = { readonly audit: AuditTable; readonly audit_checkpoints: AuditCheckpointTable };
export type AuditCheckpoint = Selectable<AuditCheckpointTable>;

export const AUDIT_PRIVACY = {
  audit: {
    erasure: {
      id: "acts",
      school_id: "acts",
      actor_kind: "acts",
      actor_name: "erased",
      ip: "erased",
      action: "acts",
      target_kind: "acts",
      before: "erased",
      after: "erased",
      salt: "erased",
      digest: "digests",
    },
    atRest: {
      school_id: "figures",
      actor_kind: "figures",
      actor_id: "figures",
      actor_name: "encrypted",
      ip: "personal",
      action: "figures",
      target_kind: "figures",
      target_id: "figures",
      before: "encrypted",
      after: "encrypted",
      salt: "digests",
      digest: "digests",
    },
  },
  audit_checkpoints: { erasure: "digests", atRest: "digests" },
} as const satisfies PrivacyOf<AuditTables>;
