/** Defines types of the table of what was measured over time, for Kysely: one row for each thing that is measured, hour of minutes and day of hours. */
import type { Selectable } from "kysely";
import type { MeasuredKind } from "./alarm-tables.ts";
import type { Instant, Json } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** Values of a block by metric, in their order; null: nothing was measured. Those at the end are left out. */
export type BlockFigures = { readonly [metric: string]: readonly (number | null)[] };

type SeriesBlockTable = {
  readonly kind: MeasuredKind;
  readonly subject: string;
  /** Seconds between two values: 60 or 3600. */
  readonly step: number;
  /** Where the block begins. */
  readonly block: Instant;
  /** The lesson that it is about; null: none. */
  readonly lesson_id: string | null;
  figures: Json<BlockFigures>;
};

export type MetricsHistoryTables = { series_blocks: SeriesBlockTable };
export type SeriesBlockRow = Selectable<SeriesBlockTable>;

export const METRICS_HISTORY_PRIVACY = {
  series_blocks: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<MetricsHistoryTables>;
