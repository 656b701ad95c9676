/** Names the background work of examinations, by which it is woken. */

/** Hands in by time. */
export const EXAM_HAND_IN = "exam-hand-in";
/** Grades what is due. */
export const EXAM_GRADING = "exam-grading";
/** Computes what released results are compared with. */
export const EXAM_STANDINGS = "exam-standings";
/** Asks scoring services of schools for proposals. */
export const EXAM_SCORING = "exam-scoring";
/** Deletes bytes of answers' files whose rows are no more. */
export const EXAM_FILE_REMOVALS = "exam-file-removals";
