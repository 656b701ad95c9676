/** Defines types of the tables of lessons, their participants and recordings, for Kysely. */
import type { ColumnType, Generated } from "kysely";
import type { Role } from "../../../access/actor.ts";
import type { Created, Instant, Json, MaybeInstant, MaybeJson } from "./column-types.ts";
import type { LessonMode } from "./lesson-modes.ts";
import type { PrivacyOf } from "./privacy.ts";
import type { RecordingParts } from "./recording-part.ts";
import type { LadderColumns } from "./stream-tables.ts";

export const LESSON_STATES = ["scheduled", "live", "ended"] as const;
export type LessonState = (typeof LESSON_STATES)[number];
/** What started or ended a lesson: its publisher, or a person by hand. */
export type LessonTrigger = "publisher" | "hand";

export type LessonTable = LadderColumns & {
  readonly id: string;
  readonly school_id: string;
  course_id: string | null;
  teacher_id: string | null;
  title: string;
  mode: LessonMode;
  state: LessonState;
  starts_at: MaybeInstant;
  ends_at: MaybeInstant;
  started_at: MaybeInstant;
  started_by: LessonTrigger | null;
  ended_at: MaybeInstant;
  ended_by: LessonTrigger | null;
  /** Since when nobody publishes to a live lesson; null: somebody does, or nobody has yet. */
  publisher_left_at: ColumnType<Date | null, never, Date | null>;
  record: boolean;
  /** What a person decided about the recording by hand; null: nothing. */
  record_choice: "start" | "stop" | null;
  guests: boolean;
  /** Maximum number of people at the same time; null: no limit. */
  capacity: number | null;
  code: string;
  readonly stream_app: string;
  readonly stream_name: string;
  /** Plain text, because teachers see it repeatedly. After a leak of the database all keys must be replaced. */
  publish_key: string;
  /** Hash of the publish key before it, where its publisher may stay connected. */
  former_key_hash: ColumnType<string | null, never, string | null>;
  /** The recording that the picture of a small lesson is, or becomes; null: it was not ordered. */
  picture_id: ColumnType<string | null, never, string>;
  /** Whether that recording was made, cancelled, or cannot be made: it is not ordered again by itself. */
  picture_settled: Generated<boolean>;
  /** Whether new guests are refused. */
  locked: Generated<boolean>;
  /** Whether guests wait until they are let in. */
  waiting_room: Generated<boolean>;
  /** Whether all students of the school may see the lesson. Counts for lessons without a course. */
  open_to_school: Generated<boolean>;
  captions: Generated<boolean>;
  /** When the lesson was moved to the bin, where nobody can watch or publish it. */
  deleted_at: MaybeInstant;
  /** The id in the school's own system; unique among the school's. */
  external_id: string | null;
  /** Noted by a trigger of the database. */
  readonly updated_at: Generated<Date>;
  created_at: Created;
  /** The series that the lesson belongs to; null: none. */
  series_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** Which lesson of the series it is: its day (`school/lessons/weekly/occurrences.ts`); null: of no series. */
  occurrence: ColumnType<string | null, string | null | undefined, string | null>;
  /** Whether a person made it differ from the series, whose changes leave it alone. */
  series_edited: Generated<boolean>;
  version: Generated<number>;
};

export type ParticipantTable = {
  /** Also the viewer id of the person's links. */
  readonly id: string;
  readonly lesson_id: string;
  user_id: string | null;
  name: string;
  role: Role | "guest";
  /** SHA-256 of a guest's token. */
  token_hash: string | null;
  readonly joined_at: Instant;
  seen_at: Instant;
  removed_at: MaybeInstant;
  /** Whether only the lesson's code let this person in. */
  by_code: Generated<boolean>;
  /** Since when a guest waits to be let in; null: not waiting. */
  waiting_since: MaybeInstant;
  /** Hash of the mark that the page keeps on a guest's device. */
  device_hash: ColumnType<string | null, string | null | undefined, string | null>;
  /** Hash of the address and the browser of the last join. */
  browser_hash: ColumnType<string | null, string | null | undefined, string | null>;
  /** Whether the removal holds for guests from the same device too. */
  device_removed: Generated<boolean>;
  /** When a guest agreed to the school's terms. */
  consented_at: MaybeInstant;
  /** When the name was erased. */
  erased_at: MaybeInstant;
};

/** People who may see a lesson without being in its course. */
export type LessonInvitationTable = { readonly lesson_id: string; readonly user_id: string };

/** Who opened a recording, and when last. */
export type RecordingViewerTable = { readonly recording_id: string; readonly user_id: string; opened_at: Instant };

export type RecordingTable = {
  readonly id: string;
  /** Null for streams that belong to no lesson. */
  readonly school_id: string | null;
  readonly lesson_id: string | null;
  /** What a candidate of an examination published: `attempt_id` is null once the attempt was deleted, and the recording is to follow. */
  readonly exam_id: ColumnType<string | null, string | null | undefined, never>;
  readonly attempt_id: ColumnType<string | null, string | null | undefined, never>;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  title: string;
  readonly started_at: Instant;
  seconds: number;
  bytes: number;
  whole: boolean;
  /** Relative to the recordings' directory, in order. */
  files: Json<readonly string[]>;
  /** What each node has of it, in rows since 2026-11; the columns above are of all parts together. */
  parts: MaybeJson<RecordingParts>;
  published: boolean;
  /** For guests, where that needs approval. */
  outside_approved: Generated<boolean>;
  chapters: Json<readonly Chapter[]>;
  deleted_at: MaybeInstant;
  /** Noted by a trigger of the database. */
  readonly updated_at: Generated<Date>;
  created_at: Created;
  version: Generated<number>;
};

export type Chapter = { readonly seconds: number; readonly title: string };

/** A user's playback position in a recording. */
export type ResumePositionTable = {
  readonly user_id: string;
  readonly recording_id: string;
  seconds: number;
  updated_at: Instant;
};

export type LessonTables = {
  lessons: LessonTable;
  participants: ParticipantTable;
  lesson_invitations: LessonInvitationTable;
  recording_viewers: RecordingViewerTable;
  recordings: RecordingTable;
  places: ResumePositionTable;
};

export const LESSON_PRIVACY = {
  lessons: { erasure: "school", atRest: "school" },
  participants: {
    erasure: { name: "erased", role: "acts", token_hash: "erased", device_hash: "erased", browser_hash: "erased" },
    atRest: { name: "personal", role: "figures", token_hash: "digests", device_hash: "digests", browser_hash: "digests" },
  },
  lesson_invitations: { erasure: "erased", atRest: "figures" },
  recording_viewers: { erasure: "erased", atRest: "figures" },
  recordings: {
    erasure: { app: "acts", name: "acts", epoch: "acts", title: "erased", files: "acts", parts: "acts", chapters: "acts" },
    atRest: {
      app: "school",
      name: "school",
      epoch: "school",
      title: "personal",
      files: "school",
      parts: "school",
      chapters: "school",
    },
  },
  places: { erasure: "erased", atRest: "figures" },
} as const satisfies PrivacyOf<LessonTables>;
