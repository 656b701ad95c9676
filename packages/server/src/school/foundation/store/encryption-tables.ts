/** Defines the type of the table of data keys, for Kysely. */
import type { Created, Instant, MaybeInstant, MaybeJson } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** How far the values of protected columns are encrypted. */
export type Progress = {
  /** The key that they are to be encrypted by; null: they are to be readable. */
  readonly wanted: string | null;
  /** The next column: its place in the list of protected columns, and the row after which it goes on. */
  readonly column: number;
  readonly after: readonly string[];
  /** Values that this pass, and all passes, have changed. A pass that changes none is the last. */
  readonly changed: number;
  readonly total: number;
  /** When this pass began, milliseconds since 1970. */
  readonly since: number;
};

export type DataKeyTable = {
  /** As encrypted values name it. */
  readonly id: string;
  /** Encrypted (`stored-secrets.ts`). */
  wrapped: string;
  readonly created_at: Created;
  /** From when on it encrypts. */
  readonly active_at: Instant;
  finished_at: MaybeInstant;
  /** Of the newest key. */
  progress: MaybeJson<Progress>;
};

export type EncryptionTables = { readonly data_keys: DataKeyTable };

export const ENCRYPTION_PRIVACY = {
  data_keys: { erasure: "figures", atRest: "digests" },
} as const satisfies PrivacyOf<EncryptionTables>;
