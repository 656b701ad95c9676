/** Defines pictures and sound of questions and passages. Their bytes are files of the paper, which candidates get in its package (`paper-package.ts`). */

export type Picture = {
  readonly kind: "picture";
  /** The id of a file of the paper. */
  readonly file: string;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
};
export type Sound = {
  readonly kind: "sound";
  readonly file: string;
  readonly title: string;
  /** How often a candidate may play it. Default: as often as they like. */
  readonly plays?: number;
};
export type Media = Picture | Sound;
