/** Defines types of the tables of schools, people, their sessions and keys, and courses, for Kysely. */
import type { ColumnType, Generated } from "kysely";
import type { Role } from "../../../access/actor.ts";
import type { FourEyesColumns } from "./approval-tables.ts";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";
import type { LadderColumns } from "./stream-tables.ts";
import type { ViewDetails } from "./view-tables.ts";

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

export type PeopleTables = {
  schools: SchoolTable;
  users: UserTable;
  sessions: SessionTable;
  api_keys: ApiKeyTable;
  password_resets: PasswordResetTable;
  courses: CourseTable;
  course_members: CourseMemberTable;
};

export const PEOPLE_PRIVACY = {
  schools: { erasure: "school", atRest: "school" },
  users: {
    erasure: "erased",
    atRest: {
      login: "personal",
      name: "personal",
      email: "encrypted",
      password_hash: "digests",
      calendar_secret: "digests",
      external_id: "personal",
    },
  },
  sessions: {
    erasure: "erased",
    atRest: { token_hash: "digests", ip: "personal", agent: "personal", provider_id: "digests", passkey_id: "digests" },
  },
  api_keys: { erasure: "school", atRest: "school" },
  password_resets: { erasure: "erased", atRest: "digests" },
  courses: { erasure: "school", atRest: "school" },
  course_members: { erasure: "erased", atRest: "school" },
} as const satisfies PrivacyOf<PeopleTables>;
