/** Defines types of the school's database tables, for Kysely. `migrations/` creates the tables. Ids are those of `platform/id.ts`. */

import type { ColumnType, Generated, Kysely, Selectable, Transaction } from "kysely";
import type { Role } from "../../../access/actor.ts";
import type { AccountMailTables } from "./account-mail-tables.ts";
import type { AlarmTables } from "./alarm-tables.ts";
import type { AnalyticsTables } from "./analytics-tables.ts";
import type { ApprovalTables, FourEyesColumns } from "./approval-tables.ts";
import type { AuditTable, AuditTables } from "./audit-tables.ts";
import type { CameraTables } from "./camera-tables.ts";
import type { CheckInTables } from "./check-in-tables.ts";
import type { Created, Instant, Json, MaybeInstant, MaybeJson } from "./column-types.ts";
import type { EncryptionTables } from "./encryption-tables.ts";
import type { ExamTables } from "./exam-tables.ts";
import type { GuardianTables } from "./guardian-tables.ts";
import type { ImportTables } from "./import-tables.ts";
import type { LessonMode } from "./lesson-modes.ts";
import type { LessonSeriesTables } from "./lesson-series-tables.ts";
import type { LogoTables } from "./logo-tables.ts";
import type { LtiTables } from "./lti-tables.ts";
import type { MaterialTables } from "./material-tables.ts";
import type { MetricsHistoryTables } from "./metrics-history-tables.ts";
import type { ModerationTables } from "./moderation-tables.ts";
import type { ObserverTables } from "./observer-tables.ts";
import type { PolicyTables } from "./policy-tables.ts";
import type { PresenceTables } from "./presence-tables.ts";
import type { ProbeTables } from "./probe-tables.ts";
import type { ProtectionTables } from "./protection-tables.ts";
import type { QualityTables } from "./quality-tables.ts";
import type { QuizTables } from "./quiz-tables.ts";
import type { RecordingParts } from "./recording-part.ts";
import type { RoomTables } from "./room-tables.ts";
import type { ScreenTables } from "./screen-tables.ts";
import type { PasskeyTable, ProviderTable, SignOnTables } from "./sign-on-tables.ts";
import type { LadderColumns, StreamTables } from "./stream-tables.ts";
import type { ViewDetails, ViewTables } from "./view-tables.ts";
import type { VoteTables } from "./vote-tables.ts";
import type { DeliveryTable, WebhookTable, WebhookTables } from "./webhook-tables.ts";
import type { WrongAnswerTables } from "./wrong-answer-tables.ts";

export const LESSON_STATES = ["scheduled", "live", "ended"] as const;
export type LessonState = (typeof LESSON_STATES)[number];
/** What started or ended a lesson: its publisher, or a person by hand. */
export type LessonTrigger = "publisher" | "hand";

export type SchoolTable = LadderColumns &
  FourEyesColumns & {
    readonly id: string;
    slug: string;
    name: string;
    /** IANA name. */
    time_zone: string;
    /** Default of new lessons: whether they admit people without an account. */
    guests: boolean;
    /** Networks that administrators may sign in from; empty: all. */
    admin_networks: Json<readonly string[]>;
    /** Recordings move to the bin after this many days; 0: as configured for the server. */
    keep_days: Generated<number>;
    /** The oldest recordings are deleted permanently when all take more than this; 0: never. */
    keep_bytes: Generated<number>;
    /** Recording stops when all recordings take this much; 0: no limit. */
    quota_bytes: Generated<number>;
    /** Sessions end after so many minutes without use; 0: as configured for the server. */
    idle_minutes: Generated<number>;
    /** False: people of the school sign in with a provider only. */
    password_sign_in: Generated<boolean>;
    /** Whether staff need a second factor where they sign in with a password. */
    second_factor: Generated<boolean>;
    /** What guests agree to before they join; empty: nothing. */
    guest_consent: Generated<string>;
    /** Audit entries are deleted after this many days; 0: never. */
    keep_audit_days: Generated<number>;
    /** The names of participants are erased this many days after they were last in the lesson; 0: never. */
    keep_names_days: Generated<number>;
    view_details: Generated<ViewDetails>;
    /** A lesson that its publisher began ends when nobody has published for so many minutes. */
    end_after_minutes: Generated<number>;
    /** Whether the school's directory (SCIM) may make and change administrators. */
    scim_administrators: Generated<boolean>;
    /** Whether staff see a ranking of the students of a lesson. */
    lesson_ranking: Generated<boolean>;
    /** `#rrggbb`; null: that of the pages. */
    accent: Generated<string | null>;
    /** Names the picture in `school_logos`, and changes with it; null: there is none. */
    logo: Generated<string | null>;
    /** The school and everything of it is being deleted. */
    deleting_since: MaybeInstant;
    archived_at: MaybeInstant;
    /** The school is of a load test, which ends by then; null: of people. */
    load_test_until: MaybeInstant;
    created_at: Created;
    version: Generated<number>;
  };

