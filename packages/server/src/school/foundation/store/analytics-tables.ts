/** Defines types of the tables of analytics, for Kysely: what of recordings was played, and roll-ups of lessons and of days. */
import type { Buckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { Instant, Json } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** Of all viewers together. */
type RecordingMinuteTable = { readonly recording_id: string; readonly minute: number; played_ms: number };

/** What a person with an account has played of a recording; only where the school keeps names with views. */
type ReplayViewTable = {
  readonly user_id: string;
  readonly recording_id: string;
  /** Milliseconds, by minute of the recording. */
  minutes: Json<Buckets>;
  played_at: Instant;
};

/** A lesson that has ended. Of students and guests, but `watching`, which counts players. */
type LessonActivityTable = {
  readonly lesson_id: string;
  /** Who were in the room while the lesson went on. */
  people: number;
  present_ms: number;
  /** The most players at a time, mean of a minute. */
  peak: number;
  /** Players in each minute, from that in which the lesson began. */
  watching: Json<readonly number[]>;
  /** Lines of chat and bullet comments. */
  lines: number;
  questions: number;
  hands: number;
  answers: number;
};

/** A day of a school, by teacher and course; rows add up, but `peak`. */
type SchoolDayTable = {
  readonly school_id: string;
  /** YYYY-MM-DD, in the school's time zone. */
  readonly day: string;
  /** Empty: none. */
  readonly teacher_id: string;
  readonly course_id: string;
  lessons: number;
  viewers: number;
  completed: number;
  watched_ms: number;
  stall_ms: number;
  people: number;
  present_ms: number;
  /** Of one lesson. */
  peak: number;
  interactions: number;
};

/** The most players of all lessons together. */
type SchoolPeakTable = { readonly school_id: string; readonly day: string; peak: number };

export type AnalyticsTables = {
  recording_minutes: RecordingMinuteTable;
  replay_views: ReplayViewTable;
  lesson_activity: LessonActivityTable;
  school_days: SchoolDayTable;
  school_peaks: SchoolPeakTable;
};

export const ANALYTICS_PRIVACY = {
  recording_minutes: { erasure: "figures", atRest: "figures" },
  replay_views: { erasure: "erased", atRest: "figures" },
  lesson_activity: { erasure: "figures", atRest: "figures" },
  school_days: { erasure: "school", atRest: "figures" },
  school_peaks: { erasure: "figures", atRest: "figures" },
} as const satisfies PrivacyOf<AnalyticsTables>;
