/** Defines types of the tables of examinations, for Kysely. The path of an examination is in `packages/exam/README.md`. */
import type { AnswerValue, AuthoredPaper, FactKind, QuestionScore, TimedSection } from "@lectern/exam";
import type { ColumnType, Generated, Selectable } from "kysely";
import type { Created, Instant, Json, MaybeInstant, MaybeJson } from "./column-types.ts";
import { MARKING_PRIVACY, type MarkingTables } from "./marking-tables.ts";
import type { PrivacyOf } from "./privacy.ts";

type ExamPaperTable = {
  readonly id: string;
  readonly school_id: string;
  /** Whose teachers change it; null: all teachers of the school. */
  course_id: string | null;
  title: string;
  content: Json<AuthoredPaper>;
  /** Of all sections, and what a candidate can reach: so that lists need not read the contents. */
  questions: number;
  points: number;
  readonly created_at: Created;
  version: Generated<number>;
};

/** What candidates see of their results once they are released. */
export const RESULTS_SHOWN = ["score", "answers", "explanations"] as const;
export type ResultsShown = (typeof RESULTS_SHOWN)[number];

/** What candidates learn of their place among all. */
export const STANDINGS = ["none", "rank", "percentile"] as const;
export type Standing = (typeof STANDINGS)[number];

export const CAMERAS = ["none", "optional", "required"] as const;

/** What candidates publish while they sit, and for how long it is kept. */
export type Supervision = {
  readonly camera: (typeof CAMERAS)[number];
  readonly screen: boolean;
  /** A second camera, by phone. */
  readonly phone: boolean;
  /** Recordings are deleted so many days after the examination has closed; 0: nothing is recorded. */
  readonly keepDays: number;
};

type ExamTable = {
  readonly id: string;
  readonly school_id: string;
  /** Whose members are the candidates; null: all people of the school. */
  course_id: string | null;
  /** Null: the paper was deleted. What was published has its own copy. */
  paper_id: string | null;
  title: string;
  /** As join codes of lessons. */
  readonly code: string;
  opens_at: Instant;
  closes_at: Instant;
  /** Null: until it closes. */
  latest_entry_at: MaybeInstant;
  /** How long a candidate has. */
  seconds: number;
  /** How often a candidate may sit. */
  attempts: Generated<number>;
  guests: Generated<boolean>;
  /** Empty: none. Encrypted (`stored-secrets.ts`). */
  secret_access_code: Generated<string>;
  /** Whether candidates get their results at once. */
  practice: Generated<boolean>;
  /** Which facts are noted. */
  facts: Json<readonly FactKind[]>;
  /** Answers that were written before the end are accepted for so long after it. */
  offline_seconds: Generated<number>;
  results_shown: Generated<ResultsShown>;
  standing: Generated<Standing>;
  supervision: ColumnType<Supervision, Supervision | undefined, Supervision>;
  /** Of which candidates' streams are members; null: there have been none. */
  stream_name: ColumnType<string | null, string | null | undefined, string | null>;
  /** Those with a time of their own, of the paper that was published; null: none. */
  timed_sections: MaybeJson<readonly TimedSection[]>;
  published_at: MaybeInstant;
  released_at: MaybeInstant;
  /** The rows are deleted in steps afterwards (`examinations/delete-examinations.ts`). */
  deleted_at: MaybeInstant;
  readonly created_at: Created;
  version: Generated<number>;
};

/** The paper as it was published, and what candidates get of it. Apart from the examination, because it is large. */
type ExamPackageTable = {
  readonly exam_id: string;
  /** With the solutions; a regrade changes one of them. */
  paper: Json<AuthoredPaper>;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** The encrypted `Paper`: 12 bytes of nonce, the ciphertext, the tag. */
  readonly bytes: Buffer;
  /** Base64url of 32 bytes, encrypted (`stored-secrets.ts`). */
  secret_key: string;
};

export const HANDED_IN_BY = ["candidate", "time", "supervisor"] as const;
export type HandedInBy = (typeof HANDED_IN_BY)[number];

type ExamAttemptTable = {
  readonly id: string;
  readonly exam_id: string;
  readonly school_id: string;
  /** Null: a guest. */
  readonly user_id: string | null;
  /** From 1, of the attempts of a person. */
  readonly number: Generated<number>;
  /** Encrypted at rest. */
  name: string;
  /** The device that may answer; a number that grows. */
  seat: Generated<number>;
  readonly seed: number;
  readonly entered_at: Created;
  /** When the key was given out. */
  started_at: MaybeInstant;
  /** `min(closes_at, started_at + seconds) + extra_seconds`; null: not started. */
  ends_at: MaybeInstant;
  extra_seconds: Generated<number>;
  /** Of the extra seconds, those for which the clock stood. */
  paused_seconds: Generated<number>;
  handed_in_at: MaybeInstant;
  handed_in_by: HandedInBy | null;
  /** When it is graded, or graded again; null: it is not to be. Set with `handed_in_at`, and by each answer that comes after it. */
  grade_due_at: MaybeInstant;
  graded_at: MaybeInstant;
  points: number | null;
  points_of: number | null;
  /** Questions that wait for a person. */
  waiting: number | null;
  questions: MaybeJson<Readonly<Record<string, QuestionScore>>>;
  /** When the name and the answers of a guest were erased: the points are not graded again. */
  erased_at: MaybeInstant;
  /** The regrade that it waits for, which notes whether its points changed. */
  regrade_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** Whose supervisors see the candidate. */
  group_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** Since when a supervisor lets the clock stand; null: it runs. */
  paused_at: MaybeInstant;
  /** When the device was heard last, to a quarter of a minute; only in supervised examinations. */
  heard_at: MaybeInstant;
};

