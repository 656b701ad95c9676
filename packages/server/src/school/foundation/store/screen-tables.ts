/** Defines the type of the table of televisions that wait for a phone, for Kysely. */
import type { Created, Instant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type ScreenTable = {
  readonly id: string;
  /** What the television shows. */
  readonly code: string;
  /** SHA-256 of the secret that only the television has. */
  readonly secret_hash: string;
  /** Null until a phone has let the television in. */
  lesson_id: string | null;
  readonly created_at: Created;
  readonly expires_at: Instant;
};
export type ScreenTables = { readonly screens: ScreenTable };

export const SCREEN_PRIVACY = {
  screens: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<ScreenTables>;
