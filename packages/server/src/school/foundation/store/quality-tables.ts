/** Defines types of the tables of lesson quality, for Kysely: roll-ups of viewers' sessions, and what a school does about bad lessons. */
import type { Generated, Selectable } from "kysely";
import type { Instant, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

type QualityRuleTable = {
  readonly school_id: string;
  enabled: boolean;
  /** A viewer whose picture stood still for longer, in all, is affected. */
  stall_seconds: number;
  /** A make-up lesson is proposed when so large a share of viewers is affected, 0 to 1. */
  viewer_share: number;
};

/** Which lessons have been rolled up; those that nobody watched have no other row. */
type LessonRollupTable = { readonly lesson_id: string; computed_at: Instant };

/** Of students and guests. Each viewer counts with the carrier that they watched by the longest, so rows of a lesson add up. */
type LessonQualityTable = {
  readonly lesson_id: string;
  readonly carrier: string;
  viewers: number;
  /** Viewers whose last session did not end by a failure. */
  completed: number;
  /** Viewers whose picture stood still for longer than the school's rule says. */
  affected: number;
  /** Viewers who have said that something is wrong. */
  complained: number;
  /** Reports of viewers whose player told nothing: they are not among the viewers. Their carrier is not known. */
  complained_without_view: Generated<number>;
  watched_ms: number;
  stalls: number;
  stall_ms: number;
  reconnects: number;
  frames: number;
  dropped_frames: number;
};

export const MAKE_UP_STATES = ["proposed", "approved", "declined"] as const;

type MakeUpTable = {
  readonly lesson_id: string;
  readonly school_id: string;
  viewers: number;
  affected: number;
  stall_ms: number;
  state: (typeof MAKE_UP_STATES)[number];
  readonly proposed_at: Instant;
  decided_at: MaybeInstant;
  decided_by: string | null;
};

export type QualityTables = {
  quality_rules: QualityRuleTable;
  lesson_rollups: LessonRollupTable;
  lesson_quality: LessonQualityTable;
  make_ups: MakeUpTable;
};
export type QualityRule = Selectable<QualityRuleTable>;

export const QUALITY_PRIVACY = {
  quality_rules: { erasure: "school", atRest: "figures" },
  lesson_rollups: { erasure: "figures", atRest: "figures" },
  lesson_quality: { erasure: "figures", atRest: "figures" },
  make_ups: { erasure: "school", atRest: "figures" },
} as const satisfies PrivacyOf<QualityTables>;