export type UserTable = {
  readonly id: string;
  /** Null for operators of the platform. */
  readonly school_id: string | null;
  /** Lower case; unique in the school, or among operators. */
  login: string;
  name: string;
  email: string | null;
  role: Role;
  password_hash: string | null;
  /** The secret in the URL of the person's calendar. */
  calendar_secret: string | null;
  disabled_at: MaybeInstant;
  erased_at: MaybeInstant;
  /** When the school's directory (SCIM) deleted the person, whom it no longer sees while the account is disabled; null: it has not. */
  deprovisioned_at: MaybeInstant;
  /** The first time; null: the person has not come yet. */
  signed_in_at: MaybeInstant;
  /** When the last invitation was mailed or printed. */
  invited_at: MaybeInstant;
  /** Of an operator for an emergency: when the account ends. */
  readonly break_glass_until: MaybeInstant;
  /** The id in the school's own system; unique among the school's. */
  external_id: string | null;
  /** A provider alone has said login, name and mail address, or the external id; nothing of the school has confirmed them. */
  login_asserted: Generated<boolean>;
  external_id_asserted: Generated<boolean>;
  /** Noted by a trigger of the database. */
  readonly updated_at: Generated<Date>;
  created_at: Created;
  version: Generated<number>;
};

export type SessionTable = {
  /** SHA-256 of the token, hex: a reader of the database cannot sign in with it. */
  readonly token_hash: string;
  /** By which people see and end it. */
  readonly id: Generated<string>;
  readonly user_id: string;
  readonly ip: string;
  readonly agent: string;
  /** The provider that signed the person in; null: a password or a passkey did. */
  readonly provider_id: string | null;
  /** The passkey that signed the person in, alone or after the password. */
  readonly passkey_id: ColumnType<string | null, string | null | undefined, never>;
  /** When the person last proved who they are; null in rows of older nodes: at the sign-in. */
  proven_at: ColumnType<Date | null, Date | undefined, Date>;
  readonly created_at: Created;
  seen_at: Instant;
  expires_at: Instant;
};

export type ApiKeyTable = {
  readonly id: string;
  /** Null for keys of the platform. */
  readonly school_id: string | null;
  name: string;
  secret_hash: string;
  readonly scopes: Json<readonly string[]>;
  readonly created_by: string;
  expires_at: MaybeInstant;
  used_at: MaybeInstant;
  /** The secret before the last rotation, valid until previous_until. */
  previous_hash: string | null;
  previous_until: MaybeInstant;
  /** Null: the server's default. */
  requests_per_minute: number | null;
  created_at: Created;
};

export type PasswordResetTable = {
  readonly token_hash: string;
  readonly user_id: string;
  readonly expires_at: Instant;
  used_at: MaybeInstant;
};

export type CourseTable = LadderColumns & {
  readonly id: string;
  readonly school_id: string;
  name: string;
  description: string;
  /** The id in the school's own system; unique among the school's. */
  external_id: string | null;
  /** When the school's directory (SCIM) deleted the course, which stays for its lessons; null: it has not. */
  deprovisioned_at: MaybeInstant;
  /** Noted by a trigger of the database. */
  readonly updated_at: Generated<Date>;
  created_at: Created;
  version: Generated<number>;
};

export type CourseMemberTable = {
  readonly course_id: string;
  readonly user_id: string;
  role: "teacher" | "assistant" | "student" | "supervisor";
  /** The provider whose claims made the membership; null: it was made by hand. */
  provider_id: ColumnType<string | null, string | null | undefined, string | null>;
};

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

/** Answers to requests with an Idempotency-Key. */
export type IdempotencyTable = {
  readonly actor: string;
  readonly key: string;
  /** The content of the request; a repeated key must come with the same one. */
  readonly fingerprint: string;
  status: number | null;
  body: Json<unknown>;
  readonly created_at: Created;
};

export type Tables = LtiTables &
  AccountMailTables &
  AlarmTables &
  AnalyticsTables &
  AuditTables &
  ScreenTables &
  ObserverTables &
  WebhookTables &
  EncryptionTables &
  ExamTables &
  WrongAnswerTables &
  GuardianTables &
  LessonSeriesTables &
  ImportTables &
  CheckInTables &
  MaterialTables &
  CameraTables &
  RoomTables &
  ModerationTables &
  QuizTables &
  LogoTables &
  PresenceTables &
  ProbeTables &
  QualityTables &
  ViewTables &
  MetricsHistoryTables &
  VoteTables &
  ApprovalTables &
  ProtectionTables &
  StreamTables &
  SignOnTables &
  PolicyTables & {
    schools: SchoolTable;
    users: UserTable;
    sessions: SessionTable;
    api_keys: ApiKeyTable;
    password_resets: PasswordResetTable;
    courses: CourseTable;
    course_members: CourseMemberTable;
    lessons: LessonTable;
    participants: ParticipantTable;
    lesson_invitations: LessonInvitationTable;
    recording_viewers: RecordingViewerTable;
    recordings: RecordingTable;
    places: ResumePositionTable;
    idempotency: IdempotencyTable;
  };

export type Database = Kysely<Tables>;
/** The database, or a transaction. */
export type Db = Kysely<Tables> | Transaction<Tables>;
export type School = Selectable<SchoolTable>;
export type User = Selectable<UserTable>;
export type Provider = Selectable<ProviderTable>;
export type Session = Selectable<SessionTable>;
export type Passkey = Selectable<PasskeyTable>;
export type Course = Selectable<CourseTable>;
export type Lesson = Selectable<LessonTable>;
export type Participant = Selectable<ParticipantTable>;
export type Recording = Selectable<RecordingTable>;
export type Webhook = Selectable<WebhookTable>;
export type AuditRow = Selectable<AuditTable>;
export type Delivery = Selectable<DeliveryTable>;
