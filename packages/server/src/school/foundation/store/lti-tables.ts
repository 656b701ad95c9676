/** Defines types of the tables of LTI 1.3, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** A learning platform whose courses open lessons here, such as Moodle or Canvas. */
export type LtiPlatformTable = {
  readonly id: string;
  readonly school_id: string;
  name: string;
  issuer: string;
  client_id: string;
  deployment_ids: Json<readonly string[]>;
  /** Where people prove who they are: the platform's OpenID Connect authorization endpoint. */
  login_url: string;
  /** Where the tool gets access tokens. Not named after them: the audit log hides such columns. */
  grant_url: string;
  keys_url: string;
  /** Origins whose pages may frame a launch, besides those of the issuer and the login URL. */
  origins: Json<readonly string[]>;
  /** Whether attendance is reported as a grade. */
  grades: boolean;
  enabled: boolean;
  created_at: Created;
  version: Generated<number>;
};

/** A key pair with which this tool signs. Generations increase by one. */
export type LtiKeyTable = {
  readonly generation: number;
  /** The `kid` of its signatures. */
  readonly id: string;
  /** PKCS #8, PEM; encrypted (`stored-secrets.ts`). */
  readonly private_key: string;
  readonly public_key: Json<Readonly<Record<string, unknown>>>;
  readonly created_at: Instant;
};

/** A person as a platform knows them. */
export type LtiPersonTable = {
  readonly school_id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly user_id: string;
  readonly created_at: Created;
};

export type LtiCourseTable = {
  readonly platform_id: string;
  readonly deployment_id: string;
  readonly context_id: string;
  readonly course_id: string;
};

/** What links of courses of a platform have in common. */
type LinkColumns = {
  readonly id: string;
  readonly platform_id: string;
  readonly deployment_id: string;
  readonly link_id: string;
  /** The column of the platform's grade book; null: the link has none yet. */
  line_item_url: string | null;
  /** Where columns are made; null: the platform does not say. */
  line_items_url: string | null;
  /** What the platform lets the tool do with grades. */
  grade_scopes: Json<readonly string[]>;
  /** Failed attempts since the last successful one. */
  score_attempts: Generated<number>;
  /** When the next attempt is due; null: at once. */
  score_at: MaybeInstant;
  score_error: string | null;
};

/** A link that opens a lesson, or one of its recordings. */
export type LtiLinkTable = LinkColumns & {
  lesson_id: string;
  recording_id: string | null;
  /** The end of the lesson whose attendance was reported last. */
  scored_until: MaybeInstant;
};

/** A link that opens an examination. */
export type LtiExamLinkTable = LinkColumns & {
  exam_id: string;
  /** Scores that were graded until then are reported. */
  scored_until: MaybeInstant;
};

export type LtiTables = {
  lti_platforms: LtiPlatformTable;
  lti_keys: LtiKeyTable;
  lti_people: LtiPersonTable;
  lti_courses: LtiCourseTable;
  lti_links: LtiLinkTable;
  lti_exam_links: LtiExamLinkTable;
};
export type LtiPlatform = Selectable<LtiPlatformTable>;
export type LtiLink = Selectable<LtiLinkTable>;
export type LtiExamLink = Selectable<LtiExamLinkTable>;

export const LTI_PRIVACY = {
  lti_platforms: { erasure: "school", atRest: "school" },
  lti_keys: { erasure: "school", atRest: "school" },
  lti_people: { erasure: "erased", atRest: { issuer: "figures", subject: "personal" } },
  lti_courses: { erasure: "school", atRest: "school" },
  lti_links: { erasure: "school", atRest: "school" },
  lti_exam_links: { erasure: "school", atRest: "school" },
} as const satisfies PrivacyOf<LtiTables>;
