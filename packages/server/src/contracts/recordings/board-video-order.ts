/** Defines what a board video of a lesson is made of: in orders between processes and nodes. */

/** The recording with the board that its lesson showed, in one video. */
export type BoardVideoOrder = {
  /** In whose room the board was shown. */
  readonly lesson: string;
};
