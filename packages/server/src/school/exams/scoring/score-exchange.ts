/**
 * Defines what a school's scoring service is sent, and what it answers: one answer of one candidate, without a name (docs/exams.md). The files of an answer are in the
 * body, so that the service needs no way into this server.
 */
import type { AuthoredQuestion } from "@lectern/exam";
import { z } from "zod";
import { normalText } from "../../../platform/text.ts";

export const SCORE_EVENT = "answer.score";
/** Of all files of an answer, before base64. */
export const MAX_FILE_BYTES = 24 * 1024 * 1024;

export type SentFile = { readonly type: string; readonly base64: string };
export type ScoreRequested = {
  /** The same for each try. */
  readonly id: string;
  readonly attemptId: string;
  readonly authored: AuthoredQuestion;
  readonly text: string;
  readonly files: readonly SentFile[];
};

export function scoreRequest({ id, attemptId, authored: { question, solution }, text, files }: ScoreRequested): string {
  const rubric = "rubric" in solution ? solution.rubric : "";
  const criteria = ("criteria" in solution && solution.criteria) || [];
  const { id: questionId, kind, text: words, points } = question;
  return JSON.stringify({
    event: SCORE_EVENT,
    id,
    attemptId,
    question: { id: questionId, kind, text: words, points, rubric, criteria },
    answer: { text, files },
  });
}

const scored = z.object({
  points: z.number().min(0),
  comment: z.string().max(2000).default(""),
  confidence: z.number().min(0).max(1).nullable().default(null),
  criteria: z.array(z.string().max(40)).max(50).default([]),
});
export type Scored = z.output<typeof scored>;

/** Null: it is no score of this question. Points go in steps of 0.5. @param text of the answer @param most points of the question */
export function readScore(text: string, most: number): Scored | null {
  try {
    const normal = normalText(JSON.parse(text));
    const { data } = scored.safeParse("badText" in normal ? null : normal.value);
    if (!data || data.points > most) return null;
    return { ...data, points: Math.round(data.points * 2) / 2 };
  } catch {
    return null;
  }
}
