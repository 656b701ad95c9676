/** Collects what is wrong with a paper: where it is, and a stable code. */

export const PAPER_ERRORS = [
  "empty",
  "too-long",
  "too-few",
  "too-many",
  "bad-id",
  "repeated-id",
  "unknown-id",
  "missing",
  "repeated",
  "out-of-range",
  "kind-differs",
  "gap-not-in-text",
  "unknown-gap-in-text",
  "draw-impossible",
  "draw-of-unequal-points",
] as const;
export type PaperErrorCode = (typeof PAPER_ERRORS)[number];

export type PaperError = {
  /** `sections.0.questions.2.solution.right`; empty: the paper. Places count from 0. */
  readonly path: string;
  readonly code: PaperErrorCode;
};

export type Report = (path: string, code: PaperErrorCode) => void;
/** Reports of what is in one place: the path is relative to it. */
export function within(report: Report, place: string | number): Report {
  return (path, code) => report(path === "" ? `${place}` : `${place}.${path}`, code);
}

export function checkText(report: Report, path: string, text: string, max: number, isRequired = false): void {
  if (isRequired && text.trim() === "") report(path, "empty");
  if (text.length > max) report(path, "too-long");
}

export function checkCount(report: Report, path: string, count: number, min: number, max: number): void {
  if (count < min) report(path, "too-few");
  if (count > max) report(path, "too-many");
}

/** @param known ids that there are in the paper; those of the list are added */
export function checkId(report: Report, path: string, id: string, known: Set<string>, isValid: boolean): void {
  if (!isValid) report(path, "bad-id");
  else if (known.has(id)) report(path, "repeated-id");
  known.add(id);
}
