/** Sends one score of several: that a platform takes none for a person hides nobody else's. */
import { type GradeClientOptions, postScore, type Score, ScoreRefused } from "./grade-client.ts";

/** False where the platform takes no score for the person. @throws Error where it should be tried again */
export async function sendScore(options: GradeClientOptions, token: string, lineItem: string, score: Score): Promise<boolean> {
  try {
    await postScore(options, token, lineItem, score);
    return true;
  } catch (error) {
    if (error instanceof ScoreRefused) return false;
    throw error;
  }
}
