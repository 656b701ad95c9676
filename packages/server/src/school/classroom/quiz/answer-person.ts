/**
 * Determines who an answer belongs to, in its row. An answer to an anonymous quiz has a keyed hash of the participant, so that each has one answer
 * and can change it. The key is removed when the quiz closes; from then on, nothing in the database tells whose answer it was.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";

const SALT_BYTES = 32;
const HASH_LETTERS = 26;

export function newSalt(): string {
  return randomBytes(SALT_BYTES).toString("base64url");
}

/** Null: the quiz was anonymous and is closed. */
export function answerPerson(quiz: Pick<Quiz, "anonymous" | "person_salt">, participantId: string): string | null {
  if (!quiz.anonymous) return participantId;
  if (quiz.person_salt === null) return null;
  // An underscore: no id of a participant has one.
  return `_${createHmac("sha256", quiz.person_salt).update(participantId).digest("base64url").slice(0, HASH_LETTERS)}`;
}