/** Candidates whom the same people supervise. */
type ExamGroupTable = {
  readonly id: string;
  readonly exam_id: string;
  readonly school_id: string;
  name: string;
  /** Whose members are its candidates, besides those that are listed. */
  course_id: string | null;
  readonly created_at: Created;
  version: Generated<number>;
};

type ExamGroupPersonTable = {
  readonly group_id: string;
  readonly user_id: string;
  readonly role: "candidate" | "supervisor";
};

/** Which candidates somebody has got live pictures of. */
type ExamLookTable = { readonly attempt_id: string; readonly user_id: string; looked_at: Instant };

/** Who ended a talk; time: the supervisor's page was not heard any more. */
export type TalkEnd = "supervisor" | "candidate" | "time";

/** A supervisor talks with a candidate. One is open of an attempt at a time; it is over once nobody renews it, too. */
type ExamTalkTable = {
  readonly id: string;
  readonly attempt_id: string;
  /** From 1 on, of the attempt: it stands in the names of the two streams. */
  readonly number: number;
  /** Null: a person who is no more. */
  readonly supervisor_id: string | null;
  requested_at: Instant;
  /** When the supervisor's page was heard. */
  renewed_at: Instant;
  accepted_at: MaybeInstant;
  ended_at: MaybeInstant;
  ended_by: ColumnType<TalkEnd | null, TalkEnd | null | undefined, TalkEnd | null>;
};

/** Written by nodes of the version before. */
type ExamWatcherTable = { readonly exam_id: string; readonly user_id: string; watched_at: Instant };

/** What a supervisor writes to one candidate; to several, a row for each. */
type ExamMessageTable = {
  readonly id: string;
  readonly attempt_id: string;
  /** Encrypted at rest. */
  readonly text: string;
  readonly sender_id: string | null;
  readonly sent_at: Instant;
  seen_at: MaybeInstant;
};

/** What supervisors note of a candidate, for themselves. */
type ExamNoteTable = {
  readonly id: string;
  readonly attempt_id: string;
  /** Encrypted at rest. */
  readonly text: string;
  readonly author_id: string | null;
  readonly written_at: Instant;
};

type ExamAnswerTable = {
  readonly attempt_id: string;
  readonly seat: number;
  readonly seq: number;
  readonly question: string;
  /** Encrypted at rest: what writes it in SQL of its own asks `encryptedFor`. */
  value: Json<AnswerValue>;
  readonly is_marked: Generated<boolean>;
  /** By the device. */
  readonly written_at: Instant;
  readonly received_at: Instant;
  /** Whether it came after the end. */
  readonly is_late: Generated<boolean>;
};

/** A photo or a recording that answers a question. The device names it, and the name counts within the attempt. */
type ExamFileTable = {
  readonly attempt_id: string;
  readonly id: string;
  readonly question: string;
  readonly size: number;
  /** Of the whole file: SHA-256 in hex. */
  readonly hash: string;
  /** Bytes from the beginning that are stored. */
  received: Generated<number>;
  /** By the device. */
  readonly taken_at: Instant;
  /** The name of its bytes among the files of materials. */
  stored_id: string;
  /** Has the bytes; null: the object storage. */
  node: string | null;
  /** Of the bytes: 32 in base64url, encrypted (`stored-secrets.ts`). */
  secret_key: string;
  /** As its content says; null: not stored yet. */
  type: "image/jpeg" | "image/png" | "image/webp" | "audio/webm" | "audio/mp4" | null;
  width: number | null;
  height: number | null;
  seconds: number | null;
  is_late: Generated<boolean>;
  /** When it was whole, and in its place. */
  stored_at: MaybeInstant;
  readonly created_at: Created;
};

/** A picture or sound of a paper that is written. What is published has it in its package. */
type ExamPaperFileTable = {
  readonly id: string;
  readonly paper_id: string;
  readonly size: number;
  /** The name of its bytes among the files of materials. */
  readonly stored_id: string;
  /** Has the bytes; null: the object storage. */
  readonly node: string | null;
  /** Of the bytes: 32 in base64url, encrypted (`stored-secrets.ts`). */
  readonly secret_key: string;
  /** As its content says. */
  readonly type: "image/jpeg" | "image/png" | "image/webp" | "audio/webm" | "audio/mp4" | "audio/mpeg";
  readonly created_at: Created;
};

