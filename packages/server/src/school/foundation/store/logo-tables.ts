/** Defines types of the table of the schools' logos, for Kysely. */

type LogoTable = {
  readonly school_id: string;
  /** The media type of the picture. */
  type: string;
  /** In base64. */
  image: string;
};

export type LogoTables = { readonly school_logos: LogoTable };
