/** Bounds what a paper and an answer hold. Editors, the check of papers and the server have them from here. */

export const LIMITS = {
  sections: 30,
  questions: 300,
  passages: 100,
  /** Of a section with a time of its own. */
  sectionMinutes: 600,
  titleLetters: 200,
  /** Of a question, a passage, an instruction, an explanation and a rubric. */
  textLetters: 10_000,
  minOptions: 2,
  /** Options, each side of a matching, and items of an ordering. */
  maxOptions: 20,
  optionLetters: 1000,
  gaps: 20,
  /** Accepted texts of a gap or a short text. */
  acceptedTexts: 20,
  /** Of an accepted text, and of what a candidate types into a gap or as a short text. */
  typedLetters: 200,
  unitLetters: 20,
  /** Of a rubric. */
  criteria: 20,
  criterionLetters: 500,
  points: 100,
  knowledge: 10,
  knowledgeLetters: 100,
  maxDifficulty: 5,
  /** Of a typed essay. */
  essayLetters: 20_000,
  speakingSeconds: 300,
  /** Pictures and sounds of a question, and of a passage. */
  media: 8,
  /** Of what a picture shows, and of the title of a sound. */
  mediaLetters: 500,
  /** How often a sound may be played, where it is limited. */
  plays: 20,
  /** Files of a paper, with those that nothing names any more. */
  paperFiles: 100,
  /** Of a picture of a paper. A sound has `soundBytes`. */
  pictureBytes: 4 * 1024 * 1024,
  /** Of all files that a paper names: each candidate fetches them before the start. */
  paperFileBytes: 16 * 1024 * 1024,
  /** Photos of one essay. */
  uploads: 10,
  /** Of a photo, as it is sent. */
  photoBytes: 8 * 1024 * 1024,
  /** Of recorded sound. */
  soundBytes: 12 * 1024 * 1024,
} as const;

/** Ids are in messages, column names and addresses, so they are plain. */
const ID = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,39}$/;

export function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}