/** An attempt that is no more, whose token may be: a trigger writes it. */
type ExamDeletedAttemptTable = {
  readonly attempt_id: string;
  readonly exam_id: string;
  readonly deleted_at: Created;
};

/** Bytes whose row is no more: they are deleted in the background. */
type ExamFileRemovalTable = {
  readonly stored_id: string;
  readonly node: string | null;
  failures: Generated<number>;
  due_at: ColumnType<Date, Date | undefined, Date>;
};

type ExamFactTable = {
  readonly attempt_id: string;
  readonly seat: number;
  readonly seq: number;
  readonly fact: string;
  detail: Generated<string>;
  readonly written_at: Instant;
  readonly received_at: Instant;
};

/** A section with a time of its own, as a candidate has begun it. */
type ExamSectionStartTable = {
  readonly attempt_id: string;
  readonly section: string;
  readonly begun_at: Instant;
  /** What the candidate has for it, by what was known then. */
  readonly seconds: number;
  /** The attempt's `extra_seconds` then: those that came after count for the section in full. */
  readonly extra_before: number;
};

/** Sound of the paper that a candidate played. Numbered with answers and facts. */
type ExamSoundPlayTable = {
  readonly attempt_id: string;
  readonly seat: number;
  readonly seq: number;
  readonly file: string;
  /** By the device. */
  readonly played_at: Instant;
  readonly received_at: Instant;
};

export type ExamTables = MarkingTables & {
  exam_papers: ExamPaperTable;
  exams: ExamTable;
  exam_packages: ExamPackageTable;
  exam_attempts: ExamAttemptTable;
  exam_answers: ExamAnswerTable;
  exam_files: ExamFileTable;
  exam_file_removals: ExamFileRemovalTable;
  exam_paper_files: ExamPaperFileTable;
  exam_deleted_attempts: ExamDeletedAttemptTable;
  exam_facts: ExamFactTable;
  exam_sound_plays: ExamSoundPlayTable;
  exam_section_starts: ExamSectionStartTable;
  exam_groups: ExamGroupTable;
  exam_group_people: ExamGroupPersonTable;
  exam_watchers: ExamWatcherTable;
  exam_looks: ExamLookTable;
  exam_talks: ExamTalkTable;
  exam_messages: ExamMessageTable;
  exam_notes: ExamNoteTable;
};
export type ExamPaper = Selectable<ExamPaperTable>;
export type ExamTalk = Selectable<ExamTalkTable>;
export type ExamGroup = Selectable<ExamGroupTable>;
export type Exam = Selectable<ExamTable>;
export type ExamAttempt = Selectable<ExamAttemptTable>;
export type ExamAnswer = Selectable<ExamAnswerTable>;
export type ExamFile = Selectable<ExamFileTable>;
export type ExamPaperFile = Selectable<ExamPaperFileTable>;

export const EXAM_PRIVACY = {
  ...MARKING_PRIVACY,
  exam_papers: { erasure: "school", atRest: "school" },
  exams: { erasure: "school", atRest: "school" },
  exam_packages: { erasure: "school", atRest: "school" },
  exam_attempts: { erasure: "erased", atRest: { name: "encrypted", questions: "figures" } },
  exam_answers: { erasure: "erased", atRest: { question: "figures", value: "encrypted" } },
  exam_files: {
    erasure: { question: "erased", hash: "erased", stored_id: "figures", node: "figures", secret_key: "erased" },
    atRest: { question: "figures", hash: "digests", stored_id: "digests", node: "figures", secret_key: "digests", type: "figures" },
  },
  exam_file_removals: { erasure: "figures", atRest: { stored_id: "digests", node: "figures" } },
  exam_paper_files: { erasure: "school", atRest: { stored_id: "digests", node: "school", secret_key: "digests", type: "school" } },
  exam_deleted_attempts: { erasure: "school", atRest: "school" },
  exam_facts: { erasure: "erased", atRest: { fact: "figures", detail: "encrypted" } },
  exam_sound_plays: { erasure: "erased", atRest: "figures" },
  exam_section_starts: { erasure: "erased", atRest: "figures" },
  exam_groups: { erasure: "school", atRest: "school" },
  exam_group_people: { erasure: "school", atRest: "school" },
  exam_watchers: { erasure: "school", atRest: "figures" },
  exam_looks: { erasure: "school", atRest: "figures" },
  exam_talks: { erasure: "school", atRest: "school" },
  exam_messages: { erasure: "erased", atRest: { text: "encrypted" } },
  exam_notes: { erasure: "erased", atRest: { text: "encrypted" } },
} as const satisfies PrivacyOf<ExamTables>;
