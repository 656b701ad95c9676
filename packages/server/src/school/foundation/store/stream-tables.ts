/** Defines types of the tables of what nodes do for streams, for Kysely: pulled channels, forwards, and ladders. */
import type { Generated, Selectable } from "kysely";
import type { CustomRung } from "../../../platform/config/schema.ts";
import type { Created, Json } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** When the rungs of a ladder are made: while somebody watches one, or as long as the stream is live. */
export const LADDER_STARTS = ["demand", "publish"] as const;
export type LadderStart = (typeof LADDER_STARTS)[number];

/** Columns of schools, courses and lessons. Null in each: as the next one says (lesson, course, school, installation). */
export type LadderColumns = {
  /** The name of a preset, or the id of a ladder of the school. */
  ladder: Generated<string | null>;
  ladder_start: Generated<LadderStart | null>;
};

/** Rungs that a school has put together. */
export type LadderTable = {
  readonly id: string;
  readonly school_id: string;
  name: string;
  rungs: Json<readonly CustomRung[]>;
  created_at: Created;
  version: Generated<number>;
};

/** A channel that a node pulls from another server or a camera. */
export type SourceTable = {
  readonly id: string;
  /** Null: the operator's. */
  readonly school_id: string | null;
  /** Its stream is that of the lesson; null: it has an own name. */
  readonly lesson_id: string | null;
  title: string;
  /** Null for a lesson's, as the name. */
  readonly app: string | null;
  readonly name: string | null;
  /** A JSON array of addresses, the preferred one first; encrypted as one (`stored-secrets.ts`). */
  secret_addresses: string;
  start: "demand" | "always";
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

/** A service that a lesson's stream is sent on to. */
export type ForwardTable = {
  readonly id: string;
  readonly lesson_id: string;
  title: string;
  /** Its address with the key; encrypted (`stored-secrets.ts`). */
  secret_url: string;
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

export type StreamTables = {
  ladders: LadderTable;
  sources: SourceTable;
  forwards: ForwardTable;
};

export type Ladder = Selectable<LadderTable>;
export type Source = Selectable<SourceTable>;
export type Forward = Selectable<ForwardTable>;

export const STREAM_PRIVACY = {
  ladders: { erasure: "school", atRest: "school" },
  sources: { erasure: "school", atRest: "school" },
  forwards: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<StreamTables>;
