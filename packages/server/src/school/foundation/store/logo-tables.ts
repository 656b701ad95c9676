/** Defines types of the table of the schools' logos, for Kysely. */
import type { PrivacyOf } from "./privacy.ts";

type LogoTable = {
  readonly school_id: string;
  /** The media type of the picture. */
  type: string;
  /** In base64. */
  image: string;
};

export type LogoTables = { readonly school_logos: LogoTable };

export const LOGO_PRIVACY = {
  school_logos: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<LogoTables>;
