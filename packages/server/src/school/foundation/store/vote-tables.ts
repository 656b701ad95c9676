/** Defines types of the table of votes for questions of a room, for Kysely. */
import type { PrivacyOf } from "./privacy.ts";

type QuestionVoteTable = {
  readonly lesson_id: string;
  /** The question's reference in the room. */
  readonly question: string;
  /** A participant, or staff who have not joined. */
  readonly participant: string;
};

export type VoteTables = { readonly question_votes: QuestionVoteTable };

export const VOTE_PRIVACY = {
  question_votes: { erasure: { question: "acts", participant: "erased" }, atRest: "figures" },
} as const satisfies PrivacyOf<VoteTables>;
