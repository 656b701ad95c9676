/** Defines the type of the table of watchers, for Kysely. */
import type { ColumnType, Selectable } from "kysely";
import type { Created, Instant, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type ObserverTable = {
  readonly id: string;
  readonly lesson_id: string;
  /** The student whom the watcher belongs to; null: an inspector or a guest. */
  readonly child_id: string | null;
  name: string;
  /** SHA-256 of the secret in the link. */
  readonly secret_hash: string;
  readonly from_at: Instant;
  readonly to_at: Instant;
  /** Whether the watcher may write in the room. */
  readonly chat: boolean;
  readonly created_at: Created;
  revoked_at: MaybeInstant;
  /** When the link was first used. */
  opened_at: MaybeInstant;
  participant_id: string | null;
  /** Of a television: the participant whose phone let it in. */
  readonly screen_of: ColumnType<string | null, string | null | undefined, never>;
};
export type ObserverTables = { readonly watchers: ObserverTable };
export type Watcher = Selectable<ObserverTable>;

export const OBSERVER_PRIVACY = {
  watchers: { erasure: "school", atRest: { name: "personal", secret_hash: "digests", screen_of: "figures" } },
} as const satisfies PrivacyOf<ObserverTables>;
