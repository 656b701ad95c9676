/** Defines types of the tables of imports, for Kysely. */
import type { ColumnType, Generated, Selectable } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Text } from "../../../platform/messages/message.ts";
import type { Created, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type ImportTable = {
  readonly id: string;
  readonly school_id: string;
  readonly kind: "people" | "timetable" | "oneroster-users" | "oneroster-classes" | "oneroster-enrollments";
  state: "running" | "done" | "failed";
  rows_total: number;
  rows_done: number;
  errors: Json<readonly ImportError[]>;
  /** Rows that made something new; the others were there already. */
  rows_added: Generated<number>;
  /** The file, encrypted, until the import ends; null also in rows of older versions. */
  source: string | null;
  /** On whose behalf the import runs; null in rows of older versions. */
  readonly requested_by: Json<Actor | null>;
  readonly created_by: string;
  /** How forgiving it is. */
  readonly options: ColumnType<Record<string, unknown>, string | undefined, never>;
  undone_at: MaybeInstant;
  created_at: Created;
  finished_at: MaybeInstant;
};

/** What an import made. */
export type ImportItemTable = {
  readonly import_id: string;
  readonly kind: "user" | "course" | "member" | "lesson";
  readonly item_id: string;
  /** Of a member. */
  readonly course_id: string;
};

/** `message` is English; `text` is missing in rows of older versions. */
export type ImportError = { readonly line: number; readonly column: string; readonly message: string; readonly text?: Text };

export type ImportTables = { imports: ImportTable; import_items: ImportItemTable };
export type Import = Selectable<ImportTable>;

export const IMPORT_PRIVACY = {
  imports: {
    erasure: {
      kind: "acts",
      state: "acts",
      errors: "acts",
      source: "erased",
      requested_by: "erased",
      created_by: "acts",
      options: "acts",
    },
    atRest: {
      kind: "figures",
      state: "figures",
      errors: "personal",
      source: "figures",
      requested_by: "personal",
      created_by: "figures",
      options: "figures",
    },
  },
  import_items: { erasure: "acts", atRest: "figures" },
} as const satisfies PrivacyOf<ImportTables>;
