/** Composes the types of the school's tables, for Kysely. `migrations/` creates the tables. Ids are those of `platform/id.ts`. */

import type { Kysely, Selectable, Transaction } from "kysely";
import { ACCOUNT_MAIL_PRIVACY, type AccountMailTables } from "./account-mail-tables.ts";
import { ALARM_PRIVACY, type AlarmTables } from "./alarm-tables.ts";
import { ANALYTICS_PRIVACY, type AnalyticsTables } from "./analytics-tables.ts";
import { APPROVAL_PRIVACY, type ApprovalTables } from "./approval-tables.ts";
import { AUDIT_PRIVACY, type AuditTable, type AuditTables } from "./audit-tables.ts";
import { CHECK_IN_PRIVACY, type CheckInTables } from "./check-in-tables.ts";
import { ENCRYPTION_PRIVACY, type EncryptionTables } from "./encryption-tables.ts";
import { EXAM_PRIVACY, type ExamTables } from "./exam-tables.ts";
import { GUARDIAN_PRIVACY, type GuardianTables } from "./guardian-tables.ts";
import { IDEMPOTENCY_PRIVACY, type IdempotencyTables } from "./idempotency-tables.ts";
import { IMPORT_PRIVACY, type ImportTables } from "./import-tables.ts";
import { LESSON_SERIES_PRIVACY, type LessonSeriesTables } from "./lesson-series-tables.ts";
import {
  LESSON_PRIVACY,
  type LessonTable,
  type LessonTables,
  type ParticipantTable,
  type RecordingTable,
} from "./lesson-tables.ts";
import { LOGO_PRIVACY, type LogoTables } from "./logo-tables.ts";
import { LTI_PRIVACY, type LtiTables } from "./lti-tables.ts";
import { MATERIAL_PRIVACY, type MaterialTables } from "./material-tables.ts";
import { METRICS_HISTORY_PRIVACY, type MetricsHistoryTables } from "./metrics-history-tables.ts";
import { MODERATION_PRIVACY, type ModerationTables } from "./moderation-tables.ts";
import { OBSERVER_PRIVACY, type ObserverTables } from "./observer-tables.ts";
import {
  type CourseTable,
  PEOPLE_PRIVACY,
  type PeopleTables,
  type SchoolTable,
  type SessionTable,
  type UserTable,
} from "./people-tables.ts";
import { POLICY_PRIVACY, type PolicyTables } from "./policy-tables.ts";
import { PRESENCE_PRIVACY, type PresenceTables } from "./presence-tables.ts";
import type { PrivacyOf } from "./privacy.ts";
import { PROBE_PRIVACY, type ProbeTables } from "./probe-tables.ts";
import { PROTECTION_PRIVACY, type ProtectionTables } from "./protection-tables.ts";
import { QUALITY_PRIVACY, type QualityTables } from "./quality-tables.ts";
import { QUIZ_PRIVACY, type QuizTables } from "./quiz-tables.ts";
import { ROOM_PRIVACY, type RoomTables } from "./room-tables.ts";
import { SCREEN_PRIVACY, type ScreenTables } from "./screen-tables.ts";
import { type PasskeyTable, type ProviderTable, SIGN_ON_PRIVACY, type SignOnTables } from "./sign-on-tables.ts";
import { STREAM_PRIVACY, type StreamTables } from "./stream-tables.ts";
import { VIEW_PRIVACY, type ViewTables } from "./view-tables.ts";
import { VOTE_PRIVACY, type VoteTables } from "./vote-tables.ts";
import { type DeliveryTable, WEBHOOK_PRIVACY, type WebhookTable, type WebhookTables } from "./webhook-tables.ts";
import { WRONG_ANSWER_PRIVACY, type WrongAnswerTables } from "./wrong-answer-tables.ts";

/** Those that several folders name. */
export type SharedTables = AccountMailTables &
  AlarmTables &
  AnalyticsTables &
  ApprovalTables &
  AuditTables &
  CheckInTables &
  EncryptionTables &
  ExamTables &
  GuardianTables &
  IdempotencyTables &
  ImportTables &
  LessonSeriesTables &
  LessonTables &
  LogoTables &
  LtiTables &
  MaterialTables &
  MetricsHistoryTables &
  ModerationTables &
  ObserverTables &
  PeopleTables &
  PolicyTables &
  PresenceTables &
  ProbeTables &
  ProtectionTables &
  QualityTables &
  QuizTables &
  RoomTables &
  ScreenTables &
  SignOnTables &
  StreamTables &
  ViewTables &
  VoteTables &
  WebhookTables &
  WrongAnswerTables;

/** A resource adds the table that it alone has, in its own file (`foundation/README.md`). */
export interface Tables extends SharedTables {}

/** A table that is not in it does not compile. */
export const TABLE_PRIVACY: PrivacyOf<SharedTables> = {
  ...ACCOUNT_MAIL_PRIVACY,
  ...ALARM_PRIVACY,
  ...ANALYTICS_PRIVACY,
  ...APPROVAL_PRIVACY,
  ...AUDIT_PRIVACY,
  ...CHECK_IN_PRIVACY,
  ...ENCRYPTION_PRIVACY,
  ...EXAM_PRIVACY,
  ...GUARDIAN_PRIVACY,
  ...IDEMPOTENCY_PRIVACY,
  ...IMPORT_PRIVACY,
  ...LESSON_SERIES_PRIVACY,
  ...LESSON_PRIVACY,
  ...LOGO_PRIVACY,
  ...LTI_PRIVACY,
  ...MATERIAL_PRIVACY,
  ...METRICS_HISTORY_PRIVACY,
  ...MODERATION_PRIVACY,
  ...OBSERVER_PRIVACY,
  ...PEOPLE_PRIVACY,
  ...POLICY_PRIVACY,
  ...PRESENCE_PRIVACY,
  ...PROBE_PRIVACY,
  ...PROTECTION_PRIVACY,
  ...QUALITY_PRIVACY,
  ...QUIZ_PRIVACY,
  ...ROOM_PRIVACY,
  ...SCREEN_PRIVACY,
  ...SIGN_ON_PRIVACY,
  ...STREAM_PRIVACY,
  ...VIEW_PRIVACY,
  ...VOTE_PRIVACY,
  ...WEBHOOK_PRIVACY,
  ...WRONG_ANSWER_PRIVACY,
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
