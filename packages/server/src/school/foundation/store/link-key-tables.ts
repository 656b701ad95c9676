/** Defines types of the table of keys of links that other systems sign, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { LinkScheme } from "../../../access/links/link-scheme.ts";
import type { Created } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type LinkKeyTable = {
  readonly id: string;
  /** Null: the installation's. */
  readonly school_id: string | null;
  name: string;
  readonly scheme: LinkScheme;
  /** Encrypted (`stored-secrets.ts`). */
  secret: string;
  valid_seconds: number;
  created_at: Created;
  version: Generated<number>;
};

export type LinkKeyTables = { link_keys: LinkKeyTable };

export type LinkKeyRow = Selectable<LinkKeyTable>;

export const LINK_KEY_PRIVACY = {
  link_keys: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<LinkKeyTables>;
