/** Provides the chapters of a recording. */

export type Chapter = { readonly seconds: number; readonly title: string };

/** A seek lands a little before the time that was asked for. */
const TOLERANCE_SECONDS = 0.01;

/** The chapter that plays at a time; undefined before the first. */
export function chapterAt(chapters: readonly Chapter[], seconds: number): Chapter | undefined {
  return chapters.findLast((chapter) => chapter.seconds <= seconds + TOLERANCE_SECONDS);
}
