/** What an error says to a person. */
import { Refused } from "./api.ts";

export function wordsOf(error: unknown, otherwise: string): string {
  return error instanceof Refused ? error.problem.detail : otherwise;
}
