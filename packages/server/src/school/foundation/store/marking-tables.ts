/** Defines types of the tables in which examinations are marked and compared, for Kysely. */
import type { Solution } from "@lectern/exam";
import type { Standings } from "@lectern/exam/analysis";
import type { Generated, Selectable } from "kysely";
import type { Created, Instant, Json, MaybeInstant, MaybeJson } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

/** The points that a person gave. */
type ExamMarkTable = {
  readonly attempt_id: string;
  readonly question: string;
  /** Null: an API key, or a person who is no more. */
  marker_id: string | null;
  points: number;
  /** Encrypted at rest. */
  comment: Generated<string>;
  marked_at: Instant;
};

/** Who marks. Without one, those who work with the examination mark it. */
type ExamMarkerTable = {
  readonly exam_id: string;
  readonly user_id: string;
  /** Null: all. */
  questions: MaybeJson<readonly string[]>;
};

/** A question that two people mark. */
type ExamDoubleQuestionTable = {
  readonly exam_id: string;
  readonly question: string;
  /** Points by which the two may differ. More, and a third decides. */
  tolerance: number;
};

/** What one of several markers gives for an answer, or is about to give. What counts is in `exam_marks`. */
type ExamMarkingTable = {
  readonly attempt_id: string;
  readonly question: string;
  /** 1; 2 where two people mark; 3 where these differ. */
  readonly turn: number;
  readonly exam_id: string;
  /** Null: a person who is no more. */
  marker_id: string | null;
  /** Null: the marker has the answer open, until `leased_until`. */
  points: number | null;
  /** Ids of the rubric's criteria that are met. */
  criteria: MaybeJson<readonly string[]>;
  /** Encrypted at rest. */
  comment: Generated<string>;
  leased_until: MaybeInstant;
  marked_at: MaybeInstant;
};

/** What a marker writes often. */
type MarkingCommentTable = {
  readonly user_id: string;
  /** Encrypted at rest. */
  comments: Json<readonly string[]>;
};

/** A solution that was changed after publishing. */
type ExamRegradeTable = {
  readonly id: string;
  readonly exam_id: string;
  readonly question: string;
  readonly solution_before: Json<Solution>;
  readonly solution: Json<Solution>;
  changed_by: string | null;
  readonly changed_at: Created;
};

type ExamScoreChangeTable = {
  readonly regrade_id: string;
  readonly attempt_id: string;
  readonly points_before: number;
  readonly points: number;
  readonly changed_at: Instant;
};

/** What results are compared with, since they were released. */
type ExamStandingsTable = {
  readonly exam_id: string;
  /** When it is computed, or computed again; null: it is up to date. */
  due_at: MaybeInstant;
  standings: MaybeJson<Standings>;
  computed_at: MaybeInstant;
};

/** A service of the school that scores answers. */
type ScoringServiceTable = {
  readonly id: string;
  readonly school_id: string;
  url: string;
  /** Signs what is sent; encrypted (`stored-secrets.ts`). */
  secret: string;
  enabled: boolean;
  /** Answers that are sent, at most. */
  per_minute: number;
  per_day: number;
  /** A proposal with so much confidence counts without a person; null: none does. */
  accept_confidence: number | null;
  /** In a row. */
  failures: Generated<number>;
  paused_until: MaybeInstant;
  last_error: Generated<string>;
  readonly created_at: Created;
  version: Generated<number>;
};

/** A question whose answers go to the school's scoring service. */
type ExamScoredQuestionTable = { readonly exam_id: string; readonly question: string };

/** waiting: to be sent. proposed: a person decides. accepted: by the school's rule. refused: the service cannot score it. */
export const PROPOSAL_STATES = ["waiting", "proposed", "accepted", "refused"] as const;

/** What a scoring service proposes for an answer. */
type ExamProposalTable = {
  readonly attempt_id: string;
  readonly question: string;
  readonly exam_id: string;
  readonly school_id: string;
  state: (typeof PROPOSAL_STATES)[number];
  next_at: Instant;
  /** That failed. */
  tries: Generated<number>;
  sent_at: MaybeInstant;
  /** Of the answer that was scored: another one is scored again. */
  answer_hash: Generated<string>;
  points: number | null;
  confidence: number | null;
  criteria: MaybeJson<readonly string[]>;
  /** Encrypted at rest. */
  comment: Generated<string>;
};

export type MarkingTables = {
  exam_marks: ExamMarkTable;
  exam_markers: ExamMarkerTable;
  exam_double_questions: ExamDoubleQuestionTable;
  exam_markings: ExamMarkingTable;
  marking_comments: MarkingCommentTable;
  exam_regrades: ExamRegradeTable;
  exam_score_changes: ExamScoreChangeTable;
  exam_standings: ExamStandingsTable;
  scoring_services: ScoringServiceTable;
  exam_scored_questions: ExamScoredQuestionTable;
  exam_proposals: ExamProposalTable;
};
export type ScoringService = Selectable<ScoringServiceTable>;
export type ExamMarking = Selectable<ExamMarkingTable>;

export const MARKING_PRIVACY = {
  exam_marks: { erasure: "erased", atRest: { question: "figures", comment: "encrypted" } },
  exam_markers: { erasure: "erased", atRest: "school" },
  exam_double_questions: { erasure: "school", atRest: "school" },
  exam_markings: { erasure: "erased", atRest: { question: "figures", criteria: "figures", comment: "encrypted" } },
  marking_comments: { erasure: "erased", atRest: { comments: "encrypted" } },
  exam_regrades: { erasure: "school", atRest: "school" },
  exam_score_changes: { erasure: "erased", atRest: "figures" },
  exam_standings: { erasure: "school", atRest: "school" },
  scoring_services: { erasure: "school", atRest: "school" },
  exam_scored_questions: { erasure: "school", atRest: "school" },
  exam_proposals: {
    erasure: "erased",
    atRest: {
      exam_id: "figures",
      school_id: "figures",
      question: "figures",
      answer_hash: "figures",
      criteria: "figures",
      comment: "encrypted",
    },
  },
} as const satisfies PrivacyOf<MarkingTables>;
